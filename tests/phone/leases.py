"""Seats kept for this phone: taken with a signal, promised without, given back."""
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.phone.line import NoSignal

if TYPE_CHECKING:
    from tests.phone.phone import Phone


def take(phone: "Phone", wish: dict[str, Any]) -> list[dict[str, Any]]:
    """Keep seats, online; the same wish after a lost answer is the same request. What there is, perhaps nothing."""
    phone.register_device()
    asked = phone.store.fact("lease_asked")
    if asked is None or asked["wish"] != wish:
        asked = {"wish": wish, "key": str(uuid.uuid4())}
        phone.store.remember(lease_asked=asked)
    body = wish | {"device_id": phone.store.fact("device_id")}
    answer = phone.ask("POST", "/sync/leases", body, {"Idempotency-Key": asked["key"]})
    found = answer.json["leases"] if answer.status == 201 else []
    phone.store.remember(lease_asked=None, leases=usable(phone) + found)
    return list(found)


def usable(phone: "Phone") -> list[dict[str, Any]]:
    """The seats that can be promised now, by this phone's clock: the one thing for which it has to do."""
    now = datetime.fromisoformat(phone.watch.now())
    kept, promised = phone.store.fact("leases", []), phone.store.promised()
    return [
        lease for lease in kept if lease["id"] not in promised and datetime.fromisoformat(lease["expires_at"]) > now
    ]


def promise(phone: "Phone", lease: dict[str, Any], person: dict[str, Any]) -> str:
    """Promise a seat to a person, without a signal; the appointment's id, which becomes real when it is pushed."""
    return phone.act("appointment.book", str(uuid.uuid4()), {"lease_id": lease["id"], "person": person})


def give_back(phone: "Phone", lease: dict[str, Any]) -> bool:
    """Give a seat back, online; False where there was no signal: again later, it does no harm."""
    try:
        answer = phone.send("DELETE", f"/sync/leases/{lease['id']}", None, {})
    except NoSignal:
        return False
    left = [each for each in phone.store.fact("leases", []) if each["id"] != lease["id"]]
    phone.store.remember(leases=left)
    return answer.status in (204, 404)
