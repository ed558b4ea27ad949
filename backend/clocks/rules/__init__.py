"""When a clock is due and when it gives its cards: instants made of working days. Pure."""
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from backend.core import clock, workdays
from backend.core.workdays import Calendar, Deadline, Stop

OPENING, NOON_FROM, NOON_TO, CLOSE = time(8, 30), time(12), time(14), time(17, 30)
INSTANT, PROMISE, REPORT = "instant", "promise", "report"
SENDING_UP_WORKING_DAYS = 3
TELLING_WORKING_DAYS = 2
NONE, REMINDER, YELLOW, RED = "none", "reminder", "yellow", "red"
DISTRICT, LEGAL = "district", "legal"


def opening_of(day: date) -> datetime:
    """The instant (UTC) at which the offices open on ``day``."""
    return clock.at_local(day, OPENING.hour, OPENING.minute)


def close_of(day: date) -> datetime:
    """The instant (UTC) of close of business on ``day``; exactly then is still in time."""
    return clock.at_local(day, CLOSE.hour, CLOSE.minute)


def is_after_close(instant: datetime) -> bool:
    """Whether ``instant`` is later than close of business of its own day."""
    return instant > close_of(clock.local_date(instant))


def office_moment(calendar: Calendar, instant: datetime, closed: Collection[date] = frozenset()) -> datetime:
    """``instant`` itself within 08:30–17:30 of a working day, else the next opening."""
    day = clock.local_date(instant)
    if calendar.is_working(day) and day not in closed and instant <= close_of(day):
        return max(instant, opening_of(day))
    return opening_of(workdays.next_working(calendar, day, closed))


def limit_of(
    accepted_at: datetime,
    working_days: int,
    calendar: Calendar,
    stops: Sequence[Stop] = (),
    closed: Collection[date] = frozenset(),
) -> Deadline:
    """The limit of a clock that begins at an instant.

    The day of acceptance is not counted, whatever its hour or kind (Civil Code art. 201). 0 working
    days is an instant item: the same day, or the next working day after close or on a day off.
    """
    day = clock.local_date(accepted_at)
    late = working_days == 0 and is_after_close(accepted_at)
    return workdays.deadline(calendar, day, working_days, stops, closed, after_close=late)


def due_at(limit: Deadline) -> datetime | None:
    """The instant of a limit's end; None while it stands."""
    return None if limit.due_on is None else close_of(limit.due_on)


@dataclass(frozen=True, slots=True)
class Halt:
    """A suspension as instants; ``to_at`` None: it still lasts. ``restart``: the whole budget began anew after it."""

    from_at: datetime
    to_at: datetime | None
    restart: bool


def halted_limit(
    started_at: datetime,
    working_days: int,
    calendar: Calendar,
    halts: Sequence[Halt],
    closed: Collection[date] = frozenset(),
) -> Deadline:
    """The limit of a clock that begins at an instant and stood meanwhile.

    A stop before close of business of the due day keeps that day from counting; one that comes once the
    limit has passed changes nothing. What ended before the clock began is not its own.
    """
    day = clock.local_date(started_at)
    stops: list[Stop] = []
    for halt in halts:
        if halt.to_at is not None and halt.to_at <= started_at:
            continue
        to_on = halt.to_at and clock.local_date(halt.to_at)
        due = due_at(limit_of(started_at, working_days, calendar, stops, closed))
        if due is not None and due <= halt.from_at:
            break
        stops.append(Stop(max(clock.local_date(halt.from_at), day), to_on, halt.restart))
    return limit_of(started_at, working_days, calendar, stops, closed)


def stops_after(due: datetime | None, halts: Sequence[Halt]) -> list[Stop]:
    """The stops that began once a limit had passed: they change nothing of it, but hold up what follows."""
    return [
        Stop(clock.local_date(halt.from_at), halt.to_at and clock.local_date(halt.to_at))
        for halt in halts if due is not None and due <= halt.from_at
    ]


@dataclass(frozen=True, slots=True)
class Due:
    """The stored projections of one clock; all None while it stands."""

    due_at: datetime | None
    reminder_at: datetime | None
    yellow_at: datetime | None
    provisional: bool


def budget_of(kind: str, promised_days: int | None) -> int:
    """The working days of the present duty: a report item must be sent up within 3."""
    if kind == REPORT:
        return SENDING_UP_WORKING_DAYS
    return 0 if kind == INSTANT else promised_days or 0


def light(now: datetime, due: Due) -> str:
    """none, reminder, yellow or red; exactly at the due moment is still in time."""
    if due.due_at is not None and now > due.due_at:
        return RED
    if due.yellow_at is not None and now >= due.yellow_at:
        return YELLOW
    return REMINDER if due.reminder_at is not None and now >= due.reminder_at else NONE


def usage(limit: Deadline, now: datetime) -> workdays.Usage:
    """Used and remaining working days of a limit at ``now``."""
    return workdays.usage(limit, clock.local_date(now), after_close=is_after_close(now))


def days_left(now: datetime, until: datetime, calendar: Calendar, closed: Collection[date] = frozenset()) -> int:
    """The most working days of a limit beginning ``now`` that ends by ``until``; 0: the day of ``until`` has come."""
    run = limit_of(now, 1, calendar, (), closed).run
    return max(0, run.available(clock.local_date(now), clock.local_date(until)))
