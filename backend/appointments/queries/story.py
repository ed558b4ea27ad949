"""An appointment's story: its history for the staff, and what its person is told."""
from datetime import datetime
from typing import Any

from backend.appointments.queries import bookings
from backend.appointments.rules import states
from backend.core import ledger, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.people.queries import history

SUBJECT = "appointment"
WHAT = {
    "appointment.book": "预约",
    "appointment.hold": "预留时段",
    "appointment.offer": "候补递补，为其预留时段",
    "appointment.confirm": "确认预约",
    "appointment.reschedule": "改期",
    "appointment.cancel": "取消预约",
    "appointment.check_in": "签到",
    "appointment.complete": "办理完毕",
    "appointment.miss": "爽约",
    "appointment.expire": "预留过时失效",
    "appointment.call": "电话联系",
    "appointment.full_view": "查看完整信息",
    "appointment.forget": "个人信息到期清除",
}
SHOWN_TO_PERSON = tuple(
    f"{SUBJECT}.{verb}" for verb in (
        "book", "hold", "offer", "confirm", "reschedule", "cancel", "check_in", "complete", "miss", "expire",
    )
)


def events(appointment_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The appointment's history in order: who did what, where, when, and what changed."""
    bookings.row(appointment_id, actor)
    return history.page(SUBJECT, appointment_id, WHAT, query)


_BY_NUMBER = "SELECT * FROM appointment WHERE number = ?"


def numbered(number: str, digits: dict[str, str], *, lock: bool = False) -> dict[str, Any] | None:
    """The appointment of that number whose person has these last digits; None alike for either being wrong.

    ``digits``: the last four of ``phone`` or ``id_number``.
    """
    suffix = sql.held(lock)
    found = sql.row(_BY_NUMBER + suffix, (number,))
    person = bookings.opened("person", found) if found is not None else {}
    return found if all(person.get(name, "")[-4:] == last.upper() for name, last in digits.items()) else None


def progress(found: dict[str, Any]) -> dict[str, Any]:
    """What the person sees of her appointment; ``due_at`` is when it begins."""
    steps = [
        {"at": entry["happened_at"], "what": WHAT[entry["action"]]}
        for entry in ledger.steps(SUBJECT, found["id"], SHOWN_TO_PERSON)
    ]
    return {
        "number": found["number"], "kind": SUBJECT, "state": found["state"],
        "state_name": states.STATE_NAMES[found["state"]].zh, "item": found["service_name"],
        "due_at": found["order_at"], "steps": steps,
    }
