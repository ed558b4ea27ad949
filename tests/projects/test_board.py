"""The board of key projects, its workbook, interviews about late projects."""
from io import BytesIO

from openpyxl import load_workbook

from backend.core.actor import system
from backend.projects.jobs import consents
from tests.cast import sign_in
from tests.projects import calls
from tests.statements import count_statements


def test_the_board_shows_lights_late_departments_deemed_consents_and_faults(district_app, fixed_clock):
    agent = sign_in(district_app.test_client(), "project-agent")
    calls.published(
        sign_in(district_app.test_client(), "admin"), calls.procedure("A", legal_days=20),
        calls.procedure("B", lead_department="WS", timeout_consent=False, limit_working_days=2),
        calls.procedure("C", "A"),
    )
    first = calls.project(agent, "T", name="甲", leader="张")
    second = calls.project(agent, "T", name="=乙", leader="李")
    present = [{"party": party, "name": "某人"} for party in ("owner", "builder", "helper")]
    talk = {"held_on": "2026-03-04", "present": present, "account": "未按期施工", "fault": "builder", "body": "住建局"}
    path = f"/projects/{first['id']}/interviews"
    early = agent.post(path, talk | {"held_on": "2026-02-12"})
    assert (early.status_code, early.json["type"]) == (409, "/problems/not-late")
    signed = {"signed_by": "窗口", "signed_at": "2026-02-12T10:00:00+08:00"}
    for code in "AB":
        assert agent.put(f"/projects/{first['id']}/procedures/{code}/service", signed).status_code == 200
    now = fixed_clock.set("2026-03-04 10:00")
    assert consents.deem_silence(actor=system("tick"), now=now) == 1
    lacking = agent.post(path, talk | {"present": present[:2]})
    assert lacking.status_code == 422 and list(lacking.json["errors"]) == ["present"]
    held = agent.post(path, talk)
    assert (held.status_code, held.json["n"], held.json["fault"]) == (201, 1, "builder"), held.json
    assert agent.get(f"{path}/1").json["body"] == "住建局" and agent.get(f"{path}/2").status_code == 404
    assert len(agent.get(path).json["items"]) == 1
    agent.get("/project-board")
    with count_statements() as seen:
        board = agent.get("/project-board").json
    assert len(seen) <= 1 + 5, seen
    assert [(each["name"], each["light"]) for each in board["projects"]] == [("甲", "red"), ("=乙", "green")]
    line = board["projects"][0]
    assert (line["used_working_days"], line["promised_working_days"], line["statutory_working_days"]) == (10, 120, 25)
    assert (line["overdue_procedures"], line["deemed_consents"], line["promised_on"]) == (1, 1, "2026-08-11")
    assert board["totals"] | {"open": 2, "red": 1, "green": 1} == board["totals"]
    assert board["leaders"][0] == {"leader": "张", "projects": 1, "red": 1, "overdue": 1}
    (late,) = board["late_departments"]
    assert (late["department_code"], late["overdue"], late["oldest_due_at"]) == ("WS", 1, "2026-02-14T17:30:00+08:00")
    (deemed,) = board["deemed"]
    assert (deemed["department_code"], deemed["quarter"], deemed["by_timeout"]) == ("MZ", "2026-Q1", 1)
    assert deemed["opinions_late"] == 1
    assert board["interviews"] == [{"fault": "builder", "body": "住建局", "count": 1, "last_on": "2026-03-04"}]
    page = agent.get("/project-board?limit=1").json
    rest = agent.get(f"/project-board?limit=1&cursor={page['next_cursor']}").json
    assert [each["id"] for each in page["projects"] + rest["projects"]] == [first["id"], second["id"]]
    assert agent.get("/project-board?leader=李").json["totals"]["projects"] == 1
    answer = agent.get("/project-board.xlsx")
    book = load_workbook(BytesIO(answer.data))
    assert book.sheetnames == ["项目看板", "超期部门", "视为同意", "三方约谈", "牵头领导"]
    assert [row[1].value for row in book["项目看板"].iter_rows(min_row=2)] == ["甲", "=乙"]
    assert book["项目看板"]["B3"].data_type == "s", "never a live formula"
