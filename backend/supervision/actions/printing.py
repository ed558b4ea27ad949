"""A notice as a Word file, made of its body alone: what was frozen prints the same for ever."""
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from backend.core import official
from backend.core.problems import Unavailable
from backend.supervision.rules import notices


def word(body: Mapping[str, Any], folder: Path) -> IO[bytes]:
    """The notice as an official document (GB/T 9704) in a file without a name."""
    with ExitStack() as undone:
        try:
            file = undone.enter_context(tempfile.TemporaryFile(dir=folder))
            official.write(file, body["title"], notices.document(body))
        except OSError as error:
            raise Unavailable() from error
        undone.pop_all()
    return file
