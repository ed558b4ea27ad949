"""Open errands follow the calendar."""
from collections.abc import Iterable
from datetime import datetime

from backend.clocks import queries as calendars
from backend.clocks.actions import running as clocks
from backend.clocks.queries import running as laid
from backend.core import jobs
from backend.core.actor import Actor
from backend.errands.actions import timing
from backend.errands.queries import running

BATCH = 500


def reproject(*, actor: Actor, now: datetime) -> int:
    """After each change of the calendar, move the open errands that it touches; how many moved.

    Finished ones stay as they were. A pass that was cut short, or had to leave one out, begins anew and finds the rest.
    """
    stamp = calendars.stamp()
    if running.marked() == stamp:
        return 0
    before, failed_before = _without_clock(actor, now)
    count, failed = _with_clocks(actor, now)
    if not failed_before + failed:
        timing.mark(stamp, actor=actor, now=now)
    return before + count


def _move(errand_ids: Iterable[str], actor: Actor, now: datetime) -> tuple[int, int]:
    return jobs.each(errand_ids, lambda errand_id: timing.reproject(errand_id, actor=actor, now=now))


def _without_clock(actor: Actor, now: datetime) -> tuple[int, int]:
    count, failed, last = 0, 0, ""
    while found := running.without_clock(last, BATCH):
        stale = (each for each in found if each["accepted_at"] or each["silence_at"] != timing.silence_due(each))
        moved, left = _move((each["id"] for each in stale), actor, now)
        count, failed, last = count + moved, failed + left, found[-1]["id"]
    return count, failed


def _with_clocks(actor: Actor, now: datetime) -> tuple[int, int]:
    count, failed, last, present = 0, 0, "", calendars.present()
    while found := laid.batch(timing.SUBJECT, last, BATCH):
        halts = laid.halts(timing.SUBJECT, *{each["subject_id"] for each in found})
        moved = {
            each["subject_id"]: None for each in found
            if clocks.has_moved(each, halts[each["subject_id"]], present)
        }
        went, left = _move(moved, actor, now)
        count, failed, last = count + went, failed + left, found[-1]["id"]
    return count, failed
