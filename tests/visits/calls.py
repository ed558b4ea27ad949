"""Visits as the tests ask for them."""
from io import BytesIO
from typing import Any

from PIL import Image

from tests import cast

DAY = "2026-10-12"


def wish(**changes: Any) -> dict[str, Any]:
    """A visit as an agent writes it down: a lady of 76, at home in the morning."""
    body = {
        "unit_code": cast.VILLAGE, "reason": "age", "window": {"date": DAY, "from": "09:00", "to": "12:00"},
        "resident": {
            "name": "王桂香", "id_number": cast.id_number(1), "phone": "13805761234", "address": "百花社区3幢201室",
        },
    }
    return body | changes


def sent(answer: Any, status: int = 200) -> Any:
    """The answer's JSON, where it has this status."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.json


def asked(caller: cast.Caller, **changes: Any) -> Any:
    """A visit that was asked for."""
    return sent(caller.post("/visits", wish(**changes)), 201)


def me(caller: cast.Caller) -> str:
    return str(caller.get("/me").json["id"])


def time(caller: cast.Caller, start: str = "09:00", travel: int = 40, **more: Any) -> dict[str, Any]:
    """The body that sets an hour's visit, made by the caller."""
    return {"agent_id": me(caller), "start": start, "duration_minutes": 60, "travel_minutes": travel} | more


def set_for(caller: cast.Caller, visit: dict[str, Any], start: str = "09:00", **more: Any) -> Any:
    """The answer to setting a time for a visit that the caller makes himself."""
    return caller.put(f"/visits/{visit['id']}/schedule", time(caller, start, **more))


def scheduled(caller: cast.Caller, start: str = "09:00", **changes: Any) -> Any:
    """A visit with a time."""
    return sent(set_for(caller, asked(caller, **changes), start))


def moved(caller: cast.Caller, visit: dict[str, Any], *nouns: str) -> Any:
    """The visit after these steps."""
    for noun in nouns:
        visit = sent(caller.put(f"/visits/{visit['id']}/{noun}", {}))
    return visit


def photo(caller: cast.Caller) -> str:
    """The id of a photo that the caller has handed in."""
    picture = BytesIO()
    Image.new("RGB", (9, 8), "red").save(picture, "PNG")
    picture.seek(0)
    headers = {"Idempotency-Key": "photo-of-the-sign-off"}
    return str(sent(caller._send("POST", "/files", data={"file": (picture, "a.png")}, headers=headers), 201)["id"])


def signing(caller: cast.Caller, **changes: Any) -> dict[str, Any]:
    """A sign-off that has everything but a second person."""
    return {
        "method": "photo", "file_id": photo(caller), "id_shown": True, "no_cash": True, "present": ["王桂香", "其女儿"],
    } | changes
