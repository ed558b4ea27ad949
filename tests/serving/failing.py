"""What every route must do while the database does not answer: 503, nothing written, well again after."""
from collections.abc import Iterator
from typing import Any

from tests import cast

READS = ("/units?level=township", f"/units/{cast.VILLAGE}", "/items", "/errands", "/me", "/accounts", "/calendar/years")


def is_unavailable(answer: Any) -> None:
    """503 problem+json with Retry-After, and not a word of the database's."""
    assert answer.status_code == 503, answer.data
    assert answer.content_type == "application/problem+json"
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.json["type"] == "/problems/unavailable"
    assert set(answer.json) == {"type", "title", "status", "instance"}


def register(caller: cast.Caller, key: str) -> Any:
    """Register an errand, which writes resident, errand, key and ledger."""
    return caller.post("/errands", cast.errand(), key=key)


def writes(caller: cast.Caller, errand_id: str) -> Iterator[Any]:
    """One write of each kind: POST, PUT, PATCH, DELETE, sign-in, an upload."""
    yield register(caller, "failing-0001")
    yield caller.put(f"/errands/{errand_id}/acceptance", {})
    yield caller.patch(f"/units/{cast.VILLAGE}", {"phone": "057684000000"})
    yield caller.delete("/sessions/current")
    yield caller.client.post("/api/v1/sessions", json={"username": cast.AGENT, "password": cast.PASSWORD})


def reads(caller: cast.Caller, errand_id: str) -> Iterator[Any]:
    """Reads of every kind: public and scoped, one and many, with history."""
    for path in (*READS, f"/errands/{errand_id}", f"/errands/{errand_id}/events"):
        yield caller.get(path)


def is_well(caller: cast.Caller, key: str) -> None:
    """Work goes on, without a restart."""
    answer = register(caller, key)
    assert answer.status_code == 201, answer.data
    assert caller.get(f"/errands/{answer.json['id']}").status_code == 200
