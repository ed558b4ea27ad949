"""Calls that tests of projects make again and again."""
from datetime import datetime
from typing import Any

from backend.core import sql
from backend.projects.models import DeemedConsent, ProjectPaper
from tests.cast import DISTRICT, Caller

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


def furnish(agent: Caller, made: dict[str, Any], now: datetime) -> str:
    """A suspension of P01, a revoked consent to it, and a paper of the project; the paper's id."""
    path = f"/projects/{made['id']}/procedures/P01"
    signed = {"signed_by": "王", "signed_at": agent.get(f"/projects/{made['id']}").json["started_at"]}
    assert agent.put(f"{path}/service", signed).status_code == 200
    assert agent.post(f"{path}/suspensions", {"reason": "testing", "notice": "送检"}).status_code == 201
    paper_id, file_id = f"p{made['id']}"[:36], sql.value("SELECT id FROM file")
    sql.insert(
        DeemedConsent, id=paper_id, procedure_id=agent.get(path).json["id"], project_id=made["id"], n=1,
        kind="deemed_by_timeout", department_code="FG", district_code=DISTRICT, effective_at=now, detected_at=now,
        notice_number=f"{made['number']}-M1-1", notice_on=now.date(), opinion_due_at=now, revoked_at=now,
        revoked_for="有误",
    )
    if file_id is not None:
        sql.insert(
            ProjectPaper, id=paper_id, project_id=made["id"], name="材料", file_id=file_id, account_id="x", made_at=now
        )
    return paper_id
