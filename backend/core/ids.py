"""Identifiers: UUIDv7, so that rows made later sort later (RFC 9562)."""
import os
import uuid
from datetime import datetime

from backend.core import clock


def new(now: datetime) -> str:
    """A fresh UUIDv7 whose leading 48 bits are ``now`` in milliseconds."""
    millis = clock.to_micros(now) // 1000
    random = int.from_bytes(os.urandom(10), "big")
    value = (millis & (1 << 48) - 1) << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62
    return str(uuid.UUID(int=value | random & (1 << 62) - 1))
