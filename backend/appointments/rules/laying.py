"""From rules, calendar and roster to the cells of one day (rules 5.1). Pure.

Precedence: closure → one-day rules, which replace the day wholly → kind of day (holiday: nothing; make-up:
recurring rules, Friday's on a Saturday and Monday's on a Sunday, rules 1.1; rest: weekend duty only) →
recurring rules of the weekday. A cell that comes to no seat at all is not laid.
"""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from backend.appointments.rules.offer import CLOSURE, COUNTER, ONE_DAY, RECURRING, WEEKEND_DUTY, Offer, Rule
from backend.core.calendar import HOLIDAY, MAKEUP, REST

CLOSED = "closed"
"""The kind of a day on which the unit is closed or not in office; beside work, rest, holiday, makeup."""
SATURDAY, SUNDAY, MONDAY, FRIDAY = 6, 7, 1, 5

Staff = tuple[tuple[str, ...], ...]


class OnDuty(Protocol):
    """A stretch of a day for which the roster has somebody at a desk; ``services`` empty: all."""

    @property
    def account_id(self) -> str: ...
    @property
    def desk(self) -> str: ...
    @property
    def from_minute(self) -> int: ...
    @property
    def to_minute(self) -> int: ...
    @property
    def services(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Override:
    """Seats that staff added to the cells of a desk that begin in a stretch of the day (rules 5.9)."""

    desk: str
    from_minute: int
    to_minute: int
    seats: int


@dataclass(frozen=True, slots=True)
class Laid:
    """One cell: ``ruled`` is what the rules alone give, ``wanted`` what roster and overrides make of it.

    ``staff`` names for each person on duty the services he is qualified for, none: all; it is None where
    everybody serves everything or the roster does not count.
    """

    desk: str
    minute: int
    ruled: int
    wanted: int
    wanted_self: int
    services: tuple[str, ...]
    staff: Staff | None


def lay(
    offer: Offer, day: date, kind: str, duties: Sequence[OnDuty] = (), overrides: Sequence[Override] = ()
) -> list[Laid]:
    """The cells of a day of that ``kind``, by desk and minute. ``duties`` count where a roster is required."""
    found = []
    for rule, minute in steps(offer, day, kind):
        staff = _staff(offer, rule, minute, duties) if offer.roster_required else None
        seats = min(rule.capacity, len(staff)) if staff is not None else rule.capacity
        added = sum(
            each.seats for each in overrides
            if each.desk == rule.desk and each.from_minute <= minute < each.to_minute
        )
        if seats + added:
            choosy = staff is not None and any(staff)
            found.append(Laid(
                rule.desk, minute, rule.capacity, seats + added, min(rule.self_capacity, seats),
                tuple(sorted(rule.services)), (*staff, *((),) * added) if choosy and staff is not None else None,
            ))
    return sorted(found, key=lambda cell: (cell.desk, cell.minute))


def steps(offer: Offer, day: date, kind: str) -> list[tuple[Rule, int]]:
    """Each grid step of the day with the rule that makes it, whether it comes to a seat or not."""
    shut = [(rule.from_minute, rule.to_minute) for rule in offer.rules if rule.kind == CLOSURE and rule.on == day]
    if kind == CLOSED or any(start is None for start, _ in shut):
        return []
    return [
        (rule, minute)
        for rule in windows(offer, day, kind)
        for minute in range(rule.from_minute or 0, rule.to_minute or 0, offer.grid)
        if not any(minute < (end or 0) and minute + offer.grid > (start or 0) for start, end in shut)
    ]


def windows(offer: Offer, day: date, kind: str) -> list[Rule]:
    """The rules whose windows hold on a day that is not closed."""
    own = [rule for rule in offer.rules if rule.kind == ONE_DAY and rule.on == day]
    if own or kind == HOLIDAY:
        return own
    weekday = day.isoweekday()
    if kind == REST:
        return [
            rule for rule in offer.rules
            if rule.kind == WEEKEND_DUTY and (not rule.weekdays or weekday in rule.weekdays)
        ]
    if kind == MAKEUP:
        weekday = {SATURDAY: FRIDAY, SUNDAY: MONDAY}.get(weekday, weekday)
    return [rule for rule in offer.rules if rule.kind == RECURRING and weekday in rule.weekdays]


def _staff(offer: Offer, rule: Rule, minute: int, duties: Iterable[OnDuty]) -> Staff:
    """What each person serves who is on duty at the rule's desk for all of a cell, most able first.

    The counter counts everybody; a desk those whose shift names it or none.
    """
    end = minute + offer.grid
    people: dict[str, list[OnDuty]] = {}
    for duty in duties:
        here = rule.desk == COUNTER or duty.desk in (rule.desk, COUNTER)
        if here and duty.from_minute < end and duty.to_minute > minute:
            people.setdefault(duty.account_id, []).append(duty)
    offered = rule.services or frozenset(offer.services)
    served = [_served(spans, minute, end, offered) for spans in people.values()]
    return tuple(sorted((found for found in served if found is not None), key=lambda one: (len(one), one)))


def _served(spans: list[OnDuty], minute: int, end: int, offered: frozenset[str]) -> tuple[str, ...] | None:
    """The services of a cell that one person can serve from its first minute to its last; empty: all."""
    if _covered([duty for duty in spans if not duty.services], minute, end):
        return ()
    able = frozenset(
        code for code in offered
        if _covered([duty for duty in spans if not duty.services or code in duty.services], minute, end)
    )
    if not able:
        return None
    return () if able == offered else tuple(sorted(able))


def _covered(spans: list[OnDuty], minute: int, end: int) -> bool:
    for duty in sorted(spans, key=lambda one: one.from_minute):
        if duty.from_minute <= minute:
            minute = max(minute, duty.to_minute)
    return minute >= end
