"""The second place: append-only files of JSON lines outside the database, each line on disk.

A line torn by a crash is followed by the same line written whole, so a torn one is always a
beginning of the next; anything else that cannot be read was changed by somebody.
"""
import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson

TAIL = 1 << 16


class Damaged(Exception):
    """A line of the file cannot be read; ``number`` counts from 1."""

    def __init__(self, path: Path, number: int) -> None:
        super().__init__(f"{path.name}: line {number} cannot be read")
        self.number = number


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The file's statements in order, torn ones left out; nothing where there is no file."""
    if not path.exists():
        return
    torn, number, line = b"", 0, b""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.startswith(torn):
                raise Damaged(path, number - 1)
            found = _parsed(line)
            torn = b"" if found is not None else line.rstrip(b"\n")
            if found is not None:
                yield found
    if torn and line.endswith(b"\n"):
        raise Damaged(path, number)


def append(path: Path, statements: Iterable[dict[str, Any]], *, newer: str = "seq") -> int:
    """Write those statements whose ``newer`` number is above the last line's; how many were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last, whole = _last(file)
        fresh = [orjson.dumps(found) + b"\n" for found in statements if found[newer] > last.get(newer, 0)]
        if fresh:
            file.write((b"" if whole else b"\n") + b"".join(fresh))
            file.flush()
            os.fsync(file.fileno())
    if made:
        sync_folder(path.parent)
    return len(fresh)


def last(path: Path) -> dict[str, Any]:
    """The last whole statement of the file; empty where there is none."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return _last(file)[0]


def _last(file: BinaryIO) -> tuple[dict[str, Any], bool]:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    for line in reversed(tail.split(b"\n")):
        found = _parsed(line)
        if found is not None:
            return found, tail.endswith(b"\n")
    return {}, not tail or tail.endswith(b"\n")


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def sync_folder(folder: Path) -> None:
    """Have the folder's own entries on disk, so that a new or renamed file survives."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
