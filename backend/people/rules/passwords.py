"""Passwords: Argon2id with the OWASP minimum (19 MiB, 2 passes, 1 lane), two at once at most."""
import os
import threading
import unicodedata

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from backend.core.problems import Invalid, invalid

MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
SHORTEST, LONGEST = 8, 128
NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$d3RUe78ZdLDBUCOgRgmCig"
    "$QcXGOVWNdYa4pfzG6gabq8gdAxp8h8OG4n56xxxH8JA"
)
"""The hash of 32 random bytes that nobody kept: what an unknown username is checked against."""

_COMMON = frozenset((
    "12345678", "123456789", "1234567890", "password", "password1", "passw0rd", "qwertyui",
    "qwerty123", "1qaz2wsx", "a1234567", "abc12345", "abcd1234", "woaini1314", "admin123",
    "admin888", "iloveyou",
))

hashing = threading.BoundedSemaphore(2)
"""Who holds it may hash: two at once keep a worker small. Not to be waited for in a transaction."""


def hash_password(text: str) -> str:
    """The PHC string to store for a password."""
    with hashing:
        made = Argon2id(salt=os.urandom(16), length=32, iterations=PASSES, lanes=LANES,
                        memory_cost=MEMORY_KIB)
        return made.derive_phc_encoded(_bytes(text))


def is_password(text: str, stored: str | None) -> bool:
    """Whether ``text`` is the password behind ``stored``; without one the work is the same."""
    with hashing:
        try:
            Argon2id.verify_phc_encoded(_bytes(text), stored or NOBODY)
        except InvalidKey:
            return False
    return stored is not None


def _bytes(text: str) -> bytes:
    return unicodedata.normalize("NFC", text).encode()


def check_new(text: str, username: str, old: str | None = None) -> None:
    """Refuse a password that is too short or long, the old one, the name, or everybody's."""
    if not SHORTEST <= len(text) <= LONGEST:
        raise _refused(f"密码须为 {SHORTEST}–{LONGEST} 个字符",
                       f"A password has {SHORTEST}–{LONGEST} characters")
    if text == old:
        raise _refused("新密码不能与旧密码相同", "The new password is the old one")
    if username.lower() in text.lower() or text.lower() in _COMMON or len(set(text)) < 4:
        raise _refused("密码过于简单", "The password is too easy to guess")


def _refused(zh: str, en: str) -> Invalid:
    return invalid("new", zh, en)
