"""Lists of appointments: the next first, by scope, few statements, numbers masked."""
import pytest

from backend.core import sql
from tests import cast
from tests.appointments.booked import UNIT, appointment, offer, rules
from tests.statements import count_statements

PEOPLE = (("王桂香", "09:00"), ("欧阳娜", "09:30"), ("王小二", "10:00"), ("张伟", "10:30"))


@pytest.fixture(autouse=True)
def centre(district_app, now):
    offer(rules(), now)


@pytest.fixture
def made(operator):
    found = []
    for serial, (name, start) in enumerate(PEOPLE):
        body = appointment(serial, start=start)
        body["person"]["name"] = name
        found.append(operator.post("/appointments", body).json)
    return found


def names(answer):
    assert answer.status_code == 200, answer.json
    return [item["person"]["name"] for item in answer.json["items"]]


ASKED = (
    ("", [0, 1, 2, 3]),
    ("q=wgx", [0]),
    ("q=w", [0, 2]),
    ("q=王", [0, 2]),
    ("q=王桂香", [0]),
    ("q=欧阳娜", [1]),
    ("q=OYN", [1]),
    ("q=001000-260212-0003", [2]),
    ("q=001000260212", [0, 1, 2, 3]),
    ("q=13857610001", []),
    ("date=2026-02-13", [0, 1, 2, 3]),
    ("from=2026-02-14", []),
    ("from=2026-02-12&to=2026-02-13&q=w", [0, 2]),
    ("state=booked&state=held", [0, 1, 2, 3]),
    ("state=cancelled", []),
    ("state=all", [0, 1, 2, 3]),
    (f"unit_code={UNIT}", [0, 1, 2, 3]),
    (f"unit_code={cast.VILLAGE}", []),
    (f"unit_code={cast.DISTRICT}&state=all", [0, 1, 2, 3]),
)


def test_what_is_asked_for_is_found(made, operator):
    for asked, expected in ASKED:
        assert names(operator.get(f"/appointments?{asked}")) == [PEOPLE[at][0] for at in expected], asked


def test_pages_follow_one_another_for_every_scope_in_two_statements(made, operator, township, admin):
    for caller in (operator, township, admin):
        found, cursor = [], ""
        for _ in range(4):
            with count_statements() as run:
                answer = caller.get(f"/appointments?limit=1{cursor}")
            assert len(run) <= 2
            found += names(answer)
            cursor = f"&cursor={answer.json['next_cursor']}"
        assert found == [name for name, _ in PEOPLE] and answer.json["next_cursor"] is None
    with count_statements() as run:
        assert names(operator.get("/appointments?q=w&limit=1")) == ["王桂香"]
    assert len(run) <= 2


def test_every_list_walks_an_index_from_its_scope(made, operator, admin, township):
    if sql.on_postgresql():
        pytest.skip("an empty table is scanned; the texts are the same")
    for caller in (operator, township, admin):
        for asked in ("", "?state=all", "?q=w", "?date=2026-02-13", "?q=001000-260212"):
            with count_statements() as run:
                caller.get(f"/appointments{asked}")
            plan = plan_of(run[-1])
            assert not [line for line in plan if line.startswith(("SCAN p", "SCAN appointment"))], plan


def plan_of(text):
    params = [0] * text.count("?")
    return [row[3] for row in sql.execute(f"EXPLAIN QUERY PLAN {text}", params).fetchall()]
