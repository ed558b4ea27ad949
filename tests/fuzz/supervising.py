"""What the fuzzer knows of supervision: an order, a notice, a case, a promise in each state that acts need."""
import random
from typing import Any

from backend.core import sql
from tests import cast
from tests.conftest import START
from tests.supervision import kinds
from tests.supervision.calls import ORDER

PATHS = (
    "/supervision-", "/standing-matters", "/watch-list", "/notices/{paper_id}", "/accountability-cases", "/commitments",
)


def concerns(path: str) -> bool:
    """Whether an operation is one of supervision's."""
    return path.startswith(tuple(f"/api/v1{part}" for part in PATHS)) or path.startswith(PATHS)


def renew(known: Any, path: str) -> None:
    """Fresh things for an operation that uses them up, in the state that it needs."""
    sql.execute("UPDATE watch_entry SET watched = NULL, state = 'taken_off'")
    sql.execute("DELETE FROM supervision_cycle")
    sql.execute("DELETE FROM supervision_finding")
    made = kinds.made(known.caller("supervisor"), START)
    for name in ("matter_id", "entry_id", "case_id", "commitment_id", "order_id", "fault_id"):
        known.values[name] = [made[name]]
    known.values["issued_paper_id"] = [made["paper_id"]]
    known.values["kind"], known.values["cycle_period"] = [made["kind"]], [made["period"]]
    order = f"/supervision-orders/{made['order_id']}"
    if path.endswith(("/acceptance", "/return")):
        known.caller("agent").put(f"{order}/reply", {"text": "已办"})
    if path.endswith(("/opening", "/dismissal")):
        sql.execute("UPDATE accountability_case SET state = 'proposed', number = NULL WHERE id = ?", (made["case_id"],))
    person = {"account_id": known.caller("agent").get("/me").json["id"]}
    if path.endswith(("/reminder", "/statement", "/closing")):
        whole = {"leader": {"name": "李"}, "category": "late", "severity": "minor", "outcome": "cleared"}
        known.caller("supervisor").patch(f"/accountability-cases/{made['case_id']}", whole | {"person": person})
    if not known.values["issued_paper_id None"]:
        public = known.caller("supervisor").post("/notices", kinds.NOTICE | {"public": True}).json["id"]
        known.caller("supervisor").put(f"/notices/{public}/issue")
        known.values["issued_paper_id None"] = [public]


def order(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    body = {"department_code": "MZ"} if chance.random() < 0.3 else {"unit_code": cast.VILLAGE}
    return ORDER | body


def matter(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {
        "cycle": chance.choice(("weekly", "monthly")), "source": "decision", "what": "报台账", "quality": "齐全",
        "unit_codes": [cast.VILLAGE], "from_on": chance.choice((None, "2026-03-01", "2026-01-01")),
    }


def notice(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return kinds.NOTICE | {name: drawn[name] for name in ("kind", "title", "text") if name in drawn}


def case(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"unit_code": cast.VILLAGE, "facts": "窗口无人"} | {
        name: drawn[name] for name in ("category", "severity", "outcome") if name in drawn}


def promise(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"department_code": "MZ", "text": "三日答复", "due_on": chance.choice((None, "2026-12-01", "2026-01-01"))}


def remind(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"text": "按时在岗", "due_on": chance.choice(("2026-03-01", "2026-01-01"))}


def watch(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"unit_code": chance.choice((cast.FAR_VILLAGE, cast.NEIGHBOUR, cast.VILLAGE)), "reason": "多次推诿"}


def give_back(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"reason": "无名单", "due_on": chance.choice((None, "2026-03-09", "2026-01-09"))}


BODIES = {
    "supervision_issue_order": order, "supervision_watch": watch, "supervision_return_reply": give_back,
    "supervision_cycles_stand_matter": matter, "supervision_notices_draft_notice": notice,
    "supervision_notices_edit_notice": notice, "accountability_start_case": case,
    "accountability_remind_person": remind, "commitments_make_promise": promise,
}
