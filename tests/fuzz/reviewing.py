"""Joint reviews, assignments, issues and weekly meetings to be met by the fuzzer."""
import random
from typing import Any

from backend.core import clock, sql
from tests import cast
from tests.projects.calls import project

PATHS = ("/joint-reviews", "/review-assignments", "/project-issues", "/project-meetings")
_BEGIN = "UPDATE joint_review SET meet_at = ? WHERE id = ?"
_ANSWER = "UPDATE summons SET outcome = 'agreed', counts_as = 'consent' WHERE review_id = ?"
CHARGE = {"what": "补件", "lead_department": "MZ", "participants": ["D12"], "due_on": "2026-12-31"}


def mine(path: str) -> bool:
    """Whether an operation is of this room."""
    return any(part in path for part in PATHS)


def renew(known: Any) -> None:
    """Reviews to come, begun, and with every answer; an assignment and an issue, open and done."""
    found, agent = known.values, known.caller("project_agent")
    made = project(agent, township_code=cast.TOWNSHIP)
    found["project_id"] = [*found["project_id"][-3:], made["id"]]
    fresh, begun, ready, minuted = (_review(agent, made["id"]) for _ in range(4))
    for review_id in (begun, ready, minuted):
        sql.run(_BEGIN, (clock.to_micros(clock.at_local(clock.local_date(clock.EPOCH), 9)), review_id))
    sql.run(_ANSWER, (ready,))
    minutes = agent.put(f"/joint-reviews/{minuted}/minutes", {"text": "略", "assignments": [CHARGE, CHARGE]})
    opened, done = (each["id"] for each in minutes.json["minutes"]["assignments"])
    known.caller("handler").put(f"/review-assignments/{done}/completion", {"report": "已补"})
    raised, settled = (
        agent.post("/project-issues", {"project_id": made["id"], "text": "红线未定"}).json["id"] for _ in range(2)
    )
    agent.put(f"/project-issues/{settled}/settlement", {"text": "已定"})
    found |= {
        "review_id": [fresh], "review begun": [begun], "review ready": [ready], "summoned": ["MZ", "D12"],
        "assignment_id": [opened], "assignment done": [done], "issue_id": [raised], "issue settled": [settled],
        "meeting week": ["2026-W07"],
    }


def _review(agent: Any, project_id: str) -> str:
    made = agent.post("/joint-reviews", call(project_id))
    assert made.status_code == 201, made.json
    return str(made.json["id"])


def call(project_id: str) -> dict[str, Any]:
    return {
        "project_id": project_id, "procedure_codes": ["P01"], "departments": ["MZ", "D12"],
        "at": "2026-12-20T09:00:00+08:00",
    }


def pool(name: str, path: str, chance: random.Random) -> str:
    """Which value an operation is tried on."""
    last = path.rpartition("/")[2]
    if name == "review_id" and last in ("conclusion", "minutes", "attendance"):
        return "review ready" if last == "conclusion" else "review begun"
    known = {
        "department": "summoned", "week": "meeting week",
        "assignment_id": "assignment done" if last == "return" else name,
        "issue_id": "issue settled" if last == "reopening" else name,
    }
    return known.get(name, name)


def _own(known: Any) -> str:
    return str(known.values["project_id"][-1])


BODIES = {
    "joint_reviews_call_review": lambda known, drawn, chance: call(_own(known)),
    "joint_reviews_postpone_review": lambda known, drawn, chance: drawn | {"at": "2026-12-21T09:00:00+08:00"},
    "joint_reviews_sign_summons": lambda known, drawn, chance: drawn | {"signed_at": "2026-02-12T10:00:00+08:00"},
    "joint_reviews_attend": lambda known, drawn, chance: {
        "attended": True, "decision": chance.choice(("agree", "object")),
    },
    "joint_reviews_issue_minutes": lambda known, drawn, chance: {"text": "略", "assignments": [CHARGE]},
    "project_meetings_raise_issue": lambda known, drawn, chance: {"project_id": _own(known), "text": "红线未定"},
    "project_meetings_record_meeting": lambda known, drawn, chance: {
        "present": ["张"], "text": "略", "leader": "张", "held_on": "2026-02-09",
    },
    "project_board_record_interview": lambda known, drawn, chance: {
        "held_on": "2026-02-12", "account": "略", "fault": "owner", "body": "发改局",
        "present": [{"party": party, "name": "某人"} for party in ("owner", "builder", "helper")],
    },
}
