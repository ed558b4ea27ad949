"""What the clock does to errands: open ones follow the calendar."""
from datetime import datetime

from backend.clocks import queries as calendars
from backend.core.actor import Actor
from backend.errands.actions import timing
from backend.errands.queries import running

BATCH = 500


def reproject(*, actor: Actor, now: datetime) -> int:
    """After each change of the calendar, move the open errands that it touches; how many moved.

    Finished ones stay as they were. A pass that was cut short begins anew and finds the rest.
    """
    stamp = calendars.stamp()
    if running.marked() == stamp:
        return 0
    count, last = 0, ""
    while found := running.batch(last, BATCH):
        for errand in found:
            if timing.moved(errand) is not None:
                count += timing.reproject(errand["id"], actor=actor, now=now)
        last = found[-1]["id"]
    timing.mark(stamp, actor=actor, now=now)
    return count
