"""Papers are collected once, and read by right of the procedure that needs them."""
from io import BytesIO

from tests.cast import OFFICE_OF_TOWNSHIP, TOWNSHIP, sign_in
from tests.files.samples import PDF
from tests.projects import calls


def uploaded(caller, data):
    answer = caller.post("/files", headers={}, data={"file": (BytesIO(data), "x")})
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def test_a_paper_is_shared_by_the_procedures_that_need_it_and_by_nobody_else(district_app):
    agent, admin, mz, ws, gt, office, supervisor = (
        sign_in(district_app.test_client(), name)
        for name in ("project-agent", "admin", "handler-MZ", "handler-WS", "handler-GT", "office", "supervisor")
    )
    calls.published(
        admin, calls.procedure("A", joining_departments=["WS"]), calls.procedure("B", "A", lead_department="GT"),
        calls.procedure("C", "A", lead_department="D12"),
    )
    made = calls.project(agent, "T", township_code=TOWNSHIP)
    path = f"/projects/{made['id']}/papers"
    body = {"name": "可行性研究报告", "file_id": uploaded(agent, PDF), "procedure_codes": ["A"]}
    paper = agent.post(path, body)
    assert (paper.status_code, paper.json["procedure_codes"]) == (201, ["A"]), paper.json
    assert agent.post(path, body).status_code == 409
    own = f"{path}/{paper.json['id']}"
    seen = {who: who.get(f"{own}/content").status_code for who in (agent, mz, ws, gt, office, supervisor, admin)}
    assert list(seen.values()) == [200, 200, 200, 404, 404, 200, 404]
    assert [len(who.get(path).json["items"]) for who in (agent, mz, gt, office)] == [1, 1, 0, 0]
    town = sign_in(district_app.test_client(), OFFICE_OF_TOWNSHIP)
    assert town.get(own).status_code == 404
    shared = agent.put(f"{own}/procedures", {"procedure_codes": ["A", "B", "C"]})
    assert shared.json["procedure_codes"] == ["A", "B", "C"]
    assert gt.get(own).status_code == town.get(own).status_code == 200
    assert mz.put(f"{own}/procedures", {"procedure_codes": []}).status_code == 403
    signed = {"signed_by": "王科长", "signed_at": "2026-02-12T10:00:00+08:00"}
    assert agent.put(f"/projects/{made['id']}/procedures/A/service", signed).status_code == 200
    assert agent.put(f"{own}/procedures", {"procedure_codes": ["B"]}).status_code == 422
    assert agent.put(f"{own}/procedures", {"procedure_codes": ["A"]}).json["procedure_codes"] == ["A"]
    assert gt.get(own).status_code == 404
    gone = agent.put(f"{own}/withdrawal", {"reason": "传错"})
    assert gone.json["withdrawn_at"] and agent.put(f"{own}/withdrawal", {"reason": "再"}).status_code == 409
    assert gt.get("/projects/none/papers").status_code == mz.get("/projects/none/papers").status_code == 404
