"""What the clock does to uploads: those that nobody goes on with end, and all are forgotten in time."""
from datetime import datetime

from backend.core import jobs
from backend.core.actor import Actor
from backend.files.actions import announcing, receiving
from backend.files.queries import expected, uploads

BATCH = 200


def lapse_uploads(*, actor: Actor, now: datetime) -> int:
    """Let go of what has arrived of uploads that had no further part for seven days; how many."""
    count = 0
    while found := uploads.lapsed(now, BATCH):
        done = jobs.each(found, lambda upload_id: receiving.lapse(upload_id, actor=actor, now=now))[0]
        count += done
        if done == 0:
            break
    return count


def forget_uploads(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Forget what became of uploads and announcements half a year ago; how many of each."""
    counts = {"uploads": 0, "announcements": 0}
    while found := uploads.long_over(now, BATCH):
        counts["uploads"] += receiving.forget(found, actor=actor, now=now)
    while found := expected.long_arrived(now, BATCH):
        counts["announcements"] += announcing.forget(found, actor=actor, now=now)
    return counts
