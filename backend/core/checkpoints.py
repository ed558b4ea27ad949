"""Signed statements of the ledger's head, kept in the database and in a second place.

A checkpoint is ``(seq, hash, made_at)`` under Ed25519. The second place (the anchor file) is
filled from the table, so that a crash between the two is mended at the next run.
"""
import base64
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature

from backend.core import clock, ledger, secondplace, secrets, sql
from backend.core.actor import Actor
from backend.core.models import LedgerCheckpoint
from backend.core.transaction import transaction

EVERY_ENTRIES = 1000
EVERY = timedelta(minutes=10)

_LAST = "SELECT seq, made_at FROM ledger_checkpoint ORDER BY seq DESC LIMIT 1"
_AFTER = "SELECT seq, hash, made_at, signature FROM ledger_checkpoint WHERE seq > ? ORDER BY seq LIMIT 500"


def make_if_due(anchor_file: Path, *, actor: Actor, now: datetime) -> int | None:
    """Sign the head after 1,000 entries or 10 minutes with news; its number, None when not due."""
    seq = _make(EVERY_ENTRIES, EVERY, actor=actor, now=now) if _is_due(EVERY_ENTRIES, EVERY, now) else None
    anchor(anchor_file)
    return seq


def make(anchor_file: Path, *, actor: Actor, now: datetime) -> int | None:
    """Sign the head now; None where the last checkpoint says it already."""
    seq = _make(1, timedelta(0), actor=actor, now=now)
    anchor(anchor_file)
    return seq


def _is_due(entries: int, every: timedelta, now: datetime) -> bool:
    seq, _ = ledger.head()
    last, made_at = sql.execute(_LAST).fetchone() or (0, 0)
    return seq > last and (seq - last >= entries or now - clock.from_micros(made_at) >= every)


@transaction
def _make(entries: int, every: timedelta, *, actor: Actor, now: datetime) -> int | None:
    seq, last = ledger.locked_head()
    if not _is_due(entries, every, now):
        return None
    signature = secrets.keys().signing.sign(statement(seq, last, clock.to_micros(now)))
    sql.insert(LedgerCheckpoint, seq=seq, hash=last, made_at=now, signature=signature)
    return seq


def statement(seq: int, last: bytes, made_at: int) -> bytes:
    """What is signed."""
    return f"daiban checkpoint|{seq}|{last.hex()}|{made_at}".encode()


def is_signed(seq: int, last: bytes, made_at: int, signature: bytes) -> bool:
    """Whether this installation's key signed that statement."""
    try:
        secrets.keys().verifying.verify(bytes(signature), statement(seq, bytes(last), made_at))
    except InvalidSignature:
        return False
    return True


def anchor(anchor_file: Path) -> int:
    """Append to the anchor file the checkpoints that it lacks; how many were written."""
    written = 0
    last = secondplace.last(anchor_file).get("seq", 0)
    while found := after(last):
        written += secondplace.append(anchor_file, [_line(*row) for row in found])
        last = found[-1][0]
    return written


def after(seq: int) -> list[tuple[int, bytes, int, bytes]]:
    """The next checkpoints after that of ``seq``, some hundreds at most."""
    return sql.execute(_AFTER, (seq,)).fetchall()  # type: ignore[no-any-return]


def _line(seq: int, last: bytes, made_at: int, signature: bytes) -> dict[str, Any]:
    signed = base64.b64encode(bytes(signature)).decode()
    return {"seq": seq, "hash": bytes(last).hex(), "made_at": made_at, "signature": signed}


def read_line(line: dict[str, Any]) -> tuple[int, bytes, int, bytes] | None:
    """The four parts of an anchor's line; None where it has not this form."""
    try:
        signature = base64.b64decode(line["signature"], validate=True)
        return int(line["seq"]), bytes.fromhex(line["hash"]), int(line["made_at"]), signature
    except (KeyError, TypeError, ValueError):
        return None
