"""Who serves whom in one cell: appointments matched to staff who are not all qualified for everything. Pure."""
from collections.abc import Sequence


def fits(staff: Sequence[Sequence[str]] | None, services: Sequence[str]) -> bool:
    """Whether everybody can be served at once, each person on duty serving one.

    ``staff`` names the services each is qualified for, empty: all; None: everybody serves everything, and
    seats are counted elsewhere.
    """
    return not unseated(staff, None, services)


def unseated(staff: Sequence[Sequence[str]] | None, seats: int | None, services: Sequence[str]) -> list[int]:
    """Which of ``services``, in their order, find no seat among at most ``seats`` (None: no bound).

    An earlier one is never given up for a later one, though it may be served by somebody else for its sake
    (augmenting paths), so that as many as possible are seated.
    """
    left: list[int] = []
    served: dict[int, int] = {}
    taken = 0
    for place, _ in enumerate(services):
        if seats is not None and taken >= seats or staff is not None and not _seat(place, staff, services, served):
            left.append(place)
        else:
            taken += 1
    return left


def _seat(place: int, staff: Sequence[Sequence[str]], services: Sequence[str], served: dict[int, int]) -> bool:
    return _reach(place, staff, services, served, set())


def _reach(
    place: int, staff: Sequence[Sequence[str]], services: Sequence[str], served: dict[int, int], tried: set[int]
) -> bool:
    for who, able in enumerate(staff):
        if who in tried or able and services[place] not in able:
            continue
        tried.add(who)
        if who not in served or _reach(served[who], staff, services, served, tried):
            served[who] = place
            return True
    return False


def more(staff: Sequence[Sequence[str]] | None, services: Sequence[str], service: str, most: int) -> int:
    """How many more of ``service`` can be served beside ``services``, at most ``most``."""
    if staff is None or not most:
        return most
    left = unseated(staff, None, [*services, *[service] * most])
    return most - sum(1 for place in left if place >= len(services))
