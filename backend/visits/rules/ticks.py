"""An agent's time in ticks of five minutes; each can be taken once, by database key (rules 6). Pure."""
from collections.abc import Collection
from datetime import datetime

from backend.core import clock

MINUTES = 5
_MICROS = MINUTES * 60 * 1_000_000
_DAY = 24 * 60 // MINUTES


def tick_of(at: datetime) -> int:
    """The tick that an instant lies in."""
    return clock.to_micros(at) // _MICROS


def taken(start_at: datetime, minutes: int) -> range:
    """The ticks from a start on for so many minutes; what is begun is taken whole."""
    first = tick_of(start_at)
    return range(first, -(-(clock.to_micros(start_at) + minutes * 60_000_000) // _MICROS))


def at(tick: int) -> datetime:
    """The instant at which a tick begins."""
    return clock.from_micros(tick * _MICROS)


def free_from(wanted: range, busy: Collection[int]) -> int | None:
    """The first tick, from the wanted one on and within a day, from which as many in a row are free; else None."""
    held, run = set(busy), 0
    for tick in range(wanted.start, wanted.start + _DAY):
        run = 0 if tick in held else run + 1
        if run == len(wanted):
            return tick - run + 1
    return None
