"""Counting failed tries, so that the count outlives the refused request."""
from datetime import datetime

from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import TooMany
from backend.core.transaction import transaction
from backend.people.queries import sessions as held
from backend.people.rules import tries
from backend.people.rules.tries import Limit, Tally

_FIRST = """
INSERT INTO failed_try (kind, subject, times, since_at) VALUES (?, ?, 0, ?) ON CONFLICT DO NOTHING
"""
_HELD = "SELECT times, since_at, until_at FROM failed_try WHERE kind = ? AND subject = ?"
_SET = "UPDATE failed_try SET times = ?, since_at = ?, until_at = ? WHERE kind = ? AND subject = ?"
_FORGET = "DELETE FROM failed_try WHERE kind = ? AND subject = ?"


@transaction
def count(failed: dict[Limit, str], *, account: dict[str, str] | None = None, actor: Actor,
          now: datetime) -> None:
    """One more failure for each subject (at most 80 characters), in the order given.

    A lock that starts on an existing ``account`` (its id and unit_code) is entered in the ledger.
    """
    for limit, subject in failed.items():
        tally = _counted(limit, subject, now)
        if account and limit is not tries.SOURCE and tally.until_at == now + limit.lock:
            ledger.record(
                "account.lock", "account", account["id"], scope=account["unit_code"],
                detail={"kind": limit.kind, "until": clock.wire(tally.until_at)},
            )


def _counted(limit: Limit, subject: str, now: datetime) -> Tally:
    sql.run(_FIRST, (limit.kind, subject, clock.to_micros(now)))
    row = sql.row(_HELD + sql.held(), (limit.kind, subject))
    tally = tries.after_failure(Tally(**row) if row else None, limit, now)
    until = None if tally.until_at is None else clock.to_micros(tally.until_at)
    sql.run(_SET, (tally.times, clock.to_micros(tally.since_at), until, limit.kind, subject))
    return tally


def refuse_locked(failed: dict[Limit, str], now: datetime) -> None:
    """TooMany with the seconds left, where one of the subjects is locked."""
    until = held.locked_until(*((limit.kind, subject) for limit, subject in failed.items()))
    seconds = tries.seconds_locked(until, now)
    if seconds:
        raise TooMany(seconds, "尝试次数过多，请稍后再试", "Too many failed tries; wait a while")


def forgive(failed: dict[Limit, str]) -> None:
    """Forget the failures of these subjects, in the running transaction."""
    for limit, subject in failed.items():
        sql.run(_FORGET, (limit.kind, subject))


_OLD = "DELETE FROM failed_try WHERE since_at < ? AND (until_at IS NULL OR until_at < ?)"


@transaction
def forget_old(*, actor: Actor, now: datetime) -> int:
    """Delete tallies that no longer count; how many went."""
    return sql.run(_OLD, (clock.to_micros(now - tries.LONGEST_WINDOW), clock.to_micros(now)))
