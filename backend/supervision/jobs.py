"""What the clock does by itself: reminders, findings, and the cycles of supervision."""
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, jobs
from backend.core.actor import Actor
from backend.supervision.actions import cycling, finding, missing, promising
from backend.supervision.queries import cycles, findings, orders, promises
from backend.supervision.rules import cycles as rules

BATCH, LOOK = 16, 2000


def look_at_orders(*, actor: Actor, now: datetime) -> int:
    """Remind of orders, and find those unanswered at their moment (rules 10.9); of how many."""
    return _looked(orders.looked_at, lambda batch: missing.look(batch, actor=actor, now=now), now)


def look_at_promises(*, actor: Actor, now: datetime) -> int:
    """Remind of promises, and find those broken whose date has passed; of how many."""
    return _looked(promises.looked_at, lambda batch: promising.look(batch, actor=actor, now=now), now)


def _looked(
    found: Callable[[datetime, int], list[str]], look: Callable[[list[str]], int], now: datetime
) -> int:
    count, waiting = 0, found(now, LOOK)
    while waiting:
        batches = [waiting[start:start + BATCH] for start in range(0, len(waiting), BATCH)]
        done = jobs.together(batches, lambda batch: look(list(batch)))[0]
        count += done
        waiting = found(now, LOOK) if done and len(waiting) == LOOK else []
    return count


def turn_cycles(*, actor: Actor, now: datetime) -> int:
    """Close the periods that are due, however long ago, one after the other; begin the present ones (rules 10.1)."""
    count = jobs.each(_closing(now), lambda one: cycling.close(*one, actor=actor, now=now))[0]
    return count + jobs.each(_beginning(now), lambda one: cycling.begin(*one, actor=actor, now=now))[0]


def _closing(now: datetime) -> Iterator[tuple[str, str, str]]:
    calendar = calendars.calendar()
    for district in cycles.districts():
        for kind in rules.KINDS:
            latest = rules.latest_due(kind, calendar, now)
            last = cycles.last_closed(district, kind)[0]
            yield from ((district, kind, period) for period in rules.between(kind, last, latest))


def _beginning(now: datetime) -> Iterator[tuple[str, str, str]]:
    today = clock.local_date(now)
    for district in cycles.districts():
        for kind in rules.KINDS:
            period = rules.period_of(kind, today)
            if not cycles.has_begun(district, kind, period):
                yield district, kind, period


def find_unsolved(*, actor: Actor, now: datetime) -> int:
    """Find the departments that let the date of a problem raised to them pass (rules 7.6, 10.9); how many."""
    today, count = clock.local_date(now), 0
    for district in cycles.districts():
        waiting: list[dict[str, Any]] = findings.unsolved(district, today, LOOK)
        count += jobs.each(waiting, lambda one: finding.find_unsolved(one, actor=actor, now=now))[0]
    return count
