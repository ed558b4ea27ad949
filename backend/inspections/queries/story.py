"""A mystery visit's story, for the supervising office: who recorded, changed, published it, and when."""
from datetime import datetime
from typing import Any

from backend.core import ledger
from backend.core.actor import Actor
from backend.core.paging import Page, cursor_of, values_of
from backend.inspections.queries import inspections
from backend.people import queries as people

SUBJECT = "inspection"


def events(inspection_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The visit's history in order; NotFound outside the actor's scope."""
    inspections.row(inspection_id, actor)
    after = values_of("events", query["cursor"])[0] if query["cursor"] else 0
    found = ledger.history(SUBJECT, inspection_id, after=after, limit=query["limit"] + 1)
    names = people.names({entry["actor"] for entry in found})
    kept = found[: query["limit"]]
    cursor = cursor_of("events", [kept[-1]["seq"]]) if len(found) > len(kept) else None
    return Page([
        {
            "seq": entry["seq"], "action": entry["action"].removeprefix(f"{SUBJECT}."),
            "actor": {"id": entry["actor"], "name": names.get(entry["actor"], "系统")},
            "happened_at": entry["happened_at"], "recorded_at": entry["recorded_at"],
            "changed": [name for name in entry["fields"].split(",") if name], "detail": entry["detail"],
        }
        for entry in kept
    ], cursor)
