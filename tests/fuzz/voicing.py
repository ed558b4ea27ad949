"""Ratings, rectifications and complaints to be met by the fuzzer, ripe for the operation that comes next."""
import random
from typing import Any

from backend.core import sql
from tests import cast
from tests.voice.calls import complaint, low, sent, slip

PLAN = {"goal": "道歉", "person": "张三", "due_on": "2026-02-24", "quality": "满意"}
CONCLUSION = {"finding": "solved", "handling": "已整改", "upheld": True}
RIPE = {
    "completion": "planned", "closing": "done", "calls": "open", "plan": "open",
    "conclusion": "accepted", "feedbacks": "concluded", "reopenings": "closed",
}


def renew(known: Any, path: str) -> None:
    """Fresh errands that were rated low, a slip that is good, and complaints in the state that the path wants."""
    township, stranger, found = known.caller("township"), cast.Caller(known.client, None), known.values
    sql.execute("DELETE FROM failed_try")
    for name in ("rectification_id", "complaint_id", "token"):
        found[name] = []
    for _ in range(4):
        known._errand(known.caller("agent"), "completed")
        case = {"id": found["by_state completed"][0]}
        made = low(township, stranger, case)
        found["rectification_id"].append(made["rectification_id"])
        found["complaint_id"].append(made["complaint_id"])
        known._errand(known.caller("agent"), "completed")
        found["token"].append(slip(township, {"id": found["by_state completed"][0]})["token"])
    made = sent(stranger.post("/complaints", complaint()), 201)
    found["complaint number"] = [made["number"]]
    _ripen(known, path, township)


def _ripen(known: Any, path: str, township: Any) -> None:
    want, found = RIPE.get(path.rsplit("/", 1)[-1]), known.values
    for rectification_id in found["rectification_id"]:
        own = f"/rectifications/{rectification_id}"
        if want in ("planned", "done"):
            sent(township.put(f"{own}/plan", PLAN))
            sent(township.post(f"{own}/calls", {"reached": True}), 201)
        if want == "done":
            sent(township.put(f"{own}/completion", {"result": "已办"}))
        if path.endswith("/decision"):
            sent(township.put(f"{own}/appeal", {"reason": "不实"}))
    state = "concluded" if path.endswith("complaint_id}/closing") else want
    if "/complaints" in path and state in ("accepted", "concluded", "closed"):
        sql.execute("UPDATE complaint SET state = ?, told_at = 1, concluded_at = 1, answered_at = 1", (state,))
        sql.execute("UPDATE complaint SET finding = 'solved', handling = '已办', closed_at = NULL")


def reopen(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"number": known.values["complaint number"][0], "phone_last4": "1234", "reason": "不满意"}


def issue(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    known._errand(known.caller("agent"), "completed")
    return {"channel": chance.choice(("slip", "sms", "phone"))}


BODIES = {
    "ratings_issue": issue,
    "ratings_plan": lambda known, drawn, chance: PLAN | {"due_on": chance.choice(("2026-02-24", "2026-01-01"))},
    "complaints_complain": lambda known, drawn, chance: complaint(
        about={"unit_code": chance.choice(known.values["unit_code"])},
        contact=chance.choice(("13805761234", {"name": "王"}, {"phone": "13805761234"}, "微信")),
    ),
    "complaints_conclude": lambda known, drawn, chance: CONCLUSION,
    "complaints_tell": lambda known, drawn, chance: {"method": chance.choice(("phone", "by_number")), "reached": True},
    "complaints_reopen_by_number": reopen,
}
