"""Days follow rules, roster and calendar; conflicts that are over are settled."""
from datetime import datetime

from backend.appointments.actions import conflicts, offers, waiting
from backend.appointments.queries import conflicts as standing
from backend.appointments.queries import offers as units
from backend.core import clock, jobs
from backend.core.actor import Actor

BATCH = 100
MOST_DAYS, MOST_CONFLICTS = 200, 200
"""Days laid, and days of conflicts judged, in one pass: the other jobs wait for it. The next pass goes on."""


def lay_days(*, actor: Actor, now: datetime) -> int:
    """Lay the stale and missing days of every unit with rules, some hundred a pass; how many.

    Only units of which a stamp or the day has changed are read; those whose days turn out to be as they were are
    noted and not read again. One that fails is left to the next pass.
    """
    today, after, count = clock.local_date(now), "", 0
    while count < MOST_DAYS and (codes := units.behind(after, today, BATCH)):
        done, after = [], codes[-1]
        for one in units.state_of(codes, today):
            days = [(one.unit_code, day) for day in one.stale[: MOST_DAYS - count]]
            failed = jobs.each(days, lambda it: waiting.lay(*it, actor=actor, now=now))[1]
            count += len(days)
            if not failed and len(days) == len(one.stale):
                done.append(one)
        offers.mark(done, today, actor=actor, now=now)
    return count


def settle_conflicts(*, actor: Actor, now: datetime) -> int:
    """Settle the conflicts whose appointment has left, whose seat is back or whose time is over; how many."""
    days = standing.worth_a_look(now, MOST_CONFLICTS)
    return jobs.each(days, lambda it: conflicts.look_again(*it, actor=actor, now=now))[0]
