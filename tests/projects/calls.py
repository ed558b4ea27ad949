"""Calls that tests of projects make again and again."""
from datetime import timedelta
from typing import Any

from tests.cast import Caller

PROCEDURE = {
    "stage": "一", "lead_department": "MZ", "joining_departments": [], "limit_working_days": 3, "predecessors": [],
    "timeout_consent": True, "absence_consent": True,
}


def procedure(code: str, *before: str, **changes: Any) -> dict[str, Any]:
    """A procedure in the template's shape."""
    return PROCEDURE | {"code": code, "name": f"手续{code}", "predecessors": list(before)} | changes


def template(*procedures: dict[str, Any], code: str = "T") -> dict[str, Any]:
    """A template of these procedures."""
    return {"code": code, "name": "测试模板", "procedures": list(procedures)}


def published(admin: Caller, *procedures: dict[str, Any], code: str = "T") -> dict[str, Any]:
    """A template made and published."""
    made = admin.post("/project-templates", template(*procedures, code=code))
    assert made.status_code == 201, made.json
    done = admin.put(f"/project-templates/{made.json['id']}/publication", etag=made.headers["ETag"])
    assert done.status_code == 200, done.json
    return done.json


def project(agent: Caller, template_code: str = "sample", **changes: Any) -> dict[str, Any]:
    """A project started by this agent, who carries it."""
    body = {
        "template_code": template_code, "name": "模具产业园", "investor": "某某实业有限公司",
        "amount_fen": 100_000_000_000, "agent_id": agent.get("/me").json["id"], "leader": "张副区长",
    }
    made = agent.post("/projects", body | changes)
    assert made.status_code == 201, made.json
    return made.json


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
