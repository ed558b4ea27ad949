"""Problems become tasks of a department with a date, and every one has an answer (rules 7.6)."""
from datetime import date

import pytest

from backend.core import sql
from backend.core.actor import system
from backend.reports import jobs
from backend.reports.rules import tasks
from tests import cast
from tests.reports import weekly
from tests.reports.weekly import at
from tests.statements import count_statements

WEEK, NEXT = "2026-W07", "2026-W09"
RAISED = [
    {"text": "村级场地产权不清", "asked_of": "MZ", "due_on": date(2026, 2, 13)},
    {"text": "缺少电脑3台", "asked_of": "RS", "due_on": date(2026, 3, 6)},
]


@pytest.fixture
def raised(district_app):
    """Two problems of 东城街道, one for each of two departments."""
    weekly.file(WEEK, cast.TOWNSHIP, at("2026-02-12 10:00"), problems=RAISED)
    return {row["department_code"]: row["id"] for row in sql.plain("SELECT id, department_code FROM report_problem")}


def caller(district_app, who):
    return cast.sign_in(district_app.test_client(), who)


def seen(reader, query=""):
    return [one["asked_of"] for one in reader.get(f"/report-problems{query}").json["items"]]


READERS = {
    cast.OFFICE_OF_TOWNSHIP: ["MZ", "RS"], cast.FAR_OFFICE: [], "handler-MZ": ["MZ"], "handler-RS": ["RS"],
    "handler-NY": [], "office": ["MZ", "RS"],
}


def test_each_sees_what_is_his(raised, district_app):
    for who, told in READERS.items():
        reader = caller(district_app, who)
        assert seen(reader) == told, who
        for department, task_id in raised.items():
            status = reader.get(f"/report-problems/{task_id}").status_code
            assert status == (200 if department in told else 404), who


def test_problems_are_found_by_state_department_week_and_date(raised, district_app, fixed_clock):
    fixed_clock.set("2026-02-14 09:00")
    office = caller(district_app, "office")
    assert seen(office, "?overdue=true") == ["MZ"] and seen(office, "?overdue=false") == ["RS"]
    assert seen(office, "?asked_of=RS") == ["RS"] and seen(office, f"?week={NEXT}") == []
    assert seen(office, f"?unit_code={cast.TOWNSHIP}") == ["MZ", "RS"] and seen(office, "?state=answered") == []
    first = office.get("/report-problems?limit=1").json
    assert [one["overdue"] for one in first["items"]] == [True]
    assert seen(office, f"?limit=1&cursor={first['next_cursor']}") == ["RS"]


def test_an_answer_is_given_once_by_the_department_that_was_asked(raised, district_app):
    path = f"/report-problems/{raised['MZ']}"
    handler, other = caller(district_app, "handler-MZ"), caller(district_app, "handler-RS")
    assert other.put(f"{path}/answer", {"text": "不归我"}).status_code == 404
    assert caller(district_app, "office").put(f"{path}/answer", {"text": "代答"}).status_code == 403
    tag = handler.get(path).headers["ETag"]
    assert handler.put(f"{path}/answer", {"text": " "}, etag=tag).status_code == 422
    answered = handler.put(f"{path}/answer", {"text": "产权已协调"}, etag=tag)
    assert answered.json["state"] == "answered" and answered.json["answered_by"]["name"]
    assert handler.put(f"{path}/answer", {"text": "再答"}, etag=tag).json["type"] == "/problems/illegal-move"


def test_the_next_draft_shows_what_became_of_them(raised, district_app, township, fixed_clock):
    fixed_clock.set("2026-02-13 09:00")
    caller(district_app, "handler-MZ").put(f"/report-problems/{raised['MZ']}/answer", {"text": "产权已协调"})
    fixed_clock.set("2026-02-24 09:00")
    clerk = caller(district_app, cast.OFFICE_OF_TOWNSHIP)
    draft = clerk.get(f"/weekly-reports/{NEXT}/{cast.TOWNSHIP}")
    assert {one["asked_of"]: (one["state"], one["answer"]) for one in draft.json["raised"]} == {
        "MZ": ("answered", "产权已协调"), "RS": ("open", None),
    }
    saved = clerk.put(f"/weekly-reports/{NEXT}/{cast.TOWNSHIP}", draft.json | {"plan": "继续"})
    assert saved.status_code == 200


def test_the_departments_post_and_then_the_township_are_told_once(raised, district_app, fixed_clock):
    def told():
        return [row["template"] for row in sql.plain("SELECT template FROM notice ORDER BY made_at, template")]

    who = system("tell-problems")
    district = caller(district_app, "admin")
    handler = sql.value("SELECT id FROM account WHERE username = 'handler-mz'")
    assert district.put("/posts/MZ/duty", {"account_id": handler}).status_code == 200
    first = jobs.tell_problems(actor=who, now=fixed_clock.now())
    assert jobs.tell_problems(actor=who, now=fixed_clock.now()) == 0
    assert told().count("problem_raised") == first >= 1
    mine = sql.value("SELECT recipient_id FROM notice WHERE template = 'problem_raised' AND subject_id = ?",
                     (raised["MZ"],))
    assert mine == handler
    clerk = sql.value("SELECT id FROM account WHERE username = ?", (cast.OFFICE_OF_TOWNSHIP,))
    assert district.put(f"/posts/{cast.TOWNSHIP}/duty", {"account_id": clerk}).status_code == 200
    caller(district_app, "handler-MZ").put(f"/report-problems/{raised['MZ']}/answer", {"text": "产权已协调"})
    assert told().count("problem_answered") == 1
    assert sql.value("SELECT recipient_id FROM notice WHERE template = 'problem_answered'") == clerk


def test_the_bulletin_names_the_unanswered_only(raised, district_app, stranger, fixed_clock):
    caller(district_app, "handler-RS").put(f"/report-problems/{raised['RS']}/answer", {"text": "已采购"})
    fixed_clock.set("2026-02-14 18:00")
    found = stranger.get(f"/bulletins/{WEEK}").json["problems"]
    assert [(one["asked_of"], one["name"], one["overdue"]) for one in found] == [("MZ", "东城街道", True)]


def test_a_list_takes_two_statements(raised, district_app):
    office = caller(district_app, "office")
    with count_statements() as statements:
        office.get("/report-problems?state=all")
    assert len(statements) <= 3


@pytest.mark.parametrize("state, due, overdue", [
    (tasks.OPEN, date(2026, 2, 13), False), (tasks.OPEN, date(2026, 2, 12), True),
    (tasks.ANSWERED, date(2026, 2, 12), False),
])
def test_on_its_day_an_answer_is_still_in_time(state, due, overdue):
    assert tasks.is_overdue(state, due, date(2026, 2, 13)) == overdue
