"""A notice as a Word file, made of its body alone: what was frozen prints the same for ever."""
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from backend.core import official, unnamed
from backend.supervision.rules import notices


def word(body: Mapping[str, Any], folder: Path) -> IO[bytes]:
    """The notice as an official document (GB/T 9704) in a file without a name."""
    with unnamed.file(folder) as file:
        official.write(file, body["title"], notices.document(body))
    return file
