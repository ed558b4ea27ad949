"""A centre with seats that phones can keep."""
from datetime import datetime
from typing import Any

from tests.appointments.booked import DAY, UNIT, offer, rules

PERSON = {"name": "王桂香", "phone": "13805761234"}


def opened(now: datetime, capacity: int = 2) -> None:
    """The township's centre takes so many each half hour from 09:00 to 12:30."""
    offer(rules(rules=[rule | {"capacity": capacity, "self_capacity": 0} for rule in rules()["rules"]]), now)


def wish(device_id: str, **more: Any) -> dict[str, Any]:
    return {
        "device_id": device_id, "unit_code": UNIT, "date": DAY.isoformat(), "service": "general", "start": "09:00",
    } | more


def taken(caller: Any, device_id: str, now: datetime, **more: Any) -> str:
    """A lease of the caller's."""
    opened(now, capacity=50)
    answer = caller.post("/sync/leases", wish(device_id, **more))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return str(answer.json["leases"][0]["id"])
