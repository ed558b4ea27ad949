"""One encrypted file of records, written and read as a stream of bounded memory.

``magic, salt (32 bytes), chunks``; each chunk is its length (4 bytes) and AES-256-GCM of at most
1 MiB under a key derived from the key file and the salt. The nonce counts the chunks and marks the
last, so that a chunk changed, moved, left out or cut off does not open. Inside is one deflated
stream of records: kind (1 byte), length (4 bytes), body.
"""
import os
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from backend.core import secrets

MAGIC = b"daiban backup 1\n"
CHUNK = 1 << 20
PIECE = 4 << 20
SALT = 32


class Unopened(Exception):
    """The archive does not open: another key file, or not as it was written."""


PURPOSE = "daiban backup"


def _nonce(count: int, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])


class Writer:
    """Writes records; :meth:`finish` makes the archive whole."""

    def __init__(self, file: BinaryIO) -> None:
        salt = os.urandom(SALT)
        self._file, self._head = file, MAGIC + salt
        self._cipher = secrets.cipher(PURPOSE, salt)
        self._deflate = zlib.compressobj(1)
        self._pending = bytearray()
        self._count = 0
        file.write(self._head)

    def record(self, kind: bytes, body: bytes) -> None:
        """Add one record."""
        self._take(self._deflate.compress(kind + len(body).to_bytes(4, "big") + body))

    def finish(self) -> None:
        """Write what is left, marked as the last."""
        self._take(self._deflate.flush())
        self._seal(bytes(self._pending), last=True)

    def _take(self, data: bytes) -> None:
        self._pending += data
        while len(self._pending) > CHUNK:
            self._seal(bytes(self._pending[:CHUNK]), last=False)
            del self._pending[:CHUNK]

    def _seal(self, data: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._count, last), data, self._head)
        self._count += 1
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)


def records(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """The records of an archive in order; Unopened as soon as one is not as written."""
    pending = bytearray()
    for piece in _plain(file):
        pending += piece
        while len(pending) >= 5 and len(pending) >= 5 + (size := int.from_bytes(pending[1:5], "big")):
            yield bytes(pending[:1]), bytes(pending[5 : 5 + size])
            del pending[: 5 + size]
    if pending:
        raise Unopened("the archive ends inside a record")


def _plain(file: BinaryIO) -> Iterator[bytes]:
    inflate = zlib.decompressobj()
    try:
        for chunk in _chunks(file):
            yield inflate.decompress(chunk, PIECE)
            while inflate.unconsumed_tail:
                yield inflate.decompress(inflate.unconsumed_tail, PIECE)
    except zlib.error as error:
        raise Unopened("the archive holds no stream of records") from error


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    head = file.read(len(MAGIC) + SALT)
    if not head.startswith(MAGIC) or len(head) < len(MAGIC) + SALT:
        raise Unopened("not a backup of this product")
    cipher = secrets.cipher(PURPOSE, head[len(MAGIC) :])
    count, length = 0, file.read(4)
    while length:
        size = int.from_bytes(length, "big")
        if len(length) < 4 or size > CHUNK + 16:
            raise Unopened("the archive was cut or changed")
        sealed, length = file.read(size), file.read(4)
        try:
            yield cipher.decrypt(_nonce(count, not length), sealed, head)
        except InvalidTag as error:
            raise Unopened("it was cut or changed, or was made under another key file") from error
        count += 1
    if not count:
        raise Unopened("the archive was cut")
