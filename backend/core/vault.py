"""Bytes kept on disk, encrypted, under the hash of what they are: ``ab/cdef…``.

A file is written whole beside its place, brought to disk, then renamed; so a name either holds
its bytes or is not there. The hash is the additional data: a file put under another name does
not open.
"""
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag

from backend.core import secondplace, secrets
from backend.core.problems import Unavailable


def put(folder: Path, data: bytes) -> str:
    """Keep ``data``; its SHA-256 in hex. Unavailable when the disk does not take it."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = place(folder, sha256)
    if path.exists():
        return sha256
    try:
        write(path, sealed(data, sha256))
    except OSError as error:
        raise Unavailable() from error
    return sha256


def sealed(data: bytes, sha256: str) -> bytes:
    """``data`` encrypted under the current key, as it stands on disk."""
    held = secrets.present()
    nonce, name = os.urandom(12), held.current.encode()
    return bytes([len(name)]) + name + nonce + held.fields[held.current].encrypt(nonce, data, _bound_to(sha256))


def get(folder: Path, sha256: str) -> bytes:
    """The bytes under this hash; Unavailable when the disk has them not, or not as they were."""
    try:
        blob = place(folder, sha256).read_bytes()
        start = 1 + blob[0]
        key = secrets.present().fields[blob[1:start].decode()]
        return key.decrypt(blob[start : start + 12], blob[start + 12 :], _bound_to(sha256))
    except (OSError, KeyError, IndexError, ValueError, InvalidTag) as error:
        raise Unavailable() from error


def place(folder: Path, sha256: str) -> Path:
    """Where the bytes of this hash stand."""
    return folder / sha256[:2] / sha256[2:]


def all_in(folder: Path) -> Iterator[Path]:
    """Every kept file, in order of its hash."""
    for part in sorted(folder.glob("??")):
        yield from sorted(path for path in part.iterdir() if "." not in path.name)


def write(path: Path, data: bytes) -> None:
    """Write a whole file, on disk before it has its name; OSError when that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.urandom(6).hex()}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    secondplace.sync_folder(path.parent)
    secondplace.sync_folder(path.parent.parent)


def _bound_to(sha256: str) -> bytes:
    return f"file|content|{sha256}".encode()
