"""What the clock does: the supervising office is reminded of its visits of the month, and judged when it is over."""
from collections.abc import Iterator
from datetime import datetime

from backend.clocks import queries as calendars
from backend.core import clock, jobs, monthly
from backend.core.actor import Actor
from backend.inspections.actions import judging
from backend.inspections.queries import plans
from backend.inspections.rules import months


def judge_months(*, actor: Actor, now: datetime) -> int:
    """Judge every month that is over since; of how many districts' months the office is flagged (rules 10.4).

    A district begins with the month in which it is first seen; those before are owed by nobody.
    """
    latest = months.latest_judged(calendars.calendar(), now)
    return jobs.each(_unjudged(latest, actor, now), lambda one: judging.judge(*one, actor=actor, now=now))[0]


def _unjudged(latest: str, actor: Actor, now: datetime) -> Iterator[tuple[str, str]]:
    judged = plans.last_judged()
    for district in plans.offices():
        if district not in judged:
            begun = monthly.preceding(monthly.of(clock.local_date(now)))
            judging.begin(district, begun, actor=actor, now=now)
            continue
        yield from ((district, month) for month in monthly.between(monthly.following(judged[district]), latest))


def remind_of_visits(*, actor: Actor, now: datetime) -> int:
    """Remind the supervisors of a month that lacks visits, five working days before it ends; of how many districts."""
    month = monthly.of(clock.local_date(now))
    if now < months.reminded_at(month, calendars.calendar()):
        return 0
    lacking = [district for district in plans.offices() if not plans.is_reminded(district, month)]
    return jobs.each(lacking, lambda district: judging.remind(district, month, actor=actor, now=now))[0]
