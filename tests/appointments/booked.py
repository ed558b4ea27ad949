"""A centre that can be booked, people who book, and what must hold of its cells whatever happens."""
from datetime import date, datetime
from typing import Any

from backend.appointments.actions import offers
from backend.core import sql
from backend.core.actor import TOWNSHIP, Actor, system
from tests import cast

UNIT = cast.TOWNSHIP
DAY = date(2026, 2, 13)
SYSTEM = system("test")
OFFICE = Actor(id="office", name="东城街道办事处", role=TOWNSHIP, unit_code=UNIT)


def rules(**changes: Any) -> dict[str, Any]:
    """Booking rules: counter 09:00–12:30 on working days, two seats, one of them for who books by himself."""
    body: dict[str, Any] = {
        "grid_minutes": 30, "horizon_days": 14, "opens_at": "08:30", "roster_required": False,
        "services": [
            {"code": "general", "name": "综合业务", "minutes": 30, "gap_minutes": 0},
            {"code": "long", "name": "社保业务", "minutes": 60, "gap_minutes": 30},
        ],
        "rules": [{
            "kind": "recurring", "weekdays": [1, 2, 3, 4, 5], "from": "09:00", "to": "12:30", "capacity": 2,
            "self_capacity": 1,
        }],
    }
    return body | changes


def offer(body: dict[str, Any], now: datetime, unit_code: str = UNIT) -> None:
    """Have the unit offer this; its days are laid when they are first booked."""
    offers.change(unit_code, body, actor=OFFICE, now=now)


def appointment(serial: int = 1, **changes: Any) -> dict[str, Any]:
    """An appointment as the operator writes it down, for a person of her own."""
    body = {
        "unit_code": UNIT, "date": DAY.isoformat(), "start": "09:00", "service": "general", "channel": "phone",
        "person": {"name": "王桂香", "phone": f"138{57610000 + serial}"},
    }
    return body | changes


def cells(unit_code: str = UNIT, day_on: date = DAY) -> dict[int, tuple[int, int]]:
    """Booked and booked by themselves, per minute of the counter."""
    text = "SELECT minute, booked, booked_self FROM cell WHERE unit_code = ? AND day_on = ? ORDER BY minute"
    found = sql.rows(text, (unit_code, day_on.isoformat()))
    return {row["minute"]: (row["booked"], row["booked_self"]) for row in found}


def check_books() -> None:
    """Booked is the number of allocations, everywhere; whoever holds a seat is active or was served."""
    wrong = sql.rows(
        "SELECT c.day_on, c.desk, c.minute, c.booked, c.booked_self, c.capacity, count(a.minute) AS held, "
        "sum(CASE WHEN p.channel = 'self' THEN 1 ELSE 0 END) AS held_self FROM cell c "
        "LEFT JOIN allocation a ON a.unit_code = c.unit_code AND a.day_on = c.day_on AND a.desk = c.desk "
        "AND a.minute = c.minute LEFT JOIN appointment p ON p.id = a.appointment_id "
        "GROUP BY c.unit_code, c.day_on, c.desk, c.minute, c.booked, c.booked_self, c.capacity "
        "HAVING c.booked <> count(a.minute) OR c.booked > c.capacity "
        "OR c.booked_self <> sum(CASE WHEN p.channel = 'self' THEN 1 ELSE 0 END)"
    )
    assert wrong == []
    seated = sql.rows(
        "SELECT p.state, p.active_key, count(a.minute) AS cells FROM appointment p "
        "LEFT JOIN allocation a ON a.appointment_id = p.id WHERE p.person_sealed IS NOT NULL "
        "GROUP BY p.id, p.state, p.active_key"
    )
    for row in seated:
        assert (row["cells"] > 0) == (row["state"] in ("held", "booked", "checked_in", "done")), row
        assert (row["active_key"] is not None) == (row["state"] in ("held", "booked", "checked_in")), row
    nobodys = sql.value(
        "SELECT count(*) FROM allocation a LEFT JOIN appointment p ON p.id = a.appointment_id "
        "LEFT JOIN seat_lease s ON s.id = a.appointment_id AND s.state = 'open' WHERE p.id IS NULL AND s.id IS NULL"
    )
    assert nobodys == 0
    empty = sql.value(
        "SELECT count(*) FROM seat_lease s WHERE s.state = 'open' "
        "AND NOT EXISTS (SELECT 1 FROM allocation a WHERE a.appointment_id = s.id)"
    )
    assert empty == 0

