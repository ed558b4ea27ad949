"""Leases of seats: an account's own, and those whose time is over."""
from datetime import datetime
from typing import Any

from backend.appointments.rules import leases
from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.daytime import told
from backend.core.paging import Page, page, states_of, values_of
from backend.core.problems import NotFound

KIND = "leases"
_ROW = "SELECT * FROM seat_lease WHERE id = ?"
_COUNT = """
SELECT COALESCE(sum(CASE WHEN device_id = ? THEN 1 ELSE 0 END), 0), count(*) FROM seat_lease
WHERE account_id = ? AND state = 'open' AND expires_at > ?
"""
_DUE = "SELECT id FROM seat_lease WHERE state = 'open' AND expires_at <= ? ORDER BY expires_at LIMIT ?"
_DUE_OF_DAY = """
SELECT id FROM seat_lease WHERE unit_code = ? AND day_on = ? AND state = 'open' AND expires_at <= ? ORDER BY id
"""
_OF_DEVICE = "SELECT id FROM seat_lease WHERE device_id = ? AND state = 'open' ORDER BY id"


def row(lease_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """A lease of the actor's own account; NotFound."""
    found = any_row(lease_id, lock=lock)
    if found is None or found["account_id"] != actor.id:
        raise NotFound()
    return found


def any_row(lease_id: str, *, lock: bool = False, skip: bool = False) -> dict[str, Any] | None:
    """The lease as stored; ``skip``: None where somebody else holds it this very moment."""
    return sql.row(_ROW + sql.held(lock, skip=skip), (lease_id,))


def count(device_id: str, account_id: str, now: datetime) -> tuple[int, int]:
    """How many seats are kept for a device, and for its account."""
    of_device, of_account = sql.execute(_COUNT, (device_id, account_id, clock.to_micros(now))).fetchone()
    return int(of_device), int(of_account)


def due(now: datetime, limit: int) -> list[str]:
    """Leases whose time is over anywhere, the oldest first."""
    return [found for (found,) in sql.execute(_DUE, (clock.to_micros(now), limit)).fetchall()]


def due_of_day(unit_code: str, day_on: str, now: datetime) -> list[str]:
    """Leases of a unit's day whose time is over."""
    return [found for (found,) in sql.execute(_DUE_OF_DAY, (unit_code, day_on, clock.to_micros(now))).fetchall()]


def of_device(device_id: str) -> list[str]:
    """The open leases of a device."""
    return [found for (found,) in sql.execute(_OF_DEVICE, (device_id,)).fetchall()]


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The caller's own leases by id: open ones unless asked otherwise, of one phone where it is named."""
    states = states_of(query["state"], leases.STATES, (leases.OPEN,))
    after = values_of(KIND, query["cursor"])[0] if query["cursor"] else ""
    text = f"SELECT * FROM seat_lease WHERE account_id = ? AND id > ? AND state IN ({', '.join('?' * len(states))})"
    params: list[Any] = [actor.id, after, *states]
    if query["device_id"] is not None:
        text, params = text + " AND device_id = ?", [*params, query["device_id"]]
    found = page(KIND, sql.rows(text + " ORDER BY id LIMIT ?", [*params, query["limit"] + 1]), query["limit"], ("id",))
    return Page([shown(each, now) for each in found.items], found.next_cursor)


def shown(found: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A lease as clients see it: lapsed by the clock, whatever a job has done of it."""
    over = leases.is_over(found["state"], found["expires_at"], now)
    return {
        "id": found["id"], "device_id": found["device_id"], "unit_code": found["unit_code"],
        "service": found["service"], "service_name": found["service_name"], "date": found["day_on"],
        "start": told(found["start_minute"]), "end": told(found["end_minute"]), "desk": found["desk"],
        "state": leases.LAPSED if over else found["state"], "expires_at": found["expires_at"],
        "made_at": found["made_at"], "ended_at": found["ended_at"], "appointment_id": found["appointment_id"],
    }


def made(lease_ids: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The leases that a request got, in order of their time."""
    text = f"SELECT * FROM seat_lease WHERE account_id = ? AND id IN ({', '.join('?' * len(lease_ids))})"
    found = sql.rows(text + " ORDER BY order_at, id", [actor.id, *lease_ids])
    return {"leases": [shown(each, now) for each in found]}

