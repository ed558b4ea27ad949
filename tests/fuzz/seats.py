"""A centre that can be booked, and appointments in the state that an operation wants."""
from typing import Any

from backend.core import sql
from tests.appointments.booked import UNIT, offer, rules
from tests.conftest import START

DAYS = ("2026-02-13", "2026-02-14", "2026-02-24", "2026-02-25", "2026-02-26")
STARTS = ("09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00")


def moved(serial: int) -> dict[str, Any]:
    """A time that is mostly free."""
    return {"date": DAYS[serial % len(DAYS)], "start": STARTS[serial % len(STARTS)]}


def wanted(serial: int, **more: Any) -> dict[str, Any]:
    """An appointment of a person of its own."""
    person = {"name": "王桂香", "phone": f"1{3000000000 + serial * 10000 + 1234:010d}"}
    return moved(serial) | {"unit_code": UNIT, "service": "general", "channel": "phone", "person": person} | more


def renew(known: Any, path: str) -> None:
    """Fresh appointments, in the state that the operation at ``path`` wants."""
    if not known.values["appointment number"]:
        _open_wide()
    operator, found = known.caller("operator"), []
    for _ in range(3 * len(DAYS)):
        known.booked = getattr(known, "booked", 500_000) + 1
        held = path.endswith("/confirmation")
        body = wanted(known.booked, hold=held, channel="self" if held else "phone")
        answer = operator.post("/appointments", body)
        if answer.status_code == 201:
            found.append(answer.json)
        else:
            _open_wide()
        if len(found) == 3:
            break
    assert found, answer.json
    for each in found:
        if path.endswith("/completion"):
            operator.put(f"/appointments/{each['id']}/check-in")
        if path.endswith("/no-show"):
            sql.run("UPDATE appointment SET order_at = order_at - 200000000000 WHERE id = ?", (each["id"],))
    known.values["appointment_id"] = [each["id"] for each in found]
    known.values["appointment number"] = [each["number"] for each in found]


def _open_wide() -> None:
    """Have the unit offer more than is ever taken, whatever the fuzzer had it offer."""
    offer(rules(rules=[rule | {"capacity": 500, "self_capacity": 200} for rule in rules()["rules"]]), START)
