"""Calls that tests of surveys make again and again."""
from typing import Any

from tests import cast

SECTIONS = [
    {"code": "service", "name": "服务态度", "questions": [
        {"code": "polite", "text": "是否热情", "kind": "scale"},
        {"code": "clear", "text": "是否一次说清", "kind": "scale"},
    ]},
    {"code": "speed", "name": "办理速度", "questions": [
        {"code": "trips", "text": "跑了几趟", "kind": "choice", "choices": ["一趟", "两趟", "三趟以上"]},
    ]},
]


def body(**changes: Any) -> dict[str, Any]:
    """A survey about two villages."""
    return {
        "title": "群众满意度调查", "sections": SECTIONS, "unit_codes": [cast.VILLAGE, cast.NEIGHBOUR],
        "closes_on": "2026-03-31",
    } | changes


def opened(supervisor: cast.Caller, **changes: Any) -> str:
    """The id of a survey that is open."""
    made = supervisor.post("/surveys", body(**changes))
    assert made.status_code == 201, made.json
    done = supervisor.put(f"/surveys/{made.json['id']}/opening", etag=made.headers["ETag"])
    assert done.status_code == 200, done.json
    return str(made.json["id"])


def slips(supervisor: cast.Caller, survey_id: str, count: int, unit_code: str | None = cast.VILLAGE) -> list[str]:
    """Tokens of slips of a unit."""
    more = {"unit_code": unit_code} if unit_code else {}
    given = supervisor.post(f"/surveys/{survey_id}/slips", {"count": count} | more)
    assert given.status_code == 201, given.json
    return list(given.json["tokens"])


def answers(polite: int = 5, clear: int = 4, trips: int = 1) -> list[dict[str, Any]]:
    """An answer to each question."""
    found = {"polite": polite, "clear": clear, "trips": trips}
    return [{"question": code, "choice": choice} for code, choice in found.items()]


def answer(caller: cast.Caller, survey_id: str, token: str, given: list[dict[str, Any]] | None = None) -> Any:
    """The answer to an answer, sent without an idempotency key."""
    path = f"/surveys/{survey_id}/answers"
    return caller._send("POST", path, json={"token": token, "answers": given or answers()})
