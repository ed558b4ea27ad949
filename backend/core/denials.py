"""Refusals of signed-in callers, counted per account and hour: one ledger entry each, by a job.

A stranger's refusals are not counted, so that he cannot make the disk work.
"""
from datetime import datetime, timedelta

from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction

_COUNT = """
INSERT INTO denial (account_id, hour_at, times) VALUES (?, ?, 1)
ON CONFLICT (account_id, hour_at) DO UPDATE SET times = denial.times + 1
"""
_PAST = "SELECT account_id, hour_at, times FROM denial WHERE hour_at < ? ORDER BY hour_at LIMIT 500"
_FORGET = "DELETE FROM denial WHERE account_id = ? AND hour_at = ?"


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def count(actor: Actor, now: datetime) -> None:
    """Add one refusal to the account's present hour."""
    _add(actor.id, _hour(now), actor=Actor(id=actor.id, name="", role=actor.role), now=now)


@transaction
def _add(account_id: str, hour: datetime, *, actor: Actor, now: datetime) -> None:
    sql.execute(_COUNT, (account_id, clock.to_micros(hour)))


@transaction
def enter(*, actor: Actor, now: datetime) -> int:
    """Write the counts of past hours into the ledger; how many were written."""
    past = sql.rows(_PAST, (clock.to_micros(_hour(now)),))
    for denial in past:
        hour = clock.to_micros(denial["hour_at"])
        ledger.record(
            "account.denied", "account", denial["account_id"],
            detail={"hour": clock.wire(denial["hour_at"]), "times": denial["times"]},
            happened_at=denial["hour_at"] + timedelta(hours=1),
            outcome="refused",
        )
        sql.execute(_FORGET, (denial["account_id"], hour))
    return len(past)
