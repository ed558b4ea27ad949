"""A joint review that was held, and what came of it."""
from datetime import timedelta
from typing import Any

from tests.cast import Caller


def reviewed(agent: Caller, clock: Any, project_id: str, department: str = "D12") -> dict[str, str]:
    """A joint review held a minute ago whose minutes charge a department, an issue, an interview; their ids."""
    at = clock.now() + timedelta(minutes=1)
    made = agent.post("/joint-reviews", {
        "project_id": project_id, "procedure_codes": ["P01"], "departments": [department], "at": at.isoformat(),
    })
    clock.advance(minutes=2)
    charge = {"what": "补件", "lead_department": department, "participants": [], "due_on": "2026-12-31"}
    minutes = agent.put(f"/joint-reviews/{made.json['id']}/minutes", {"text": "略", "assignments": [charge]})
    issue = agent.post("/project-issues", {"project_id": project_id, "text": "红线未定"})
    present = [{"party": party, "name": "某人"} for party in ("owner", "builder", "helper")]
    talk = {"held_on": "2026-02-12", "present": present, "account": "略", "fault": "owner", "body": "发改局"}
    assert agent.post(f"/projects/{project_id}/interviews", talk).status_code == 201
    return {
        "review_id": made.json["id"], "department": department, "issue_id": issue.json["id"],
        "assignment_id": minutes.json["minutes"]["assignments"][0]["id"],
    }
