"""What the clock does by itself: reminders, and freezing who owed a report."""
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, jobs
from backend.core.actor import Actor
from backend.core.calendar import Calendar
from backend.reports.actions import answering, declared, issuing
from backend.reports.actions import obligations as actions
from backend.reports.queries import bulletins, obligations, tasks
from backend.reports.rules import weeks

__all__ = ["declared", "fall_due", "issue_bulletins", "remind", "tell_problems"]

BATCH, LOOK = 16, 2000


def fall_due(*, actor: Actor, now: datetime) -> int:
    """Freeze every week that has fallen due since, however long ago, and have what is missing climb; of how many.

    A district begins with the week in which it is first seen: the one that was over before is owed by nobody,
    unless somebody wrote about it (rules 7.1, decision 0176).
    """
    calendar = calendars.calendar()
    latest = weeks.latest_due(calendar, now)
    count = jobs.each(_unfrozen(latest, actor, now), lambda one: actions.freeze(*one, actor=actor, now=now))[0]
    climbing = obligations.climbing(LOOK)
    while climbing:
        done = jobs.together(_batches(climbing), lambda batch: actions.climb(list(batch), actor=actor, now=now))[0]
        climbing = obligations.climbing(LOOK) if done and len(climbing) == LOOK else []
    return count


def _unfrozen(latest: str, actor: Actor, now: datetime) -> Iterator[tuple[str, str]]:
    frozen = obligations.last_frozen()
    for district in obligations.districts():
        last = frozen.get(district)
        if last is None:
            begun = obligations.first_report(district)
            if begun is None or begun > latest:
                actions.begin(district, latest, actor=actor, now=now)
                continue
            last = weeks.preceding(begun)
        yield from ((district, week) for week in weeks.between(last, latest))


def _batches(found: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    return (found[start:start + BATCH] for start in range(0, len(found), BATCH))


def remind(*, actor: Actor, now: datetime) -> int:
    """Remind the townships that have not filed: a working day before, and at noon of the due day (rules 7.4)."""
    calendar = calendars.calendar()
    week = weeks.week_of(clock.local_date(now))
    found = weeks.reminder(week, calendar, now)
    if found is None:
        return 0
    kind, effective_at = found
    return sum(
        _remind(district, week, kind, effective_at, calendar, actor, now) for district in obligations.districts()
        if obligations.moment(district, week, kind) is None
    )


def _remind(
    district: str, week: str, kind: str, effective_at: datetime, calendar: Calendar, actor: Actor, now: datetime
) -> int:
    due = weeks.due_of(week, calendar)
    owing = obligations.standing(district, week, due.standing_on)
    unfiled = [one | {"week": week, "due_at": due.at} for one in owing if one["filed_at"] is None]
    count, failed = jobs.together(
        _batches(unfiled), lambda batch: actions.remind(list(batch), kind, effective_at, actor=actor, now=now)
    )
    if not failed:
        actions.reminded(district, week, kind, effective_at, actor=actor, now=now)
    return count


def tell_problems(*, actor: Actor, now: datetime) -> int:
    """Tell the departments' posts of problems raised to them (rules 7.6); of how many."""
    count, found = 0, tasks.untold("", BATCH)
    while found:
        count += jobs.together([found], lambda batch: answering.tell(list(batch), actor=actor, now=now))[0]
        found = tasks.untold(found[-1]["id"], BATCH) if len(found) == BATCH else []
    return count


def issue_bulletins(*, actor: Actor, now: datetime) -> int:
    """Issue the bulletins that the clock is to issue by itself, where the district decided so (rules 7.5)."""
    found = bulletins.to_issue(now)
    return jobs.each(found, lambda one: bool(issuing.issue_in(*one, actor=actor, now=now)))[0]
