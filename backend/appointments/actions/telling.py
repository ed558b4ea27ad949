"""What a person is told of her appointment; posted in the transaction of the act that it tells of (rules 5.4).

``found`` is the appointment's row as stored, after the act. A notice is posted once per act: the appointment's
version is part of its key. Where no text message can go, somebody rings, unless it is a mere courtesy: who books
or moves by telephone has heard it, and the number was read back to her (docs/decisions/0158).
"""
from datetime import datetime
from typing import Any

from backend.appointments.queries import reminders, whom
from backend.core import sql
from backend.core.actor import Actor
from backend.notifications.actions import outbox

SUBJECT = "appointment"
NO_REASON = "办公安排有变"


def booked(found: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """It is booked: at once, by a confirmed hold, or by an offer that was taken; who stands at the desk knows."""
    if found["order_at"] > now:
        _post("booked", found, actor, now)


def moved(found: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """It has another day or hour; where the moment to remind her of that day has passed, this was the reminder."""
    _post("moved", found, actor, now)
    if reminders.has_passed(found["day_on"], now):
        sql.run("UPDATE appointment SET reminded_for_at = order_at WHERE id = ?", (found["id"],))


def cancelled(
    found: dict[str, Any], *, by_unit: bool = False, reason: str | None = None, actor: Actor, now: datetime
) -> None:
    """It is cancelled. ``by_unit``: the unit could not keep it, so that she must hear of it and of the reason."""
    if by_unit:
        _post("called_off", found, actor, now, reason=reason or NO_REASON)
    else:
        _post("cancelled", found, actor, now)


def offered(found: dict[str, Any], *, until: datetime, actor: Actor, now: datetime) -> None:
    """A seat is held for her from the waiting list until a moment; worth nothing afterwards."""
    _post("offered", found, actor, now, not_after=until, until=until)


def offer_lapsed(found: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """She let an offer pass, and it went to the next."""
    _post("offer_lapsed", found, actor, now)


def reminded(found: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """The working day before: once for each day and hour that it has had, worth nothing once that has come."""
    key = f"{found['day_on']}:{found['start_minute']}"
    _post("reminder", found, actor, now, key=key, not_after=found["order_at"])


def blocked(found: dict[str, Any], *, times: int, until: datetime, actor: Actor, now: datetime) -> None:
    """She may not book by herself for a while; ``found`` is the appointment she missed last."""
    _post("blocked", found, actor, now, times=times, until=until)


_TEMPLATES = {"blocked": "booking_blocked"}


def _post(
    act: str, found: dict[str, Any], actor: Actor, now: datetime, *, key: str | None = None,
    not_after: datetime | None = None, **values: Any,
) -> None:
    to = whom.reached(SUBJECT, found)
    outbox.post(
        _TEMPLATES.get(act, f"appointment_{act}"), to=found["resident_id"] or found["id"], phone=to.mobile,
        subject_type=SUBJECT, subject_id=found["id"], unit_code=found["unit_code"],
        values={
            "number": found["number"], "surname": found["surname"], "service": found["service_name"],
            "at": found["order_at"], "unit": to.unit, "contact": to.contact, **values,
        },
        dedupe=f"{SUBJECT}:{found['id']}:{act}:{key or found['version']}", not_after=not_after, actor=actor, now=now,
    )
