"""An agent's day: what is booked stands, the others are inserted where they cost least, then bettered. Pure.

Deterministic: the same stops in any order give the same plan. All times are minutes of the day.
"""
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple

MOST_STOPS = 15
TOO_MANY, NO_ROOM = "too_many", "no_room"
BOOKED, PROPOSED = "booked", "proposed"

Way = Callable[[str | None, str | None], int]
"""Minutes from one stop to another, by key; None is where the day begins and ends."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit that begins between ``earliest`` and ``latest``; one that is ``booked`` begins at ``earliest``."""

    key: str
    earliest: int
    latest: int
    minutes: int
    booked: bool = False


TURNS: tuple[Callable[[Stop], tuple[int, int, str]], ...] = (
    lambda one: (one.latest - one.earliest, one.latest, one.key),
    lambda one: (one.latest, one.earliest, one.key),
    lambda one: (-one.earliest, -one.latest, one.key),
)
"""Where the cheapest first leaves one out: the narrowest window first, the soonest due, the last to begin."""


class Planned(NamedTuple):
    """A stop of the plan: the way there, when it begins, and how late that is for what is booked."""

    key: str
    way: int
    start: int
    late: int


class Plan(NamedTuple):
    """The stops in order; those that found no place, each with why; minutes on the road, the way back included."""

    stops: tuple[Planned, ...]
    unplanned: tuple[tuple[str, str], ...]
    travel: int


def plan(stops: Iterable[Stop], way: Way, most: int = MOST_STOPS) -> Plan:
    """The day: booked stops first, by time; the others by cheapest insertion, then 2-opt and moving single stops.

    No window is broken: what does not fit is left out, and nothing that is booked becomes later than it is anyhow.
    At most ``most`` stops, of the others those that must begin soonest.
    """
    ordered = sorted(stops, key=lambda one: (not one.booked, one.latest, one.earliest, one.key))
    kept, left = ordered[:most], ordered[most:]
    ways = _Ways(kept, way)
    booked = [number for number, one in enumerate(kept) if one.booked]
    others = [number for number, one in enumerate(kept) if not one.booked]
    bound = ways.looks(booked)[1]
    tried = [_bettered(ways, booked, others, bound, None)]
    if len(tried[0]) < len(kept):
        turns = [sorted(others, key=lambda number: turn(kept[number])) for turn in TURNS]
        tried += [_bettered(ways, booked, others, bound, turn) for turn in turns]
    route = min(tried, key=lambda route: (-len(route), ways.travel(route), route))
    none = [(kept[number].key, NO_ROOM) for number in others if number not in route]
    return Plan(ways.shown(route), (*none, *((one.key, TOO_MANY) for one in left)), ways.travel(route))


class _Ways:
    """The stops by number, and the minutes between them; the last number is where the day begins and ends."""

    def __init__(self, stops: Sequence[Stop], way: Way) -> None:
        keys = [*(one.key for one in stops), None]
        self.stops, self.home = stops, len(stops)
        self.between = [[0 if one == other else way(one, other) for other in keys] for one in keys]
        self.spans = [(one.earliest, one.latest, one.minutes, one.booked) for one in stops]

    def travel(self, route: Sequence[int]) -> int:
        """Minutes on the road, from home and back."""
        return sum(self.between[one][other] for one, other in pairwise((self.home, *route, self.home)))

    def looks(self, route: Sequence[int]) -> tuple[bool, int]:
        """Whether every window holds and what is booked comes by its time, and how late that is altogether."""
        late, ready, last, told = 0, 0, self.home, 0
        for number in route:
            earliest, latest, minutes, booked = self.spans[number]
            start = earliest if last == self.home else max(earliest, ready + self.between[last][number])
            if start > latest and not booked or booked and earliest < told:
                return False, late
            if booked:
                late, told = late + start - earliest, earliest
            ready, last = start + minutes, number
        return True, late

    def fits(self, route: Sequence[int], bound: int) -> bool:
        """Whether the route breaks no window and makes nothing that is booked later than ``bound``."""
        holds, late = self.looks(route)
        return holds and late <= bound

    def shown(self, route: Sequence[int]) -> tuple[Planned, ...]:
        """The route with its times."""
        found, ready, last = [], 0, self.home
        for number in route:
            one, minutes = self.stops[number], self.between[last][number]
            start = one.earliest if last == self.home else max(one.earliest, ready + minutes)
            found.append(Planned(one.key, minutes, start, max(0, start - one.latest)))
            ready, last = start + one.minutes, number
        return tuple(found)


def _bettered(
    ways: _Ways, booked: list[int], others: list[int], bound: int, turn: list[int] | None
) -> tuple[int, ...]:
    """Insert and better, one after the other, until neither changes anything."""
    route = tuple(booked)
    while True:
        waiting = [number for number in turn or others if number not in route]
        longer = _inserted(ways, route, waiting, bound, in_turn=turn is not None)
        better = _shortened(ways, longer, bound)
        if len(better) == len(route) and better == longer:
            return better
        route = better


def _inserted(
    ways: _Ways, route: tuple[int, ...], waiting: list[int], bound: int, *, in_turn: bool
) -> tuple[int, ...]:
    """Insert one after the other where it costs least: always the cheapest of all, or each ``in_turn``."""
    while waiting:
        found = [
            (cost, number, place)
            for number in (waiting[:1] if in_turn else waiting)
            for cost, place in _places(ways, route, number, bound)
        ]
        if found:
            _, number, place = min(found)
            route = (*route[:place], number, *route[place:])
            waiting.remove(number)
        elif in_turn:
            del waiting[0]
        else:
            break
    return route


def _places(ways: _Ways, route: tuple[int, ...], number: int, bound: int) -> Iterable[tuple[int, int]]:
    """Where a stop can be put in, and how many minutes of way each place adds."""
    between, around = ways.between, (ways.home, *route, ways.home)
    for place, (before, after) in enumerate(pairwise(around)):
        cost = between[before][number] + between[number][after] - between[before][after]
        if ways.fits((*route[:place], number, *route[place:]), bound):
            yield cost, place


def _shortened(ways: _Ways, route: tuple[int, ...], bound: int) -> tuple[int, ...]:
    """Turn stretches round (2-opt) and move single stops while that saves way; the first step that does."""
    travel = ways.travel(route)
    while True:
        for one in _neighbours(route):
            length = ways.travel(one)
            if length < travel and ways.fits(one, bound):
                travel, route = length, one
                break
        else:
            return route


def _neighbours(route: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    """Every route that one turned stretch, or one moved stop, makes of this one."""
    for first, last in combinations(range(len(route) + 1), 2):
        if last - first > 1:
            yield (*route[:first], *reversed(route[first:last]), *route[last:])
    for place, number in enumerate(route):
        rest = (*route[:place], *route[place + 1:])
        for other in range(len(route)):
            if other not in (place, place - 1):
                yield (*rest[:other], number, *rest[other:])
