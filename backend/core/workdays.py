"""Working days: the only place in the product that counts them. Pure; dates in, dates out.

The day on which something begins is not counted and a limit ends on its n-th working day (Civil
Code art. 201, 203; Administrative Licensing Law art. 82). Neither the day of a suspension nor that
of resumption counts (art. 45); what the hearing or test took is outside the limit.
"""
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from backend.core.calendar import DAY, HOLIDAY, MAKEUP, REST, WORK, WORKING, Calendar

__all__ = ["HOLIDAY", "MAKEUP", "REST", "WORK", "Calendar"]

ACCEPTANCE_DAY, AFTER_CLOSE = "acceptance_day", "after_close"
SUSPENDED, INTERRUPTED, CLOSURE = "suspended", "interrupted", "closure"
BEFORE_INTERRUPTION = "before_interruption"


def next_working(calendar: Calendar, day: date, closed: Collection[date] = frozenset()) -> date:
    """The first working day after ``day`` that is not closed."""
    found = calendar.working_day(calendar.working_index(day) + 1)
    while found in closed:
        found = calendar.working_day(calendar.working_index(found) + 1)
    return found


def previous_working(calendar: Calendar, day: date, closed: Collection[date] = frozenset()) -> date:
    """The last working day before ``day`` that is not closed."""
    found = calendar.working_day(calendar.working_index(day - DAY))
    while found in closed:
        found = calendar.working_day(calendar.working_index(found) - 1)
    return found


def working_on_or_after(
    calendar: Calendar, day: date, closed: Collection[date] = frozenset()
) -> date:
    """``day`` itself where it is a working day that is not closed, else the next one."""
    return next_working(calendar, day - DAY, closed)


def calendar_limit(
    calendar: Calendar,
    from_on: date,
    days: int,
    *,
    moves: bool = True,
    closed: Collection[date] = frozenset(),
) -> date:
    """The last day of a limit in calendar days; moved to the next working day (Civil Code art. 203)."""
    last = from_on + days * DAY
    return working_on_or_after(calendar, last, closed) if moves else last


@dataclass(frozen=True, slots=True, order=True)
class Stop:
    """The clock stood from ``from_on`` to ``to_on``, both not counted; None: it still stands.

    ``restart``: an interruption, after which the whole limit begins anew.
    """

    from_on: date
    to_on: date | None
    restart: bool = False

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


class CountedDay(NamedTuple):
    """One day of an explanation; ``reason`` is a kind of day or why it was not counted."""

    date: date
    counted: bool
    reason: str
    name: str | None = None


def overlapping(stops: Sequence[Stop]) -> Stop | None:
    """The first stop that begins before the one before it has ended; touching ones are fine."""
    ordered = sorted(stops, key=lambda stop: (stop.from_on, stop.to_on or date.max))
    for earlier, later in zip(ordered, ordered[1:]):
        if earlier.to_on is None or earlier.to_on > later.from_on:
            return later
    return None


@dataclass(frozen=True, slots=True)
class Run:
    """A limit on its calendar: what is counted, from when, and what stopped it.

    ``base_on`` is the last day before counting: the day of acceptance, or the day before it for
    an instant item, which may end on the very day of acceptance.
    """

    calendar: Calendar
    base_on: date
    budget: int
    stops: tuple[Stop, ...]
    lost: tuple[date, ...]

    def available(self, after: date, until: date) -> int:
        """Days that count later than ``after`` and not later than ``until``, stops apart."""
        if until <= after:
            return 0
        index = self.calendar.working_index
        return index(until) - index(after) - (bisect_right(self.lost, until) - bisect_right(self.lost, after))

    def reached(self, after: date, count: int) -> date:
        """The ``count``-th day that counts after ``after``, stops apart."""
        wanted = self.calendar.working_index(after) + count
        for day in self.lost[bisect_right(self.lost, after):]:
            if self.calendar.working_index(day) > wanted:
                break
            wanted += 1
        return self.calendar.working_day(wanted)

    def segments(self) -> Iterator[tuple[date, date | None, bool]]:
        """Stretches (after, until) between the stops, and whether the limit begins anew with one."""
        after, anew = self.base_on, False
        for stop in self.stops:
            yield after, stop.from_on - DAY, anew
            if stop.to_on is None:
                return
            after, anew = max(after, stop.to_on), stop.restart
        yield after, None, anew

    def end(self) -> tuple[date | None, date]:
        """The due day (None while the clock stands) and the day after which the limit last began."""
        left, began = self.budget, self.base_on
        for after, until, anew in self.segments():
            if anew:
                left, began = self.budget, after
            if until is None:
                return self.reached(after, left), began
            available = self.available(after, until)
            if available >= left:
                return self.reached(after, left), began
            left -= available
        return None, began

    def used(self, through: date, today: date) -> int:
        """How many days were counted up to and including ``through`` since the limit last began, as of ``today``."""
        found = 0
        for after, until, anew in self.segments():
            if anew and after <= today:
                found = 0
            found += self.available(after, through if until is None else min(until, through))
        return found


@dataclass(frozen=True, slots=True)
class Deadline:
    """Where a limit ends; ``due_on`` is None while the clock stands. ``days`` are laid out on demand.

    Anything derived from a provisional day is provisional.
    """

    due_on: date | None
    provisional: bool
    accepted_on: date
    working_days: int
    began_on: date = field(repr=False)
    run: Run = field(repr=False, compare=False)

    @property
    def days(self) -> list[CountedDay]:
        """Every day from acceptance to the due day; as many are counted as the limit has."""
        return self.days_until(self.accepted_on)

    def days_until(self, today: date) -> list[CountedDay]:
        """:attr:`days`; of a clock that stands, those until ``today``, since nobody knows its end."""
        last = self.due_on or max(self.accepted_on, self.run.stops[-1].from_on, today)
        span = (last - self.accepted_on).days + 1
        return [self._explained(self.accepted_on + number * DAY) for number in range(span)]

    def counted_day(self, number: int) -> date | None:
        """The ``number``-th day of the count that ends on the due day; None where there is none."""
        if self.due_on is None or not 1 <= number <= self.run.budget:
            return None
        stops = tuple(stop for stop in self.run.stops if not stop.restart)
        return replace(self.run, base_on=self.began_on, budget=number, stops=stops).end()[0]

    def _explained(self, day: date) -> CountedDay:
        run, calendar = self.run, self.run.calendar
        kind, name = calendar.kind(day), calendar.name(day)
        if self.working_days and day == self.accepted_on:
            return CountedDay(day, False, ACCEPTANCE_DAY)
        stop = next((stop for stop in run.stops if stop.covers(day)), None)
        if stop is not None:
            return CountedDay(day, False, INTERRUPTED if stop.restart else SUSPENDED)
        if kind not in WORKING:
            return CountedDay(day, False, kind, name)
        if day in run.lost:
            return CountedDay(day, False, CLOSURE)
        if day <= run.base_on:
            return CountedDay(day, False, AFTER_CLOSE)
        if day <= self.began_on:
            return CountedDay(day, False, BEFORE_INTERRUPTION)
        return CountedDay(day, True, kind, name)


def deadline(
    calendar: Calendar,
    accepted_on: date,
    working_days: int,
    stops: Sequence[Stop] = (),
    closed: Collection[date] = frozenset(),
    *,
    after_close: bool = False,
) -> Deadline:
    """The day at whose close a limit of ``working_days`` ends.

    0 is an instant item: the day of acceptance itself, or the next working day where that is a day
    off or it came ``after_close``. ``closed`` are office days lost.
    """
    run = _run(calendar, accepted_on, working_days, stops, closed, after_close)
    due_on, began_on = run.end()
    until = due_on or run.stops[-1].from_on
    provisional = calendar.provisional_between(run.base_on, until)
    return Deadline(due_on, provisional, accepted_on, working_days, began_on, run)


def _run(
    calendar: Calendar,
    accepted_on: date,
    working_days: int,
    stops: Sequence[Stop],
    closed: Collection[date],
    after_close: bool,
) -> Run:
    base = accepted_on if working_days or after_close else accepted_on - DAY
    ordered = sorted(stops, key=lambda stop: (stop.from_on, stop.to_on or date.max)) if stops else ()
    lost = sorted(day for day in closed if day > base and calendar.is_working(day)) if closed else ()
    return Run(calendar, base, max(1, working_days), tuple(ordered), tuple(lost))


class Usage(NamedTuple):
    """Working days of a limit that are used, and that remain; late ones are negative."""

    used: int
    remaining: int


def usage(limit: Deadline, today: date, *, after_close: bool) -> Usage:
    """What is used and what remains ``today``; ``after_close``: its close of business has passed.

    A day is used at its close: on the due day 1 remains. Once the limit is over, the first working
    day after it is −1 from its morning on.
    """
    through = today if after_close else today - DAY
    run = limit.run
    if limit.due_on is None or through < limit.due_on:
        used = run.used(through, today)
        return Usage(used, run.budget - used)
    late = run.available(limit.due_on, through)
    return Usage(run.budget + late, -max(1, run.available(limit.due_on, today)))
