"""A file without a name that is made to be handed out: gone once it is closed, and closed where making it fails."""
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from backend.core.problems import Unavailable


@contextmanager
def file(folder: Path) -> Iterator[IO[bytes]]:
    """The file to be written inside, open afterwards; Unavailable where the disk does not take it."""
    with ExitStack() as undone:
        try:
            yield undone.enter_context(tempfile.TemporaryFile(dir=folder))
        except OSError as error:
            raise Unavailable() from error
        undone.pop_all()
