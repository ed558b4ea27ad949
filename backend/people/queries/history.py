"""A subject's history as the staff read it: who did what, where, when, and what changed."""
from collections.abc import Mapping
from typing import Any

from backend.core import ledger
from backend.core.paging import Page, cursor_of, values_of
from backend.people.queries import accounts

BY_THE_PRODUCT, BY_A_RESIDENT = "系统", "群众"


def page(subject: str, subject_id: str, what: Mapping[str, str], query: Mapping[str, Any]) -> Page:
    """A page of the ledger's entries on one subject, in order, in the shape of ``schemas.history.Happening``.

    ``what`` says each action in words, by its name or by name and outcome. Two statements.
    """
    after = values_of("events", query["cursor"])[0] if query["cursor"] else 0
    found = ledger.history(subject, subject_id, after=after, limit=query["limit"] + 1)
    names = accounts.names({entry["actor"] for entry in found})
    kept = found[: query["limit"]]
    cursor = cursor_of("events", [kept[-1]["seq"]]) if len(found) > len(kept) else None
    return Page([_told(entry, subject, what, names) for entry in kept], cursor)


def _told(
    entry: dict[str, Any], subject: str, what: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, Any]:
    action = entry["action"]
    nameless = BY_A_RESIDENT if entry["role"] == "anonymous" else BY_THE_PRODUCT
    return {
        "seq": entry["seq"], "action": action.removeprefix(f"{subject}."),
        "what": what.get(action) or what.get(f"{action}.{entry['outcome']}", action),
        "actor": {"id": entry["actor"], "name": names.get(entry["actor"], nameless)},
        "role": entry["role"], "unit_code": entry["unit"] or None, "happened_at": entry["happened_at"],
        "recorded_at": entry["recorded_at"], "outcome": entry["outcome"],
        "changed": [name for name in entry["fields"].split(",") if name], "detail": entry["detail"],
    }
