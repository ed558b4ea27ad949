"""What the clock does about residents' voice: what is late climbs, what was laid follows the calendar."""
from collections.abc import Callable
from datetime import datetime
from functools import partial

from backend.clocks import queries as calendars
from backend.core import jobs
from backend.core.actor import Actor
from backend.voice.actions import declared, handling, rectifying
from backend.voice.queries import complaints, rectifications

BATCH = 200


def lapse(*, actor: Actor, now: datetime) -> int:
    """Put on record, and tell, what is late; end what nobody rated once more. How many."""
    count = _until_none(lambda: complaints.late(now, BATCH), lambda one: handling.look(one, actor=actor, now=now))
    count += _until_none(
        lambda: rectifications.late(now, BATCH), lambda one: rectifying.look(one, actor=actor, now=now)
    )
    return count + _until_none(
        lambda: rectifications.run_out(now, BATCH), lambda one: rectifying.lapse(one, actor=actor, now=now)
    )


def _until_none(found: Callable[[], list[str]], work: Callable[[str], int]) -> int:
    count = 0
    while batch := found():
        done = jobs.each(batch, work)[0]
        count += done
        if done == 0:
            break
    return count


def reproject(*, actor: Actor, now: datetime) -> int:
    """After a change of the calendar, lay anew what is due of open complaints and rectifications; how many moved."""
    stamp = calendars.stamp()
    count = 0
    for stale, work in ((complaints.stale, handling.reproject), (rectifications.stale, rectifying.reproject)):
        last, lay = "", partial(work, actor=actor, now=now)
        while batch := stale(stamp, last, BATCH):
            count += jobs.each(batch, lay)[0]
            last = batch[-1]
    return count


def forget(*, actor: Actor, now: datetime) -> int:
    """Forget what complaints long over say of people; how many."""
    count = 0
    while done := declared.forget(BATCH, actor=actor, now=now):
        count += done
    return count
