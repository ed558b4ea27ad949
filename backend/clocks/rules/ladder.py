"""The ladder: when each card of a clock becomes true, and to whom it goes. Data, not code. Pure."""
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from backend.clocks import rules
from backend.clocks.rules import DISTRICT, LEGAL, RED, REMINDER, YELLOW
from backend.core import clock, workdays
from backend.core.problems import Invalid, Text, invalid
from backend.core.workdays import Calendar, Deadline, Stop

NAME = "card-ladder"
RUNGS = (REMINDER, YELLOW, RED, DISTRICT, LEGAL)
WARNINGS = (REMINDER, YELLOW)
"""Told while the limit still runs; the others once it has passed."""

RUNG_NAMES = {
    REMINDER: Text("预警提醒", "reminder"), YELLOW: Text("黄牌", "yellow card"), RED: Text("红牌", "red card"),
    DISTRICT: Text("红牌上报区级", "red card, passed up to the district"),
    LEGAL: Text("超过法定时限", "past the legal limit"),
}

AGENT, UNIT_HEAD, TOWNSHIP_DUTY = "agent", "unit_head", "township_duty"
DISTRICT_DUTY, SUPERVISOR = "district_duty", "supervisor"
RECIPIENTS = (AGENT, UNIT_HEAD, TOWNSHIP_DUTY, DISTRICT_DUTY, SUPERVISOR)

BEFORE_DUE, PERCENT, AFTER_DUE, AFTER_LEGAL = "before_due", "percent", "after_due", "after_legal"
MOST_WORKING_DAYS = 60
TIMES = {
    REMINDER: ((BEFORE_DUE,), (BEFORE_DUE, PERCENT)), YELLOW: ((BEFORE_DUE,), (BEFORE_DUE, PERCENT)),
    RED: ((AFTER_DUE,),), DISTRICT: ((AFTER_DUE,),), LEGAL: ((AFTER_LEGAL,),),
}

DEFAULT: list[dict[str, Any]] = [
    {"rung": REMINDER, "when": {BEFORE_DUE: 2}, "to": [AGENT]},
    {"rung": YELLOW, "when": {BEFORE_DUE: 2, PERCENT: 90}, "to": [UNIT_HEAD, AGENT]},
    {"rung": RED, "when": {AFTER_DUE: 0}, "to": [TOWNSHIP_DUTY]},
    {"rung": DISTRICT, "when": {AFTER_DUE: 2}, "to": [DISTRICT_DUTY]},
    {"rung": LEGAL, "when": {AFTER_LEGAL: 0}, "to": [SUPERVISOR]},
]
"""Of a promise of n working days: reminder at close of counted day n−2, yellow at close of counted day
max(n−2, min(n−1, ⌈9n/10⌉)), red at the due moment, 2 working days later to the district, past the legal
limit to the supervisor (rules 4)."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: exactly one of the three moments is set, in working days; the first of ``to`` must answer."""

    name: str
    to: tuple[str, ...]
    before_due: int | None = None
    percent: int | None = None
    after_due: int | None = None
    after_legal: int | None = None


Ladder = tuple[Rung, ...]


def ladder_of(value: Sequence[Mapping[str, Any]]) -> Ladder:
    """The ladder that a stored value tells."""
    return tuple(Rung(step["rung"], tuple(step["to"]), **step["when"]) for step in value)


USUAL = ladder_of(DEFAULT)


def moments(
    ladder: Ladder, limit: Deadline, legal_days: int | None = None, closed: Collection[date] = frozenset(),
    later: Sequence[Stop] = (),
) -> dict[str, datetime]:
    """The instants at which a limit's rungs become true; those before day 1, or unknown while it stands, missing.

    ``later`` are stops that began once the limit had passed: they hold up what is counted from there on.
    """
    if limit.due_on is None:
        return {}
    found = {rung.name: _day(rung, limit, limit.due_on, legal_days, closed, later) for rung in ladder}
    return {name: rules.close_of(day) for name, day in found.items() if day is not None}


def _day(
    rung: Rung, limit: Deadline, due_on: date, legal_days: int | None, closed: Collection[date], later: Sequence[Stop]
) -> date | None:
    n, calendar = limit.working_days, limit.run.calendar
    if rung.before_due is not None:
        number = n - rung.before_due
        if rung.percent is not None:
            number = max(number, min(n - 1, -(-rung.percent * n // 100)))
        return limit.counted_day(number)
    if rung.after_due is not None:
        return _after(calendar, due_on, rung.after_due, closed, later)
    if legal_days is None:
        return None
    stops = (*limit.run.stops, *later)
    ended = workdays.deadline(calendar, limit.accepted_on, legal_days, stops, closed).due_on
    return ended and _after(calendar, max(ended, due_on), rung.after_legal or 0, closed, later)


def _after(
    calendar: Calendar, day: date, count: int, closed: Collection[date], later: Sequence[Stop]
) -> date | None:
    stops = [stop for stop in later if stop.to_on is None or stop.to_on > day]
    return workdays.deadline(calendar, day, count, stops, closed).due_on if count else day


def crossed(found: Mapping[str, datetime], given: Collection[str], now: datetime) -> list[tuple[str, datetime]]:
    """The rungs whose moment has come and whose card was not given, earliest first.

    Exactly at the due moment one is still in time (Civil Code art. 203); a warning is true from its moment on.
    """
    come = [
        (name, moment) for name, moment in found.items()
        if name not in given and (moment < now or moment == now and name in WARNINGS)
    ]
    return sorted(come, key=lambda pair: (pair[1], RUNGS.index(pair[0])))


def lit_between(
    ladders: Sequence[Ladder], calendar: Calendar, lost: Collection[date], now: datetime
) -> tuple[datetime, datetime]:
    """Between which moments a clock is due that shows a reminder, or until the second a yellow card.

    A warning comes no earlier than its ``before_due`` allows, so what shows one is due within so many counted
    days after today. By the usual ladder a clock has both warnings or no reminder, and yellow a day or more
    before the end: what shows a reminder is due a working day or more after the next close of business.
    ``lost`` are days that any office is closed; a week is added for clocks not yet laid anew.
    """
    last = today = clock.local_date(now)
    for _ in range(max(rung.before_due or 0 for rungs in (USUAL, *ladders) for rung in rungs)):
        last = workdays.next_working(calendar, last, lost)
    first = now
    if not ladders:
        tomorrow = today + timedelta(days=1)
        yellow = workdays.working_on_or_after(calendar, tomorrow if now >= rules.close_of(today) else today)
        first = rules.close_of(workdays.next_working(calendar, yellow))
    return first, rules.close_of(last + timedelta(days=7))


def check(value: Any) -> None:
    """Invalid, naming the place, unless ``value`` is a ladder: a list of rungs in their order, none twice."""
    if not isinstance(value, list) or not value:
        raise invalid("value", "须为牌级的列表", "Must be a list of rungs.")
    for place, step in enumerate(value):
        _check_step(f"value.{place}", step)
    order = [RUNGS.index(step["rung"]) for step in value]
    if order != sorted(set(order)):
        told = ", ".join(RUNGS)
        raise invalid("value", f"牌级须按次序且不得重复：{told}", f"Rungs come in this order, none twice: {told}.")


def _check_step(place: str, step: Any) -> None:
    if not isinstance(step, dict) or set(step) != {"rung", "when", "to"}:
        raise invalid(place, "须有 rung、when、to 三项", "Must have rung, when and to, and nothing else.")
    if not isinstance(step["rung"], str) or step["rung"] not in RUNGS:
        raise _one_of(f"{place}.rung", RUNGS)
    _check_when(f"{place}.when", step["when"], TIMES[step["rung"]])
    to = step["to"]
    if not isinstance(to, list) or not to or any(not isinstance(one, str) or one not in RECIPIENTS for one in to):
        raise _one_of(f"{place}.to", RECIPIENTS)
    if len(set(to)) != len(to):
        raise invalid(f"{place}.to", "不得重复", "None twice.")


def _check_when(place: str, when: Any, known: tuple[tuple[str, ...], ...]) -> None:
    if not isinstance(when, dict) or tuple(sorted(when)) not in known:
        raise _one_of(place, [" + ".join(names) for names in known])
    for name, number in when.items():
        least, most = (1, 99) if name == PERCENT else (int(name == BEFORE_DUE), MOST_WORKING_DAYS)
        if type(number) is not int or not least <= number <= most:
            raise invalid(f"{place}.{name}", f"须为 {least} 至 {most} 的整数",
                          f"Must be a whole number from {least} to {most}.")


def _one_of(place: str, known: Sequence[str]) -> Invalid:
    told = ", ".join(known)
    return invalid(place, f"须为下列之一：{told}", f"Must be of these: {told}.")
