"""Which cells an appointment takes, and at which minutes one can begin. Pure.

A service takes as many consecutive cells as its minutes need, its gap the cells that follow so far as there
are any: a gap follows its booking and may pass the window's end.
"""
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from backend.appointments.rules import seats
from backend.appointments.rules.offer import Offer, Service
from backend.appointments.rules.seats import Wish
from backend.core.problems import Problem, Text

NO_BOUND = 1 << 31


class NoSuchSlot(Problem):
    """The unit offers no such service, or none that begins then."""

    status, slug, title = 409, "no-such-slot", Text("没有这个号源", "There is no such slot")


def taken(offer: Offer, service: Service, start: int, serving: Container[int], laid: Container[int]) -> Wish | None:
    """The cells of a service from ``start`` on; None where a cell that must serve is missing.

    ``serving`` are the minutes of a desk's cells that may be booked for the service, ``laid`` of all its cells.
    """
    wished = seats.wish(service, start, offer.grid)
    if not all(minute in serving for minute in wished.own):
        return None
    return wished._replace(gap=tuple(minute for minute in wished.gap if minute in laid))


def serves(services: Container[str], code: str) -> bool:
    """Whether a cell that may be booked for ``services`` (empty: all) may be booked for one."""
    return not services or code in services


def all_of(offer: Offer, service: Service, cells: dict[int, Container[str]]) -> Iterator[tuple[int, Wish]]:
    """Every start of a service at one desk, whether free or not; ``cells`` are its minutes and their services."""
    serving = {minute for minute, services in cells.items() if serves(services, service.code)}
    for start in sorted(serving):
        found = taken(offer, service, start, serving, cells)
        if found is not None:
            yield start, found


class Room(NamedTuple):
    """What a cell has left for one service; ``serving``: whether it may be booked for it at all."""

    capacity: int
    free: int
    free_self: int
    serving: bool


def left(cells: Mapping[int, Room], service: Service, grid: int) -> dict[int, tuple[int, int, int]]:
    """Capacity and free seats (of all, of those for self-service) at every start of a service at one desk.

    The fullest of the cells that :func:`taken` names decides. In one pass, since everybody may ask for this.
    """
    lasting = -(-service.minutes // grid) * grid
    reach = lasting + -(-service.gap_minutes // grid) * grid
    found = {}
    for start in cells:
        capacity = free = free_self = NO_BOUND
        for minute in range(start, start + reach, grid):
            cell = cells.get(minute)
            if cell is None or not cell.serving:
                if minute < start + lasting:
                    break
                if cell is None:
                    continue
            capacity = cell.capacity if cell.capacity < capacity else capacity
            free = cell.free if cell.free < free else free
            free_self = cell.free_self if cell.free_self < free_self else free_self
        else:
            free = free if free > 0 else 0
            found[start] = capacity, free, min(free, free_self) if free_self > 0 else 0
    return found


class Slot(NamedTuple):
    """A start of a service, all desks together."""

    day: date
    start: int
    end: int
    service: str
    capacity: int
    free: int
    free_self: int


def nearest(slots: Iterable[Slot], day: date, start: int, count: int = 3) -> list[Slot]:
    """The slots nearest to a wish: the same day first, then by distance in days, then in minutes."""
    wished = day.toordinal()
    return sorted(
        slots, key=lambda one: (abs(one.day.toordinal() - wished), abs(one.start - start), one.day, one.start)
    )[:count]
