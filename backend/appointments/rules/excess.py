"""Who has no seat any more once hours, staff or rules were cut (rules 5.7): the latest made. Pure."""
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from backend.appointments.rules import seating, starts
from backend.appointments.rules.laying import Staff

OPEN, SETTLED, ALL = "open", "settled", "all"
STATES = (OPEN, SETTLED)
RULES, ROSTER, CLOSURE = "rules", "roster", "closure"
CAUSES = (RULES, ROSTER, CLOSURE)
LEFT, SEAT_BACK, OVER, AGREED = "left", "seat_back", "over", "agreed"
WAYS = (LEFT, SEAT_BACK, OVER, AGREED)
"""How a conflict ends: she has another time or none, the seat is back, its time is over, or as staff agreed."""

Place = tuple[str, int]


class Seats(NamedTuple):
    """What a cell gives now."""

    wanted: int
    services: Sequence[str]
    staff: Staff | None


class Sitting(NamedTuple):
    """One cell of an appointment; ``gap``: it is only kept empty afterwards. ``settled``: nobody moves it now."""

    appointment_id: str
    desk: str
    minute: int
    service: str
    gap: bool
    settled: bool


NONE = Seats(0, (), None)


def without_seat(cells: Mapping[Place, Seats], sitting: Iterable[Sitting]) -> dict[str, Place]:
    """The appointments that lack a seat in any of their cells, with the first such cell.

    ``sitting`` in the order in which the appointments were made: the earlier one keeps its seat. A gap may
    pass the end of a window, so it needs no seat where there is none at all.
    """
    by_place: dict[Place, list[Sitting]] = {}
    for one in sitting:
        by_place.setdefault((one.desk, one.minute), []).append(one)
    found: dict[str, Place] = {}
    for place in sorted(by_place, key=lambda each: (each[1], each[0])):
        for one in _left(cells.get(place, NONE), by_place[place]):
            found.setdefault(one.appointment_id, place)
    return found


def _left(cell: Seats, present: list[Sitting]) -> list[Sitting]:
    ordered = sorted(present, key=lambda one: not one.settled)
    refused = [
        one for one in ordered
        if not one.gap and not starts.serves(cell.services, one.service) or not one.gap and not cell.wanted
    ]
    seated = [one for one in ordered if one not in refused and cell.wanted]
    left = seating.unseated(cell.staff, cell.wanted, [one.service for one in seated])
    return [one for one in [*refused, *(seated[n] for n in left)] if not one.settled]


def cause(closed: bool, ruled: int, present: int) -> str:
    """Why a cell has too few seats: the unit is closed, the roster gives fewer than the rules, or the rules do."""
    if closed:
        return CLOSURE
    return ROSTER if ruled >= present else RULES
