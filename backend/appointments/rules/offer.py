"""What a unit offers: its booking rules as one immutable value, read from their JSON (api.md). Pure."""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import orjson

from backend.core.daytime import minute_of

RECURRING, WEEKEND_DUTY, ONE_DAY, CLOSURE = "recurring", "weekend_duty", "one_day", "closure"
KINDS = (RECURRING, WEEKEND_DUTY, ONE_DAY, CLOSURE)
MINUTES_BEFORE, WORKING_DAY_CLOSE, WORKING_DAY_TIME = "minutes_before", "working_day_close", "working_day_time"
CUTOFFS = (MINUTES_BEFORE, WORKING_DAY_CLOSE, WORKING_DAY_TIME)
COUNTER = ""
"""The desk of a rule that names none."""


@dataclass(frozen=True, slots=True)
class Cutoff:
    """When booking ends: ``value`` minutes before the start; close of business of the ``value``-th previous
    working day; the minute ``value`` of the working day before."""

    kind: str
    value: int


UNTIL_THE_START = Cutoff(MINUTES_BEFORE, 0)


@dataclass(frozen=True, slots=True)
class Service:
    """Something that can be booked; it lasts ``minutes``, and its desk stays empty for ``gap_minutes`` more."""

    code: str
    name: str
    minutes: int
    gap_minutes: int = 0
    cutoff: Cutoff = UNTIL_THE_START


@dataclass(frozen=True, slots=True)
class Rule:
    """A window of one desk on some days, or a closure.

    ``weekdays`` are 1–7, empty: every rest day. ``services`` empty: all. A closure without times is the whole day.
    """

    kind: str
    weekdays: frozenset[int]
    on: date | None
    from_minute: int | None
    to_minute: int | None
    desk: str
    capacity: int
    self_capacity: int
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class Offer:
    """All booking rules of a unit; ``number`` stamps the cells laid by them."""

    number: int
    grid: int
    horizon_days: int
    opens_minute: int
    roster_required: bool
    services: Mapping[str, Service]
    rules: tuple[Rule, ...]

    def service(self, code: str) -> Service | None:
        """The service of that code, or None."""
        return self.services.get(code)


EMPTY: dict[str, Any] = {
    "grid_minutes": 30, "horizon_days": 14, "opens_at": "08:30", "roster_required": False, "services": [], "rules": [],
}
"""The rules of a unit that has set none: nothing can be booked."""


@lru_cache(maxsize=1024)
def offer_of(text: str, number: int) -> Offer:
    """The offer that a stored body of booking rules makes."""
    body = orjson.loads(text)
    services = {each["code"]: _service(each) for each in body["services"]}
    return Offer(
        number, body["grid_minutes"], body["horizon_days"], minute_of(body["opens_at"]), body["roster_required"],
        services, tuple(_rule(each) for each in body["rules"]),
    )


def _service(each: dict[str, Any]) -> Service:
    cutoff = each.get("cutoff")
    return Service(
        each["code"], each["name"], each["minutes"], each.get("gap_minutes", 0),
        _cutoff(cutoff) if cutoff else UNTIL_THE_START,
    )


def _cutoff(given: dict[str, Any]) -> Cutoff:
    value = given["value"]
    return Cutoff(given["kind"], minute_of(value) if given["kind"] == WORKING_DAY_TIME else value)


def _rule(each: dict[str, Any]) -> Rule:
    capacity = each.get("capacity", 0)
    return Rule(
        kind=each["kind"],
        weekdays=frozenset(each.get("weekdays", ())),
        on=date.fromisoformat(each["date"]) if each.get("date") else None,
        from_minute=_minute(each.get("from")),
        to_minute=_minute(each.get("to")),
        desk=each.get("desk", COUNTER),
        capacity=capacity,
        self_capacity=each.get("self_capacity", capacity),
        services=frozenset(each.get("services", ())),
    )


def _minute(text: str | None) -> int | None:
    return None if text is None else minute_of(text)
