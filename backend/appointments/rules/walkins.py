"""Who comes without an appointment, and whose seat serves her (rules 5.8). Pure."""
from datetime import date, datetime, timedelta

from backend.appointments.rules import horizon
from backend.appointments.rules.channels import DESK
from backend.appointments.rules.offer import Service
from backend.appointments.rules.states import GRACE


def is_walk_in(channel: str, service: Service, day_on: date, start_minute: int, now: datetime) -> bool:
    """Whether somebody stands at the desk ``now`` and asks for the slot that is running: no cutoff holds for her."""
    start = horizon.starts_at(day_on, start_minute)
    return channel == DESK and start <= now < start + timedelta(minutes=service.minutes)


def late_before(now: datetime) -> datetime:
    """Whoever was due at that moment or earlier and has not come is late: her seat serves walk-ins."""
    return now - GRACE
