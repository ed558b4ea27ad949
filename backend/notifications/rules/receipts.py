"""Whether a delivery receipt is the gateway's own word: signed rightly, about now. Pure."""
from datetime import datetime

from backend.core import clock
from backend.notifications import rules
from backend.notifications.rules import signing

NONCE = range(8, 65)
"""How many characters a nonce may have."""
LONGEST_STAMP = 12


def check(secret: str | None, timestamp: str, nonce: str, signature: str, body: bytes, now: datetime) -> None:
    """BadReceipt unless ``signature`` seals timestamp (seconds since 1970), nonce and body, within five minutes."""
    plain = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_STAMP and nonce.isascii()
    if not secret or not plain or len(nonce) not in NONCE:
        raise rules.BadReceipt()
    if not signing.is_sealed(secret, timestamp, nonce, body, signature):
        raise rules.BadReceipt()
    if not rules.is_timely(clock.from_micros(int(timestamp) * 1_000_000), now):
        raise rules.BadReceipt()
