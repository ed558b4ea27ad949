"""The standing weekly meeting and its open issues; the rules of joint reviews, absences and assignments."""
from datetime import date, datetime

import pytest

from backend.clocks.rules import close_of
from backend.core import clock, sql
from backend.core.actor import system
from backend.core.calendar import HOLIDAY, MAKEUP, Calendar
from backend.core.problems import Invalid
from backend.projects.jobs import reviews as jobs
from backend.projects.rules import assignments, board, interviews, meetings, reviews
from tests.cast import sign_in
from tests.projects import calls

CALENDAR = Calendar({
    date(2026, 4, 6): HOLIDAY, date(2026, 4, 11): MAKEUP,
    **{date(2026, 10, day): HOLIDAY for day in range(1, 8)}, date(2026, 10, 10): MAKEUP,
}, {}, [])
MEET = clock.at_local(date(2026, 4, 15), 14)


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


@pytest.mark.parametrize("decision, reasons, setting, outcome, counts_as", [
    ("agree", None, "consent", "agreed", "consent"),
    ("object", "占用耕地", "consent", "objected", "objection"),
    ("object", None, "consent", "objected_without_reasons", "consent"),
    ("object", "  ", "consent", "objected_without_reasons", "consent"),
    ("object", None, "objection", "objected_without_reasons", "objection"),
])
def test_what_a_departments_word_comes_to(decision, reasons, setting, outcome, counts_as):
    assert reviews.answer(decision, reasons, setting) == (outcome, counts_as)


@pytest.mark.parametrize("state, signed, deemable, follows", [
    ("signed", "2026-04-10 16:00", True, "deemed"), ("signed", "2026-04-15 14:00", True, "deemed"),
    ("signed", "2026-04-15 14:01", True, "awaited"), ("signed", "2026-04-10 16:00", False, "awaited"),
    ("excused", "2026-04-10 16:00", True, "awaited"), ("excused", None, True, "awaited"),
    ("served", None, True, "again"), ("served", None, False, "again"),
])
def test_what_an_absence_leads_to(state, signed, deemable, follows):
    """Rules 8.4: only a summons signed for before the meeting, only where absence is not excluded."""
    assert reviews.absence(state, signed and local(signed), MEET, deemable=deemable) == follows


@pytest.mark.parametrize("meeting, due", [
    ("2026-04-15 14:00", "2026-04-17"), ("2026-04-03 09:00", "2026-04-08"), ("2026-04-09 18:00", "2026-04-11"),
    ("2026-09-30 09:00", "2026-10-09"), ("2026-04-12 10:00", "2026-04-14"),
])
def test_a_written_answer_is_due_at_close_of_the_second_working_day_after(meeting, due):
    assert reviews.answer_due(local(meeting), CALENDAR) == close_of(date.fromisoformat(due))


def test_minutes_are_due_two_calendar_days_after_which_days_off_do_not_move():
    assert reviews.minutes_due(MEET) == date(2026, 4, 17)
    assert reviews.minutes_due(local("2026-04-03 09:00")) == date(2026, 4, 5)


def procedure(lead="MZ", joining=(), **changes):
    return {
        "lead_department": lead, "joining_departments": list(joining), "absence_consent": True, "state": "served",
        "served_at": MEET, "due_at": MEET,
    } | changes


def summons(outcome, counts_as="consent", attended=True, at=MEET):
    return {"outcome": outcome, "counts_as": counts_as, "attended": attended, "decision": attended and "agree",
            "answered_at": at}


ABSENT = summons("deemed_by_absence", attended=False)
LATER = local("2026-04-17 09:00")


@pytest.mark.parametrize("found, others, objected, since", [
    (procedure(), {}, False, MEET),
    (procedure(absence_consent=False), {}, False, None),
    (procedure(state="suspended"), {}, False, None), (procedure(state="open", served_at=None), {}, False, None),
    (procedure(served_at=LATER), {}, False, None), (procedure(), {}, True, None),
    (procedure(joining=["WS"]), {"WS": summons("agreed")}, False, MEET),
    (procedure(joining=["WS"]), {"WS": summons(None, None)}, False, None),
    (procedure(joining=["WS"]), {"WS": summons("objected", "objection")}, False, None),
    (procedure(joining=["WS"]), {"WS": summons("agreed", attended=False, at=LATER)}, False, LATER),
    (procedure(joining=["WS"]), {}, False, MEET),
    (procedure(lead="WS"), {"WS": summons("agreed")}, False, None), (procedure(lead="WS"), {}, False, None),
])
def test_from_when_on_a_leads_absence_stands_for_its_consent(found, others, objected, since):
    assert reviews.absent_since(found, {"MZ": ABSENT} | others, MEET, objected=objected) == since


def test_whose_absence_can_count_at_all():
    agenda = [procedure(), procedure("WS", ["RS"], absence_consent=False)]
    assert [reviews.deemable(code, agenda) for code in ("MZ", "WS", "RS", "ZZ")] == [True, False, False, True]


@pytest.mark.parametrize("monday, weekday, found", [
    (date(2026, 4, 13), 1, date(2026, 4, 13)), (date(2026, 4, 6), 1, date(2026, 4, 7)),
    (date(2026, 4, 6), 6, date(2026, 4, 11)), (date(2026, 4, 13), 7, date(2026, 4, 17)),
    (date(2026, 9, 28), 5, date(2026, 9, 30)),
])
def test_a_weekly_meeting_moves_to_the_next_working_day_of_its_week(monday, weekday, found):
    assert meetings.day_of(monday, weekday, CALENDAR) == found


def test_assignments_name_each_fault_and_quarters_and_lateness():
    given = {"what": "x", "lead_department": "ZZ", "participants": ["ZZ", "YY"], "due_on": date(2026, 4, 1)}
    with pytest.raises(Invalid) as refused:
        assignments.check([given], {"MZ"}, date(2026, 4, 2))
    assert sorted(refused.value.errors) == [f"assignments.0.{name}" for name in (
        "due_on", "lead_department", "participants",
    )]
    assert assignments.is_overdue("open", date(2026, 4, 1), date(2026, 4, 2))
    assert not assignments.is_overdue("open", date(2026, 4, 2), date(2026, 4, 2))
    assert [name for name, _, _ in board.quarters(2026)] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert board.quarters(2026)[3][2] == clock.at_local(date(2027, 1, 1), 0)
    assert board.light(121, 120, forecast_late=False, overdue=0) == board.light(1, 120, forecast_late=True, overdue=1)
    assert board.light(120, 120, forecast_late=True, overdue=0) == "yellow"
    assert interviews.is_late(date(2026, 4, 2), date(2026, 4, 1), 0)
    assert not interviews.is_late(date(2026, 4, 1), date(2026, 4, 1), 0)
    assert meetings.weeks_open(date(2026, 4, 10), date(2026, 4, 13)) == 2


def test_issues_stand_open_on_every_weekly_meeting_until_they_are_settled(district_app, fixed_clock):
    agent = sign_in(district_app.test_client(), "project-agent")
    office = sign_in(district_app.test_client(), "office")
    made = calls.project(agent)
    body = {"project_id": made["id"], "text": "红线未定", "department_code": "GT", "due_on": "2026-02-13"}
    issue = agent.post("/project-issues", body)
    assert (issue.status_code, issue.json["state"], issue.json["weeks_open"]) == (201, "open", 1), issue.json
    wrong = agent.post("/project-issues", body | {"department_code": "QQ", "due_on": "2026-02-11"})
    assert wrong.status_code == 422
    usual = agent.get("/project-meetings/standing")
    assert (usual.json["weekday"], usual.json["time"], usual.json["version"]) == (1, "09:00", 0)
    plan = {"weekday": 5, "time": "15:00", "place": "三楼会议室", "leader": "张副区长"}
    assert office.put("/project-meetings/standing", plan, etag=usual.headers["ETag"]).json["version"] == 1
    assert office.put("/project-meetings/standing", plan, etag=usual.headers["ETag"]).status_code == 412
    week = agent.get("/project-meetings/2026-W07").json
    assert (week["at"], [each["id"] for each in week["issues"]]) == ("2026-02-13T15:00:00+08:00", [issue.json["id"]])
    assert agent.get("/project-meetings/2026-W77").status_code == 404
    now = fixed_clock.now()
    assert jobs.remind_of_meetings(actor=system("tick"), now=now) == 2
    assert sql.value("SELECT count(*) FROM notice WHERE template = 'meeting_reminder'") == 2
    jobs.remind_of_meetings(actor=system("tick"), now=now)
    assert sql.value("SELECT count(*) FROM notice WHERE template = 'meeting_reminder'") == 2, "each is told once"
    said = {"present": ["张副区长", "自然资源局"], "text": "下周一前定红线"}
    assert agent.put("/project-meetings/2026-W07/record", said).status_code == 422, "it is still to come"
    fixed_clock.set("2026-02-13 17:00")
    held = agent.put("/project-meetings/2026-W07/record", said)
    assert (held.status_code, held.json["record"]["text"]) == (200, "下周一前定红线"), held.json
    assert agent.put("/project-meetings/2026-W07/record", said).json["type"] == "/problems/meeting-held"
    fixed_clock.set("2026-02-26 10:00")
    handler = sign_in(district_app.test_client(), "handler-GT")
    told = handler.get(f"/project-issues/{issue.json['id']}").json
    assert (told["overdue"], told["weeks_open"]) == (True, 3)
    assert handler.put(f"/project-issues/{issue.json['id']}/settlement", {"text": "已定"}).status_code == 403
    done = agent.put(f"/project-issues/{issue.json['id']}/settlement", {"text": "红线已批"})
    assert done.json["state"] == "settled" and agent.get("/project-meetings/2026-W09").json["issues"] == []
    assert [each["state"] for each in agent.get("/project-meetings/2026-W07").json["issues"]] == ["open"], "as it stood"
    assert agent.get("/project-meetings").json["items"][0]["issues_open"] == 1
    office = sign_in(district_app.test_client(), "office")
    again = office.put(f"/project-issues/{issue.json['id']}/reopening", {"reason": "又变了"})
    assert again.json["state"] == "open"
    assert len(agent.get("/project-issues?department_code=GT").json["items"]) == 1
