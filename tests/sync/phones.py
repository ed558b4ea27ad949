"""A phone of the tests: it numbers its work and pushes it."""
import uuid
from typing import Any

from tests import cast

INSTANT = "2026-02-12T09:30:00+08:00"


def new_id() -> str:
    return str(uuid.uuid4())


class Phone:
    """A device of a signed-in account, with the next number to give."""

    def __init__(self, caller: Any, name: str = "代办手机") -> None:
        self.caller, self.n = caller, 0
        answer = caller.post("/sync/devices", {"name": name})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        self.id, self.epoch = answer.json["device_id"], answer.json["epoch"]

    def did(self, kind: str, entity_id: Any = None, body: Any = None, **more: Any) -> dict[str, Any]:
        """The next mutation."""
        self.n += 1
        made = {"n": self.n, "id": new_id(), "type": kind, "entity_id": entity_id or new_id(), "set": body or {},
                "occurred_at": INSTANT}
        return made | more

    def send(self, *mutations: dict[str, Any], **more: Any) -> Any:
        return self.caller.post("/sync/push", {"device_id": self.id, "mutations": list(mutations)} | more)

    def push(self, *mutations: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        answer = self.send(*mutations, **more)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.json["results"]

    def one(self, kind: str, entity_id: Any = None, body: Any = None, **more: Any) -> dict[str, Any]:
        """Do and push one thing."""
        return self.push(self.did(kind, entity_id, body, **more))[0]

    def registered(self, serial: int = 1, **changes: Any) -> dict[str, Any]:
        """An errand registered at the phone, as its result's data."""
        resident = {"name": "王桂香", "id_number": cast.id_number(serial), "phone": "13805761234", "address": "百花3幢"}
        result = self.one("errand.register", None, cast.errand(resident=resident) | changes)
        assert result["status"] == "applied", result
        return result["data"]


def conflicting(agent: Any, township: Any) -> tuple[Phone, str, dict[str, Any]]:
    """A phone that has changed name and telephone of a resident whose telephone somebody else has changed, too."""
    phone = Phone(agent)
    errand = phone.registered(serial=9)
    resident = agent.get(f"/errands/{errand['id']}").json["resident"]
    assert township.patch(f"/residents/{resident['id']}", {"phone": "13900000001"}).status_code == 200
    result = phone.one("resident.edit", resident["id"], {"phone": "13900000002", "name": "王桂芳"}, base_version=1,
                       base={"phone": "138****1234", "name": "王桂香"})
    return phone, resident["id"], result


def things(agent: Any, township: Any) -> dict[str, str]:
    """A phone with a conflict, rejected work and a problem, by the names of path arguments."""
    phone, _, result = conflicting(agent, township)
    phone.one("errand.note", new_id(), {"text": "不在"})
    problem = phone.one("problem.report", None, {"text": "打印机坏了"})
    return {
        "device_id": phone.id, "conflict_id": result["data"]["conflict_id"], "problem_id": problem["data"]["id"],
        "item_id": agent.get("/sync/inbox").json["items"][0]["id"],
    }
