"""What the clock decides of joint reviews: written answers that did not come; what it reminds of."""
from datetime import datetime

from backend.core import clock, jobs
from backend.core.actor import Actor
from backend.projects.actions import attending, carrying
from backend.projects.queries import assignments, reviews

BATCH = 200


def deem_absence(*, actor: Actor, now: datetime) -> int:
    """Decide each summons whose written answer was awaited until now and did not come, once; how many (rules 8.4)."""
    count, after = 0, (0, "")
    while found := reviews.silent(now, after, BATCH):
        count += jobs.each(
            found, lambda each: attending.lapse(each["review_id"], each["department_code"], actor=actor, now=now)
        )[0]
        after = found[-1]["answer_due_at"], found[-1]["id"]
    return count


def chase_reviews(*, actor: Actor, now: datetime) -> int:
    """Tell of minutes that are due or late, and of assignments that are overdue (rules 8.5); of how many."""
    today, count, last = clock.local_date(now), 0, ""
    while unwritten := reviews.without_minutes(today, last, BATCH):
        count += jobs.each(unwritten, lambda each: carrying.chase_minutes(each, actor=actor, now=now))[0]
        last = unwritten[-1]["id"]
    last = ""
    while found := assignments.overdue(today, last, BATCH):
        count += jobs.each(found, lambda each: carrying.chase(each, actor=actor, now=now))[0]
        last = found[-1]["id"]
    return count
