"""Ratings and complaints as the tests make them."""
from typing import Any

from tests import cast


def sent(answer: Any, status: int = 200) -> Any:
    """The answer's JSON, where it has this status."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.json


def completed(agent: cast.Caller, serial: int = 1, **changes: Any) -> Any:
    """An errand that the agent has completed."""
    body = cast.errand(**changes)
    body["resident"]["id_number"] = cast.id_number(serial)
    case = sent(agent.post("/errands", body), 201)
    path = f"/errands/{case['id']}"
    sent(agent.put(f"{path}/acceptance"))
    return sent(agent.put(f"{path}/completion", {"outcome": "granted", "result": "批准"}))


def slip(caller: cast.Caller, case: Any, channel: str = "slip") -> Any:
    """A slip of the errand."""
    return sent(caller.post(f"/errands/{case['id']}/rating-slips", {"channel": channel}), 201)


def rated(township: cast.Caller, stranger: cast.Caller, case: Any, level: int, **more: Any) -> str:
    """Have the errand's resident rate it by her token, which is returned."""
    token = slip(township, case)["token"]
    sent(stranger.put(f"/ratings/{token}", {"level": level} | more, etag=None))
    return str(token)


def complaint(**changes: Any) -> dict[str, Any]:
    """A complaint about the first village, by somebody who leaves her telephone."""
    return {
        "about": {"unit_code": cast.VILLAGE}, "text": "窗口没有人，白跑一趟", "contact": "13805761234",
    } | changes


def me(caller: cast.Caller) -> str:
    return str(caller.get("/me").json["id"])
