"""Open errands follow the calendar."""
from datetime import datetime

from backend.clocks import queries as calendars
from backend.clocks.actions import running as clocks
from backend.clocks.queries import running as laid
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
    count = _without_clock(actor, now) + _with_clocks(actor, now)
    timing.mark(stamp, actor=actor, now=now)
    return count


def _without_clock(actor: Actor, now: datetime) -> int:
    count, last = 0, ""
    while found := running.without_clock(last, BATCH):
        for errand in found:
            if errand["accepted_at"] or errand["silence_at"] != timing.silence_due(errand):
                count += timing.reproject(errand["id"], actor=actor, now=now)
        last = found[-1]["id"]
    return count


def _with_clocks(actor: Actor, now: datetime) -> int:
    count, last, present = 0, "", calendars.present()
    while found := laid.batch(timing.SUBJECT, last, BATCH):
        halts = laid.halts(timing.SUBJECT, *{each["subject_id"] for each in found})
        moved = {
            each["subject_id"]: None for each in found
            if clocks.has_moved(each, halts[each["subject_id"]], present)
        }
        for errand_id in moved:
            count += timing.reproject(errand_id, actor=actor, now=now)
        last = found[-1]["id"]
    return count
