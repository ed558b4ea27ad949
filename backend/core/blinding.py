"""Blind indexes as actions and queries ask for them: right while both keys are rotated, too (docs/decisions/0227).

While new keys are announced, every transaction that looks for a number or writes one holds a lock together with the
others, and the switch takes it alone: so nobody still writes under the old key when the first one writes under the
new, and one who looked for nothing can rely on it. SQLite's single writer does that by itself.
"""
from backend.core import db, ledger, secrets, sql

LOCK = 0x64616962616F
_TOGETHER, _ALONE = "SELECT pg_advisory_xact_lock_shared(?)", "SELECT pg_advisory_xact_lock(?)"


def written(kind: str, text: str) -> bytes:
    """The index of ``text`` for a row that is written in the running transaction."""
    hold()
    return secrets.blind(kind, text)


def searched(kind: str, text: str) -> tuple[bytes, bytes]:
    """The two indexes under which ``text`` may stand, for ``IN (?, ?)``; the same twice unless keys are rotated."""
    hold()
    return secrets.blinds(kind, text)


def hold() -> None:
    """Within a transaction on PostgreSQL, while new keys are announced: keep the switch waiting until it has ended."""
    if ledger.running.block is not None and secrets.present().phase == secrets.ANNOUNCED and not db.is_sqlite():
        sql.execute(_TOGETHER, (LOCK,))


def hold_alone() -> None:
    """Within a transaction: until it ends nobody else looks for numbers or writes them; waits for those who do."""
    if not db.is_sqlite():
        sql.execute(_ALONE, (LOCK,))
