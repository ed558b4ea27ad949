"""Changing what a unit offers, and laying its days by it."""
from datetime import date, datetime
from typing import Any

from backend.appointments.actions import waiting
from backend.appointments.models import BookingRules
from backend.appointments.queries import offers
from backend.appointments.rules import checking
from backend.core import clock, jobs, ledger, sql
from backend.core.actor import Actor, Call
from backend.core.problems import Conflict, StaleVersion
from backend.core.transaction import transaction
from backend.people.actions import following

SUBJECT = "booking_rules"
AT_ONCE = 5
"""Units that are laid within a request; others are left to the job."""
_FIRST = """
INSERT INTO booking_rules (unit_code, number, horizon_days, roster_required, changed_at, version, body, laid_on,
laid_rules, laid_roster, laid_calendar) VALUES (?, 1, ?, ?, ?, 1, ?, '', 0, 0, 0) ON CONFLICT DO NOTHING
"""


@transaction
def change(unit_code: str, body: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Replace the booking rules of a unit; its code. The days are laid afterwards (:func:`lay`).

    NotFound outside the actor's scope; StaleVersion; Conflict where somebody else was faster; Invalid where
    the rules make no sense together.
    """
    version = offers.version_seen(unit_code, actor, lock=True)
    if actor.call.if_match not in (None, version):
        raise StaleVersion()
    checking.check(body)
    if not _written(unit_code, body, version, now):
        raise Conflict() if actor.call.if_match is None else StaleVersion()
    ledger.record("booking_rules.change", SUBJECT, unit_code, scope=unit_code, fields=sorted(body), detail=body)
    return unit_code


@transaction
def begin(unit_code: str, body: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """The first booking rules of a unit, of a sample; its code. Invalid where they make no sense together."""
    checking.check(body)
    _written(unit_code, body, 0, now)
    ledger.record("booking_rules.change", SUBJECT, unit_code, scope=unit_code, fields=sorted(body), detail=body)
    return unit_code


def _written(unit_code: str, body: dict[str, Any], version: int, now: datetime) -> bool:
    horizon, required = body["horizon_days"], body["roster_required"]
    if version == 0:
        text = BookingRules.body.db_value(body)
        return sql.run(_FIRST, (unit_code, horizon, required, clock.to_micros(now), text)) == 1
    return sql.amend(
        BookingRules, unit_code, version, number=version + 1, horizon_days=horizon, roster_required=required,
        changed_at=now, body=body,
    )


def lay(unit_code: str, *, actor: Actor, now: datetime) -> int:
    """Lay every day of a unit that is not laid from what holds now, one transaction each; how many.

    These are acts of their own: a repeated request finds them done, or the job does them.
    """
    actor, today = actor.calling(Call(fence=actor.call.fence)), clock.local_date(now)
    read = offers.state_of([unit_code], today)
    for day in (days := read[0].stale if read else []):
        waiting.lay(unit_code, day, actor=actor, now=now)
    mark(read, today, actor=actor, now=now)
    return len(days)


def follow_rosters(*, actor: Actor, now: datetime) -> int:
    """Lay the days of units whose roster has just changed: conflicts and offers need not wait for the job; how many."""
    return jobs.each(offers.roster_changed(AT_ONCE), lambda code: lay(code, actor=actor, now=now))[0]


following.declare("appointments", follow_rosters)


@transaction
def mark(read: list[offers.State], today: date, *, actor: Actor, now: datetime) -> None:
    """Note of each unit that all its days were laid ``today`` from the stamps that were read before."""
    text = """
    UPDATE booking_rules SET laid_on = ?, laid_rules = ?, laid_roster = ?, laid_calendar = ?
    WHERE unit_code = ? AND number = ?
    """
    for one in read:
        sql.execute(text, (today.isoformat(), one.number, one.roster, one.calendar, one.unit_code, one.number))
