"""Cards of errands are told at the next opening of the offices."""
from datetime import datetime

from backend.clocks.queries import pending
from backend.clocks.queries.recipients import Recipients
from backend.core import jobs
from backend.core.actor import Actor
from backend.errands.actions import timing, warning

LOOK, BATCH = 5000, 20


def tell_cards(*, actor: Actor, now: datetime) -> int:
    """Tell staff of the cards whose delivery has come (rules 4); how many cards."""
    count, recipients = 0, Recipients()
    due = pending.pending(timing.SUBJECT, now, (0, ""), LOOK)
    while due:
        card_ids = [card_id for _, card_id in due]
        batches = (card_ids[start:start + BATCH] for start in range(0, len(card_ids), BATCH))
        count += jobs.together(batches, lambda batch: warning.tell(list(batch), recipients, actor=actor, now=now))[0]
        due = pending.pending(timing.SUBJECT, now, due[-1], LOOK) if len(due) == LOOK else []
    return count
