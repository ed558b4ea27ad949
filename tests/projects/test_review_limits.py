"""Where an absence is no consent: somebody else of the procedure objects, or the template excludes it."""
from backend.core import sql
from backend.core.actor import system
from backend.projects.jobs import reviews
from tests.cast import sign_in
from tests.projects import calls


def test_an_absence_is_no_consent_against_an_objection_or_an_exclusion(district_app, fixed_clock):
    fixed_clock.set("2026-04-10 09:00")
    agent = sign_in(district_app.test_client(), "project-agent")
    calls.published(
        sign_in(district_app.test_client(), "admin"),
        calls.procedure("A", joining_departments=["WS"], limit_working_days=5),
        calls.procedure("X", lead_department="RS", absence_consent=False, limit_working_days=20),
        calls.procedure("NEXT", "A"),
    )
    project = calls.project(agent, "T")
    signed = {"signed_by": "窗口", "signed_at": "2026-04-10T09:00:00+08:00"}
    for code in "AX":
        assert agent.put(f"/projects/{project['id']}/procedures/{code}/service", signed).status_code == 200
    review = agent.post("/joint-reviews", {
        "project_id": project["id"], "procedure_codes": ["A", "X"], "at": "2026-04-15T14:00:00+08:00",
    }).json
    path = f"/joint-reviews/{review['id']}"
    assert [each["department"] for each in review["summonses"]] == ["MZ", "RS", "WS"], "all that lead or join"
    for code in ("MZ", "RS", "WS"):
        assert agent.put(f"{path}/summonses/{code}/signature", signed).status_code == 200
    fixed_clock.set("2026-04-15 15:00")

    def attends(code, **said):
        return agent.put(f"{path}/summonses/{code}/attendance", said).json

    def procedure(code):
        return agent.get(f"/projects/{project['id']}/procedures/{code}").json

    assert attends("MZ", attended=False)["outcome"] == "deemed_by_absence"
    assert procedure("A")["state"] == "served", "a department that joins has not spoken yet"
    assert attends("WS", attended=True, decision="object", reasons="环评缺项")["counts_as"] == "objection"
    excluded = attends("RS", attended=False)
    assert (excluded["outcome"], excluded["answer_due_at"]) == (None, "2026-04-17T17:30:00+08:00")
    now = fixed_clock.set("2026-04-18 09:00")
    assert reviews.deem_absence(actor=system("tick"), now=now) == 0
    assert (procedure("A")["outcome"], procedure("X")["outcome"], procedure("NEXT")["state"]) == (None, None, "blocked")
    assert sql.value("SELECT count(*) FROM deemed_consent") == 0
    assert agent.put(f"{path}/conclusion").json["outstanding"] == ["RS"]
