"""What the clock does by itself: evidence is taken in, half-years are settled, everybody is told of his score."""
from datetime import datetime

from backend.assessment.actions import settling, taking, telling
from backend.assessment.queries import periods, recomputing, standings
from backend.assessment.rules import periods as halves
from backend.core import clock, jobs
from backend.core.actor import Actor
from backend.org import queries as units

LOOK, TELL = 1000, 16


def take_evidence(*, actor: Actor, now: datetime) -> int:
    """Take in what happened since, from the ledger's entries in their order; how many passes."""
    passes = 1
    while taking.take_next(LOOK, actor=actor, now=now):
        passes += 1
    return passes


def settle_assessments(*, actor: Actor, now: datetime) -> int:
    """Settle every half-year that is over, the earliest first, once all evidence was taken in; how many.

    Counting goes on while others write; where a line came in meanwhile the next pass counts again.
    """
    begun = periods.begun()
    if begun is None or taking.take_next(LOOK, actor=actor, now=now):
        return 0
    present = halves.of(clock.local_date(now))
    wanted = [(district, period) for district in units.districts() for period in halves.between(begun, present)]
    for district, period in wanted:
        if periods.row(district, period) is None:
            _enrol(district, period, actor, now)
    return jobs.each(
        [(one["district_code"], one["period"]) for one in periods.over(now)],
        lambda one: _settle(*one, actor, now),
    )[0]


def _enrol(district: str, period: str, actor: Actor, now: datetime) -> None:
    while settling.enrol(district, period, actor=actor, now=now):
        continue


def _settle(district: str, period: str, actor: Actor, now: datetime) -> int:
    _enrol(district, period, actor, now)
    taking.take_closing(district, period, actor=actor, now=now)
    found = periods.row(district, period)
    if found is None:
        return 0
    counted = {
        standing_id: (count.sums, count.lines, count.digest)
        for standing_id, count in recomputing.counted(district, period)
    }
    return int(settling.settle(found, counted, actor=actor, now=now) > 0)


def enrol_assessed(*, actor: Actor, now: datetime) -> int:
    """Have new agents, units and departments stand in the present half-year; of how many districts."""
    if periods.begun() is None:
        return 0
    period = halves.of(clock.local_date(now))
    found = units.districts()
    for district in found:
        _enrol(district, period, actor, now)
    return len(found)


def tell_scores(*, actor: Actor, now: datetime) -> int:
    """Tell everybody of the score that was settled or changed since; of how many."""
    count, found = 0, standings.untold("", TELL)
    while found:
        count += jobs.together([found], lambda batch: telling.tell(list(batch), actor=actor, now=now))[0]
        found = standings.untold(found[-1]["id"], TELL) if len(found) == TELL else []
    return count
