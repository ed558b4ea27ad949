"""A visit's story: who did what, where and when."""
from datetime import datetime
from typing import Any

from backend.core import ledger
from backend.core.actor import Actor
from backend.core.paging import Page, cursor_of, values_of
from backend.people import queries as people
from backend.visits.queries import visits

SUBJECT = "visit"
WHAT = {
    "visit.request": "申请上门",
    "visit.schedule": "排定时间",
    "visit.depart": "出发",
    "visit.arrive": "到达",
    "visit.register": "当场收件",
    "visit.complete": "完成",
    "visit.sign_off": "补签收",
    "visit.fail": "未办成",
    "visit.cancel": "取消",
    "visit.call": "电话联系",
}


def events(visit_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The visit's history in order; NotFound outside the actor's scope."""
    visits.row(visit_id, actor)
    after = values_of("events", query["cursor"])[0] if query["cursor"] else 0
    found = ledger.history(SUBJECT, visit_id, after=after, limit=query["limit"] + 1)
    names = people.names({entry["actor"] for entry in found})
    kept = found[: query["limit"]]
    cursor = cursor_of("events", [kept[-1]["seq"]]) if len(found) > len(kept) else None
    return Page([_event(entry, names) for entry in kept], cursor)


def _event(entry: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {
        "seq": entry["seq"], "action": entry["action"].removeprefix(f"{SUBJECT}."),
        "what": WHAT.get(entry["action"], entry["action"]),
        "actor": {"id": entry["actor"], "name": names.get(entry["actor"], "系统")}, "role": entry["role"],
        "unit_code": entry["unit"] or None, "happened_at": entry["happened_at"],
        "recorded_at": entry["recorded_at"], "outcome": entry["outcome"],
        "changed": [name for name in entry["fields"].split(",") if name], "detail": entry["detail"],
    }
