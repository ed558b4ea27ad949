"""What the clock does with the waiting list and with reminders."""
from datetime import datetime

from backend.appointments.actions import keeping, reminding
from backend.appointments.queries import queue, reminders, waits
from backend.core import jobs
from backend.core.actor import Actor

BATCH = 20


def sweep_waiting(*, actor: Actor, now: datetime) -> int:
    """Offer what became free otherwise than by an act (a longer roster, a new rule), end what is over; how many acts.

    Offers lapse with the holds they are; that passes them on.
    """
    wanted = (place for place in queue.days() if waits.wants_sweep(*place, now))
    return jobs.each(wanted, lambda place: keeping.sweep(*place, actor=actor, now=now))[0]


def remind(*, actor: Actor, now: datetime) -> int:
    """Remind persons of the appointments of the next working day; how many."""
    due = reminders.due(now)
    batches = (due[start:start + BATCH] for start in range(0, len(due), BATCH))
    return jobs.together(batches, lambda batch: reminding.remind(list(batch), actor=actor, now=now))[0]
