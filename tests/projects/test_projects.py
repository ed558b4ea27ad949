"""Projects over the wire: made from the sample template, grown mid-run, seen by whom they concern."""
import pytest

from backend.core import clock, sql
from backend.core.actor import system
from backend.core.transaction import transaction
from backend.projects.actions import recomputing
from backend.projects.jobs import planning
from tests.cast import OFFICE_OF_TOWNSHIP, TOWNSHIP, sign_in
from tests.projects import calls
from tests.statements import count_statements

CRITICAL = [f"P{n:02d}" for n in (1, 2, 3, 6, 7, 16, 19, 20, 21, 22, 23, 26, 27, 33, 34, 36, 39, 41)]


@pytest.fixture
def agent(district_app):
    return sign_in(district_app.test_client(), "project-agent")


@transaction
def finished(project_id, code, at, *, actor, now):
    sql.run(
        "UPDATE procedure SET state = 'finished', outcome = 'agreed', finished_at = ?, version = version + 1 "
        "WHERE project_id = ? AND code = ?", (clock.to_micros(at), project_id, code),
    )
    return recomputing.recompute(project_id, actor=actor, now=now)


def finish(project_id, code, at):
    return finished(project_id, code, at, actor=system("test"), now=at)


def test_the_sample_template_gives_its_path_forecast_and_what_is_next(agent, district_app):
    made = calls.project(agent)
    assert made["critical_path"] == CRITICAL and made["critical_path_working_days"] == 123
    assert len(made["procedures"]) == 41 and len({each["lead_department"] for each in made["procedures"]}) == 35
    assert made["forecast_on"] == made["procedures"][40]["finishes_on"] == "2026-08-14"
    assert [(each["code"], each["act"], each["whose"]) for each in made["next"]] == [("P01", "serve", "agent")]
    assert [each["code"] for each in made["procedures"] if each["state"] == "open"] == ["P01"]
    whole = agent.post("/projects", {
        "template_code": "sample", "name": "带验收", "investor": "某公司", "amount_fen": 0, "leader": "李",
        "agent_id": made["agent_id"], "with_extension": True,
    })
    assert len(whole.json["procedures"]) == 47


def test_the_sample_template_shows_its_sums_and_what_a_cut_would_make(agent):
    shown = agent.get("/project-templates/sample").json
    assert (shown["state"], shown["critical_path_working_days"]) == ("published", 123)
    assert shown["limit_sum_working_days"] == 265
    assert shown["cut_by_30_percent"]["critical_path_working_days"] == 82
    assert (shown["legal_sum_working_days"], shown["limit_sum_of_legal_working_days"]) == (507, 181)
    assert {"GT", "WS", "AJ", "LT", "NY", "JS", "RS"} < {each["lead_department"] for each in shown["procedures"]}


def test_a_slip_within_float_moves_nothing_and_one_on_the_path_all_that_follows(agent, fixed_clock):
    made = calls.project(agent)
    floats = {each["code"]: each["float_working_days"] for each in made["procedures"]}
    for code, at in (("P01", "2026-02-13 16:00"), ("P02", "2026-02-25 16:00"), ("P03", "2026-02-28 16:00")):
        now = fixed_clock.set(at)
        finish(made["id"], code, now)
    shown = agent.get(f"/projects/{made['id']}").json
    assert shown["forecast_on"] == made["forecast_on"] and floats["P04"] > 10
    assert {each["code"] for each in shown["next"]} == {"P04", "P06"}
    finish(made["id"], "P04", fixed_clock.set("2026-03-05 16:00"))
    later = agent.get(f"/projects/{made['id']}").json
    assert later["critical_path_working_days"] == 123 + 4 and "P06" in later["critical_path"]
    assert later["procedures"][3]["float_working_days"] == floats["P04"] + 4 - 3


def test_procedures_open_as_soon_as_all_before_them_have_passed(agent, fixed_clock, district_app):
    calls.published(
        sign_in(district_app.test_client(), "admin"), calls.procedure("A"), calls.procedure("B"),
        calls.procedure("C", "A", "B"),
    )
    made = calls.project(agent, "T")
    assert [each["state"] for each in made["procedures"]] == ["open", "open", "blocked"]
    assert finish(made["id"], "A", fixed_clock.now()) == ([], [], False)
    with count_statements() as seen:
        assert finish(made["id"], "B", fixed_clock.now()).opened == ["C"]
    assert len([text for text in seen if not text.startswith(("BEGIN", "COMMIT", "SAVEPOINT"))]) <= 10, seen
    assert finish(made["id"], "C", fixed_clock.now()).moved
    assert agent.get(f"/projects/{made['id']}").json["state"] == "finished"


def test_reading_costs_at_most_three_statements(agent):
    made = calls.project(agent)
    for path in ("", "/procedures", "/procedures/P07", "/graph", "/graph.svg"):
        agent.get(f"/projects/{made['id']}{path}")
        with count_statements() as seen:
            assert agent.get(f"/projects/{made['id']}{path}").status_code == 200
        assert len(seen) <= 1 + 3, seen
    with count_statements() as seen:
        assert [each["id"] for each in agent.get("/projects").json["items"]] == [made["id"]]
    assert len(seen) <= 1 + 3


def test_a_procedure_added_mid_run_holds_what_must_wait_for_it(agent, fixed_clock):
    made = calls.project(agent)
    finish(made["id"], "P01", fixed_clock.now())
    extra = calls.procedure("N1", "P01", stage="initiation", limit_working_days=30, successors=["P02"])
    added = agent.post(f"/projects/{made['id']}/procedures", extra)
    assert (added.status_code, added.json["state"]) == (201, "open"), added.json
    shown = agent.get(f"/projects/{made['id']}").json
    assert shown["procedures"][1]["state"] == "blocked" and shown["critical_path"][:3] == ["P01", "N1", "P02"]
    assert shown["critical_path_working_days"] == 123 - 1 + 30
    ring = agent.post(
        f"/projects/{made['id']}/procedures", calls.procedure("N2", "P03", stage="initiation", successors=["P02"])
    )
    assert ring.status_code == 422 and ring.json["type"] == "/problems/cycle"
    assert ring.json["cycle"] == ["N2", "P02", "P03", "N2"]
    wrong = agent.post(f"/projects/{made['id']}/procedures", calls.procedure("P05", "XX", lead_department="ZZ"))
    assert sorted(wrong.json["errors"]) == ["code", "lead_department", "predecessors", "stage"]


def test_a_department_joins_mid_run_and_reads_from_then_on(agent, district_app):
    made = calls.project(agent)
    handler = sign_in(district_app.test_client(), "handler-MZ")
    assert handler.get(f"/projects/{made['id']}").status_code == 404
    path = f"/projects/{made['id']}/procedures/P30/departments"
    assert agent.post(path, {"department_code": "MZ"}).json["joining_departments"] == ["MZ"]
    assert agent.post(path, {"department_code": "MZ"}).status_code == 422
    assert handler.get(f"/projects/{made['id']}").status_code == 200
    assert [each["id"] for each in handler.get("/projects").json["items"]] == [made["id"]]
    assert handler.post(path, {"department_code": "WS"}).status_code == 403


def test_a_township_sees_what_is_built_there_and_nothing_else(agent, district_app):
    made = calls.project(agent)
    office = sign_in(district_app.test_client(), OFFICE_OF_TOWNSHIP)
    assert office.get(f"/projects/{made['id']}").status_code == 404
    changed = agent.patch(f"/projects/{made['id']}", {"township_code": TOWNSHIP})
    assert changed.json["township_code"] == TOWNSHIP
    assert office.get(f"/projects/{made['id']}").status_code == 200
    assert office.get(f"/projects?state=all&unit_code={TOWNSHIP}").json["items"][0]["id"] == made["id"]
    assert len(agent.get("/projects?unit_code=331003000000").json["items"]) == 1
    assert agent.get("/projects?unit_code=331003002000").json["items"] == []


def test_a_project_that_is_given_up_stands_still(agent):
    made = calls.project(agent)
    done = agent.put(f"/projects/{made['id']}/abandonment", {"reason": "投资人撤资"})
    assert (done.json["state"], done.json["next"]) == ("abandoned", [])
    assert agent.put(f"/projects/{made['id']}/abandonment", {"reason": "再来"}).status_code == 409
    assert agent.get("/projects").json["items"] == []


def test_the_picture_names_every_procedure_and_is_whole(agent):
    made = calls.project(agent, name='园区<"&>')
    answer = agent.get(f"/projects/{made['id']}/graph.svg")
    text = answer.get_data(as_text=True)
    assert answer.content_type == "image/svg+xml; charset=utf-8" and "园区&lt;&quot;&amp;&gt;" in text
    assert all(f">{each['code']}</text>" in text for each in made["procedures"])
    graph = agent.get(f"/projects/{made['id']}/graph").json
    assert len(graph["nodes"]) == 41 and {"from", "to", "critical"} == set(graph["edges"][0])


def test_every_day_the_plan_is_laid_anew_so_that_what_waits_pushes_the_forecast(agent, fixed_clock):
    made = calls.project(agent)
    job = {"actor": system("replan-projects"), "now": fixed_clock.set("2026-02-13 08:00")}
    assert planning.replan_projects(**job) == 1, "on the next day nobody has brought the papers of P01"
    assert planning.replan_projects(**job) == 0
    assert agent.get("/projects").json["items"][0]["forecast_on"] == "2026-08-17"
    assert agent.get(f"/projects/{made['id']}").json["critical_path_working_days"] == 124
