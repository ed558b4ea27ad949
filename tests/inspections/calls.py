"""Calls that tests of mystery visits make again and again."""
import itertools
from io import BytesIO
from typing import Any

from PIL import Image

from tests import cast
from tests.surveys import calls as surveys

_serials = itertools.count(1)


def visit(**changes: Any) -> dict[str, Any]:
    """A mystery visit as a supervisor writes it down."""
    return {
        "unit_code": cast.VILLAGE, "visited_at": "2026-02-11T15:10:00+08:00",
        "findings": [
            {"text": "窗口无人值守二十分钟", "points": -2, "kind": "nobody_at_window"},
            {"text": "未亮证上岗", "points": -1},
        ],
    } | changes


def photo(caller: cast.Caller) -> dict[str, Any]:
    """A photo handed in, as it was answered."""
    picture, serial = BytesIO(), next(_serials)
    Image.new("RGB", (9 + serial, 9), "blue").save(picture, "PNG")
    made = caller._send(
        "POST", "/files", data={"file": (BytesIO(picture.getvalue()), "a.png")},
        headers={"Idempotency-Key": f"inspection-photo-{serial}"},
    )
    assert made.status_code == 201, made.json
    return dict(made.json)


def recorded(supervisor: cast.Caller, **changes: Any) -> dict[str, Any]:
    """A hidden visit."""
    made = supervisor.post("/inspections", visit(**changes))
    assert made.status_code == 201, made.json
    return dict(made.json)


def published(supervisor: cast.Caller, **changes: Any) -> dict[str, Any]:
    """A published one."""
    done = supervisor.put(f"/inspections/{recorded(supervisor, **changes)['id']}/publication")
    assert done.status_code == 200, done.json
    return dict(done.json)


def watched(supervisor: cast.Caller) -> dict[str, str]:
    """A hidden visit to the first agent's village, a plan, and an open survey: what routes about them are tried on."""
    plan = supervisor.post("/inspection-plans", {"unit_code": cast.VILLAGE, "planned_on": "2026-02-20"}).json["id"]
    return {
        "inspection_id": recorded(supervisor)["id"], "plan_id": plan, "survey_id": surveys.opened(supervisor),
    }
