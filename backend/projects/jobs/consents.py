"""What the clock decides of procedures: silence that counts as consent, the numbered notices, their cards."""
from datetime import datetime, timedelta

from backend.clocks import queries as calendars
from backend.clocks import rules as hours
from backend.clocks.actions import running
from backend.clocks.queries import pending
from backend.clocks.queries import running as laid
from backend.clocks.queries.recipients import Recipients
from backend.core import clock, jobs
from backend.core.actor import Actor
from backend.projects.actions import deeming, following, recomputing, warning
from backend.projects.queries import consents

BATCH, LOOK, TOGETHER = 500, 5000, 20


def deem_silence(*, actor: Actor, now: datetime) -> int:
    """Decide each procedure whose limit ended in silence, once, however long ago (rules 8.3); how many.

    Each is a transaction of its own; a pass that was cut short is finished by the next.
    """
    count, after = 0, (0, "")
    while found := consents.silent(now, after, BATCH):
        count += jobs.each(
            found, lambda each: deeming.settle(each["project_id"], each["code"], actor=actor, now=now)
        )[0]
        after = found[-1]["due_at"], found[-1]["id"]
    return count


def issue_notices(*, actor: Actor, now: datetime) -> int:
    """Issue the notices of deemed consents on their day, from the opening of the offices on (rules 8.3); how many."""
    day = clock.local_date(now)
    if now < hours.opening_of(day):
        day -= timedelta(days=1)
    count, after = 0, ("", "")
    while found := consents.untold(day.isoformat(), after, BATCH):
        count += jobs.each(
            found, lambda each: deeming.issue_notice(each["id"], each["project_id"], actor=actor, now=now)
        )[0]
        after = found[-1]["notice_on"], found[-1]["id"]
    return count


def tell_cards(*, actor: Actor, now: datetime) -> int:
    """Tell staff of the cards of procedures whose delivery has come (rules 4); how many cards."""
    count, recipients = 0, Recipients()
    due = pending.pending(recomputing.SUBJECT, now, (0, ""), LOOK)
    while due:
        card_ids = [card_id for _, card_id in due]
        batches = (card_ids[start:start + TOGETHER] for start in range(0, len(card_ids), TOGETHER))
        count += jobs.together(batches, lambda batch: warning.tell(list(batch), recipients, actor=actor, now=now))[0]
        due = pending.pending(recomputing.SUBJECT, now, due[-1], LOOK) if len(due) == LOOK else []
    return count


def reproject(*, actor: Actor, now: datetime) -> int:
    """After each change of the calendar, move the clocks of procedures that it touches; how many procedures."""
    stamp = calendars.stamp()
    if consents.marked() == stamp:
        return 0
    count, failed, last, present = 0, 0, "", calendars.present()
    while found := laid.batch(recomputing.SUBJECT, last, BATCH):
        halts = laid.halts(recomputing.SUBJECT, *{each["subject_id"] for each in found})
        moved = {
            each["subject_id"] for each in found if running.has_moved(each, halts[each["subject_id"]], present)
        }
        went, left = jobs.each(
            consents.places(moved), lambda place: following.reproject(*place, actor=actor, now=now)
        )
        count, failed, last = count + went, failed + left, found[-1]["id"]
    if not failed:
        following.mark(stamp, actor=actor, now=now)
    return count
