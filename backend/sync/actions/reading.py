"""Full reads through a phone: entered in the ledger when an account is given a resident for the first time."""
from collections.abc import Mapping
from datetime import datetime

from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction

_REMEMBER = """
INSERT INTO sync_read (account_id, resident_id, read_at) VALUES {} ON CONFLICT DO NOTHING RETURNING resident_id
"""
AT_ONCE = 200


@transaction
def enter(residents: Mapping[str, str], *, actor: Actor, now: datetime) -> int:
    """Enter that the actor's phone is given these residents (with their townships) in full; how many were new."""
    wanted, count = sorted(residents), 0
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        params = [value for whose in part for value in (actor.id, whose, clock.to_micros(now))]
        text = _REMEMBER.format(", ".join(["(?, ?, ?)"] * len(part)))
        new = sorted(row[0] for row in sql.execute(text, params).fetchall())
        count += len(new)
        for whose in new:
            ledger.record(
                "sync.read", "resident", whose, scope=residents[whose], fields=("phone", "address"),
                outcome=ledger.READ,
            )
    return count
