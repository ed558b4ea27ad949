"""What the clock does by itself: cards."""
from datetime import datetime

from backend.clocks.actions import giving
from backend.clocks.queries import running
from backend.clocks.queries.recipients import Recipients
from backend.core import jobs
from backend.core.actor import Actor

LOOK, BATCH = 5000, 16
"""Clocks looked up at a time; clocks whose cards are given in one transaction, so that no writer waits long."""


def give_cards(*, actor: Actor, now: datetime) -> int:
    """Give the cards of all clocks that crossed a rung, however long ago (rules 4); of how many clocks.

    What is due is read from the clocks, so that a pass that was cut short is finished by the next.
    """
    count, recipients = 0, Recipients()
    due = running.due(now, (0, ""), LOOK)
    while due:
        clock_ids = [clock_id for _, clock_id in due]
        batches = (clock_ids[start:start + BATCH] for start in range(0, len(clock_ids), BATCH))
        count += jobs.together(
            batches, lambda batch: giving.give_due(list(batch), recipients, actor=actor, now=now)
        )[0]
        due = running.due(now, due[-1], LOOK) if len(due) == LOOK else []
    return count
