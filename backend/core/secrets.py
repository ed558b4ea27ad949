"""Keys, field encryption, blind index, masking.

The key file (mode 600) is JSON: ``{"current": "k1", "fields": {"k1": …}, "index": …,
"server": …, "signing": …}``, each key 32 bytes in base64. Keys are never in the database.
Fields are AES-256-GCM with the place they belong to (table|column|row id) as additional data, so
a value moved elsewhere does not open. Look-up is by HMAC-SHA256 under a key of its own. While both are
rotated the file has a further entry, ``rotation`` (see :mod:`backend.core.keyring`); whoever seals or makes an
index looks first whether the file has changed, so that no process goes on under yesterday's keys.
"""
import base64
import hashlib
import hmac
import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

log = logging.getLogger("daiban.keys")

ANNOUNCED, SWITCHED, DONE = "announced", "switched", "done"
"""Phases of a rotation: the new keys are known; they are written with; nothing is under the old ones any more."""


class KeyFileError(Exception):
    """The key file cannot be used; the message says why, for the operator."""


class Unreadable(Exception):
    """A sealed value does not open: wrong place, wrong key, or changed."""


class Keys:
    """The installation's keys, read once at start."""

    def __init__(self, content: dict[str, Any]) -> None:
        try:
            self.current: str = content["current"]
            self.fields = {name: AESGCM(_bytes(text)) for name, text in content["fields"].items()}
            self.index = _bytes(content["index"])
            self.server = _bytes(content["server"])
            self.signing = Ed25519PrivateKey.from_private_bytes(_bytes(content["signing"]))
            self.fields[self.current]
            rotation: dict[str, Any] = content.get("rotation") or {}
            self.phase: str | None = rotation.get("phase")
            self.other = _bytes(rotation["index"]) if self.phase in (ANNOUNCED, SWITCHED) else self.index
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise KeyFileError(f"unusable entry: {error}") from error

    @property
    def verifying(self) -> Ed25519PublicKey:
        return self.signing.public_key()


_keys: Keys | None = None
_file: tuple[Path, Any] | None = None


def _bytes(text: str) -> bytes:
    raw = base64.b64decode(text, validate=True)
    if len(raw) != 32:
        raise ValueError("a key is not 32 bytes long")
    return raw


def fresh_key() -> str:
    """A new random key as a key file holds it."""
    return base64.b64encode(os.urandom(32)).decode()


def make_key_file(path: Path) -> None:
    """Write a new key file with mode 600, whole or not at all; an existing one is left alone."""
    if path.exists():
        return
    content = {"current": "k1", "fields": {"k1": fresh_key()}}
    content |= {name: fresh_key() for name in ("index", "server", "signing")}
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.urandom(6).hex()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink()


def load(path: Path) -> None:
    """Read the key file for this process; KeyFileError says what is wrong with it."""
    global _file
    stamp = _stamp(path)
    use(Keys(content_of(path)))
    _file = path, stamp


def content_of(path: Path) -> dict[str, Any]:
    """What stands in a key file; KeyFileError where it cannot be read."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise KeyFileError(str(error)) from error
    if not isinstance(content, dict):
        raise KeyFileError("not a JSON object")
    return content


def use(keys: Keys) -> None:
    """Take these keys for this process, whatever a file says."""
    global _keys, _file
    _keys, _file = keys, None


def present() -> Keys:
    """The keys in use, read anew where their file was changed; a file that went bad changes nothing."""
    if _file is not None and _stamp(_file[0]) != _file[1]:
        _reload(_file[0])
    return keys()


def _stamp(path: Path) -> Any:
    """What tells one state of a file from another; a missing one has none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _reload(path: Path) -> None:
    global _file
    stamp = _stamp(path)
    try:
        load(path)
    except KeyFileError as error:
        log.error("the key file was changed and cannot be read, the keys stay as they were: %s", error)
        _file = path, stamp


def keys() -> Keys:
    """The keys in use; a RuntimeError before :func:`load`."""
    if _keys is None:
        raise RuntimeError("no keys are loaded")
    return _keys


def seal(text: str, place: str) -> bytes:
    """Encrypt a field; ``place`` is ``table|column|row id``."""
    return seal_bytes(text.encode(), place)


def seal_bytes(data: bytes, place: str) -> bytes:
    """Encrypt what is no text, as :func:`seal` does."""
    held = present()
    nonce = os.urandom(12)
    name = held.current.encode()
    sealed = held.fields[held.current].encrypt(nonce, data, place.encode())
    return bytes([len(name)]) + name + nonce + sealed


def unseal(blob: bytes, place: str) -> str:
    """Decrypt a field; Unreadable when it does not open at this place."""
    try:
        return unseal_bytes(blob, place).decode()
    except UnicodeDecodeError as error:
        raise Unreadable(place) from error


def unseal_bytes(blob: bytes, place: str) -> bytes:
    """Decrypt what is no text, as :func:`unseal` does."""
    blob = bytes(blob)
    try:
        name, rest = blob[1 : 1 + blob[0]].decode(), blob[1 + blob[0] :]
        known = keys().fields
        key = known[name] if name in known else present().fields[name]
        return key.decrypt(rest[:12], rest[12:], place.encode())
    except (KeyError, IndexError, ValueError, InvalidTag) as error:
        raise Unreadable(place) from error


@lru_cache(maxsize=8192)
def masked(blob: bytes, place: str, mask: Callable[[str], str]) -> str:
    """A sealed field as everybody sees it; masks, never plain values, are remembered for lists."""
    return mask(unseal(blob, place))


def key_name(blob: bytes) -> str:
    """Which key sealed this value, for rotation."""
    return bytes(blob)[1 : 1 + blob[0]].decode()


def blind(kind: str, text: str) -> bytes:
    """The 16-byte blind index of ``text`` as it is written now; ``kind`` keeps columns apart."""
    return blind_under(present().index, kind, text)


def blinds(kind: str, text: str) -> tuple[bytes, bytes]:
    """The two indexes under which ``text`` may stand: while keys are rotated they differ (docs/decisions/0227)."""
    held = present()
    first = blind_under(held.index, kind, text)
    return first, first if held.other == held.index else blind_under(held.other, kind, text)


def blind_under(key: bytes, kind: str, text: str) -> bytes:
    """The blind index of ``text`` under this very key."""
    return hmac.digest(key, f"{kind}|{text}".encode(), "sha256")[:16]


def alias(kind: str, text: str) -> bytes:
    """A 16-byte name for what is counted for a while and never looked up again; rotation leaves it alone."""
    return hmac.digest(keys().server, f"alias|{kind}|{text}".encode(), "sha256")[:16]


def derived(purpose: str, *parts: object) -> str:
    """A reproducible URL-safe secret of 32 characters, bound to ``purpose`` and ``parts``."""
    text = "|".join([purpose, *map(str, parts)]).encode()
    return base64.urlsafe_b64encode(hmac.digest(keys().server, text, "sha256")[:24]).decode()


def digest(data: bytes) -> bytes:
    """A keyed digest of a request body, so that a stored one betrays nothing of it."""
    return hmac.digest(keys().server, data, "sha256")


def cipher(purpose: str, salt: bytes = b"") -> AESGCM:
    """A cipher of its own for ``purpose``, derived from the server's key; rotation leaves it alone."""
    made = HKDF(algorithm=SHA256(), length=32, salt=salt or None, info=purpose.encode())
    return AESGCM(made.derive(keys().server))


def hashed(token: str) -> str:
    """SHA-256 of a random token, the form in which it is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def mask_id_number(text: str) -> str:
    """First and last character only: 6 + 4 would leave too few candidates."""
    return text[:1] + "*" * max(0, len(text) - 2) + text[-1:] if len(text) > 1 else "*"


def mask_phone(text: str) -> str:
    """``138****5678``; shorter numbers keep their last two digits only."""
    if len(text) < 11:
        return "*" * max(0, len(text) - 2) + text[-2:]
    return text[:3] + "*" * (len(text) - 7) + text[-4:]
