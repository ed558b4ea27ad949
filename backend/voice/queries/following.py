"""What a complainant sees of her complaint by its number and four digits."""
from datetime import datetime
from typing import Any

from backend.core import ledger, sql
from backend.voice.queries import complaints
from backend.voice.rules import complaints as rules

_BY_NUMBER = "SELECT * FROM complaint WHERE number = ?"
ITEM = "投诉"
_STEPS = tuple(
    f"complaint.{verb}" for verb in ("take", "accept", "refuse", "pass_up", "conclude", "tell", "close", "reopen")
)


def numbered(number: str, digits: dict[str, str], *, lock: bool = False) -> dict[str, Any] | None:
    """The complaint of that number whose complainant left a telephone with these last digits, or was told them.

    None alike for either being wrong; of an ID number nothing is known here.
    """
    suffix = sql.held(lock)
    found = sql.row(_BY_NUMBER + suffix, (number,))
    if found is None or set(digits) != {"phone"}:
        return None
    phone = complaints.contact_of(found).get("phone")
    known = complaints.code_of(found["id"]) if phone is None else phone[-4:]
    return found if digits["phone"] == known else None


def progress(found: dict[str, Any]) -> dict[str, Any]:
    """What she sees: the state, what is due next, the steps, and the answer itself."""
    steps = [
        {"at": entry["happened_at"], "what": complaints.WHAT[entry["action"]]}
        for entry in ledger.steps(complaints.SUBJECT, found["id"], _STEPS)
    ]
    told = _answer(found)
    if told is not None:
        steps.append(told)
    return {
        "number": found["number"], "kind": complaints.SUBJECT, "state": found["state"],
        "state_name": rules.STATE_NAMES[found["state"]].zh, "item": ITEM, "due_at": _due(found), "steps": steps,
    }


def _due(found: dict[str, Any]) -> datetime | None:
    if found["state"] == rules.RECEIVED:
        due: datetime = found["answer_due_at"]
        return due
    return found["finish_due_at"] if found["state"] in rules.OPEN_STATES else None


def _answer(found: dict[str, Any]) -> dict[str, Any] | None:
    """The answer in words: why it was not accepted and where to turn, or what was found and done."""
    if found["state"] == rules.REFUSED:
        return {"at": found["answered_at"], "what": f"不予受理的理由：{found['refusal']}；可向{found['referral']}反映"}
    if found["finding"] is None or found["handling"] is None:
        return None
    name = rules.FINDING_NAMES[found["finding"]].zh
    return {"at": found["concluded_at"], "what": f"办理结论：{name}。{found['handling']}"}
