"""Which cells an appointment takes, and at which desk it finds them free (rules 5.1–5.3). Pure."""
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from backend.appointments.rules.offer import Service
from backend.core.problems import Problem, Text


class SlotFull(Problem):
    """Somebody was faster, or all seats were taken before; ``alternatives`` are the three nearest free slots."""

    status, slug, title = 409, "slot-full", Text("该时段已约满", "The slot is full")


class AlreadyBooked(Problem):
    """One active appointment per person, service and day."""

    status, slug, title = 409, "already-booked", Text(
        "该群众当天已预约此项服务", "The person has an appointment for this service on that day"
    )


class Wish(NamedTuple):
    """What is to be taken: the minutes of the service's own cells, and those of the gap that follows."""

    service: str
    own: tuple[int, ...]
    gap: tuple[int, ...]

    @property
    def minutes(self) -> tuple[int, ...]:
        return self.own + self.gap


def wish(service: Service, start: int, grid: int) -> Wish:
    """The cells of a service that starts so many minutes after midnight, on a grid of so many minutes."""
    own = -(-service.minutes // grid)
    gap = -(-service.gap_minutes // grid)
    steps = tuple(start + grid * step for step in range(own + gap))
    return Wish(service.code, steps[:own], steps[own:])


class Place(NamedTuple):
    """A desk at which a wish can be met, and the cells of it that exist there."""

    desk: str
    minutes: tuple[int, ...]
    free: int
    staffed: bool


def places(wish: Wish, cells: Iterable[Mapping[str, Any]], *, self_service: bool) -> list[Place]:
    """The desks that have all of the service's own cells for it, most free first, ties by name; full ones too.

    A cell has ``desk, minute, capacity, booked, self_capacity, booked_self, services, staff``. A gap takes
    its cells so far as they exist. ``staffed``: whether who is on duty there decides besides.
    """
    desks: dict[str, dict[int, Mapping[str, Any]]] = {}
    for cell in cells:
        desks.setdefault(cell["desk"], {})[cell["minute"]] = cell
    found = [_place(wish, desk, held, self_service) for desk, held in desks.items()]
    return sorted((place for place in found if place is not None), key=lambda place: (-place.free, place.desk))


def _place(wish: Wish, desk: str, held: Mapping[int, Mapping[str, Any]], self_service: bool) -> Place | None:
    for minute in wish.own:
        if minute not in held or not _admits(held[minute], wish.service):
            return None
    taken = [held[minute] for minute in wish.minutes if minute in held]
    free = min([cell["capacity"] - cell["booked"] for cell in taken])
    if self_service:
        free = min(free, *[cell["self_capacity"] - cell["booked_self"] for cell in taken])
    staffed = any(cell["staff"] is not None for cell in taken)
    return Place(desk, tuple([cell["minute"] for cell in taken]), free, staffed)


def _admits(cell: Mapping[str, Any], service: str) -> bool:
    return not cell["services"] or service in cell["services"]


Fits = Callable[[Sequence[Sequence[str]], Sequence[str]], bool]


def is_served(
    wish: Wish, staff: Mapping[int, Sequence[Sequence[str]] | None], taken: Mapping[int, Sequence[str]], fits: Fits
) -> bool:
    """Whether who is on duty can serve, in each cell, those who are there and the new one.

    ``staff`` are the qualifications per minute (None: everybody serves everything), ``taken`` the services
    of the appointments there.
    """
    return all(
        qualified is None or fits(qualified, [*taken.get(minute, ()), wish.service])
        for minute, qualified in staff.items()
    )
