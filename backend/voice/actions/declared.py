"""What lower rooms must know of residents' voice: whom an erasure finds, what a number leads to, a setting."""
from datetime import datetime, timedelta

from backend.appointments.actions import asking
from backend.appointments.actions.asking import Kind
from backend.core import adjustable, clock, erasure, ledger, rotation
from backend.core.actor import Actor
from backend.core.adjustable import Adjustable
from backend.core.erasure import Hers
from backend.core.transaction import transaction
from backend.notifications.queries import reading
from backend.voice.queries import complaints, following, indexed, personal, scope
from backend.voice.rules import retention


def _changed() -> None:
    """Nothing is remembered: what holds is read when it is needed."""


adjustable.declare(Adjustable(retention.SETTING, retention.DEFAULT, retention.check, _changed))
rotation.declare(indexed.COMPLAINTS)
erasure.declare("voice", Hers(personal.cells, personal.entries, apart=personal.apart))
reading.keep_from("complaint", scope.NOTICE_OF_COMPLAINT)
reading.keep_from("rectification", scope.NOTICE_OF_RECTIFICATION)
asking.declare(Kind(following.numbered, following.progress))


@transaction
def forget(limit: int, *, actor: Actor, now: datetime) -> int:
    """Blank what up to ``limit`` complaints that are long enough over say of people; how many."""
    days = adjustable.in_force(retention.SETTING, clock.local_date(now))["days"]
    found = personal.long_over(now - timedelta(days=days), limit)
    if found:
        seqs = [seq for one in found for seq in ledger.seqs_of(complaints.SUBJECT, one)]
        erasure.erase_details(
            seqs, cells=list(personal.of_complaints(found)), reason=retention.SETTING, actor=actor, now=now
        )
        for complaint_id in found:
            ledger.record("complaint.forget", complaints.SUBJECT, complaint_id)
    return len(found)
