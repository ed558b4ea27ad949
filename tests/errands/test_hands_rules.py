"""What is allowed between hands, table by table; how desks are read; what stood before the migration."""
from datetime import date, datetime

import pytest

from backend import schema
from backend.clocks import rules as hours
from backend.core import db, sql
from backend.core.calendar import Calendar
from backend.core.problems import IllegalMove, Invalid
from backend.errands.rules import hands
from tests import cast
from tests.errands.test_story import accepted, path
from tests.statements import count_statements

PROCESS = ["委托", {"name": "现场核查", "limit_days": 3}, {"name": "审批", "limit_days": 2}]


@pytest.mark.parametrize(("step", "limit"), [("现场核查", 3), ("审批", 2), ("委托", None), (None, None)])
def test_the_versions_process_names_the_limit_of_a_step(step, limit):
    assert hands.named_limit(PROCESS, step) == limit


@pytest.mark.parametrize(("named", "asked", "left", "limit"), [
    (None, None, 6, 6), (None, 2, 6, 2), (None, 6, 6, 6), (None, 7, 6, None), (3, None, 6, 3), (3, 2, 6, 2),
    (3, 4, 6, None), (3, None, 1, 1), (None, None, 0, 0), (None, 0, 6, 0), (None, 1, 0, None),
])
def test_a_step_stays_inside_the_promise(named, asked, left, limit):
    """Rules 3.8: as the version says, or as asked, never beyond what is left."""
    if limit is not None:
        assert hands.step_limit(named, asked, left) == limit
        return
    with pytest.raises(Invalid) as refused:
        hands.step_limit(named, asked, left)
    assert list(refused.value.errors) == ["working_days"]


@pytest.mark.parametrize(("now", "closed", "left"), [
    ("2026-03-02 10:00", (), 5), ("2026-03-02 23:00", (), 5), ("2026-03-06 09:00", (), 1), ("2026-03-07 09:00", (), 1),
    ("2026-03-09 09:00", (), 0), ("2026-03-12 09:00", (), 0), ("2026-03-02 10:00", (date(2026, 3, 4),), 4),
])
def test_what_is_left_until_monday_9_march_is_the_longest_limit_that_ends_in_time(now, closed, left):
    """Rules 1.2: the day on which a limit begins is not counted."""
    began, until = datetime.fromisoformat(f"{now}+08:00"), hours.close_of(date(2026, 3, 9))
    calendar = Calendar({})
    assert hours.days_left(began, until, calendar, closed) == left
    if left:
        assert hours.due_at(hours.limit_of(began, left, calendar, (), closed)) == until


@pytest.mark.parametrize(("level", "intake", "needed"), [
    ("village", ["township"], True), ("village", ["village", "township"], False), ("township", ["township"], False),
    ("township", ["district"], False),
])
def test_villages_hand_in_what_they_cannot_accept(level, intake, needed):
    """Rules 3.3, 3.8."""
    assert hands.needs_hand_in(level, intake) == needed


@pytest.mark.parametrize(("role", "own", "answers"), [
    ("agent", cast.VILLAGE, True), ("operator", cast.VILLAGE, True), ("agent", cast.NEIGHBOUR, False),
    ("township", cast.TOWNSHIP, True), ("township", cast.FAR_TOWNSHIP, False), ("operator", cast.TOWNSHIP, False),
    ("handler", cast.DISTRICT, False), ("supervisor", cast.DISTRICT, False), ("agent", None, False),
])
def test_who_may_answer_for_an_errand_sees_it(role, own, answers):
    """Rules 3.2, 12."""
    assert hands.may_answer(role, own, cast.VILLAGE) == answers


@pytest.mark.parametrize("state", [*hands.FORWARDING_STATES, *hands.HANDOVER_STATES])
def test_what_was_settled_is_settled_for_good(state):
    if state in (hands.OPEN, hands.ASKED):
        hands.check_open(state)
        return
    with pytest.raises(IllegalMove) as refused:
        hands.check_open(state)
    assert refused.value.extra == {"state": state, "possible": []}


@pytest.mark.parametrize("address", ["/errands", "/errands?state=all", "/forwardings", "/forwardings?state=all"])
def test_a_desk_is_read_by_its_index(agent, district_app, address):
    handler = cast.sign_in(district_app.test_client(), cast.HANDLER)
    agent.post(path(accepted(agent), "forwardings"), {"department_code": "MZ"})
    with count_statements() as seen:
        assert len(handler.get(address).json["items"]) == 1
    if db.is_sqlite():
        text = next(text for text in seen if "errand_reader d" in text or "forwarding w" in text)
        plan = [row["detail"] for row in sql.plain("EXPLAIN QUERY PLAN " + text, [1] * text.count("?"))]
        assert any("USING COVERING INDEX" in line and "(district_code=? AND " in line for line in plan), plan
        assert not any(line.startswith(("SCAN d", "SCAN w", "SCAN e")) for line in plan), plan


def test_what_was_forwarded_and_handed_over_before_has_its_desk_and_counts(store, database):
    url = store._new("before" + store.name)
    try:
        db.connect(url)
        schema.upgrade("0008_turns")
        instant = 1_770_000_000_000_000
        columns = [column for column in db.database.get_columns("errand") if not column.null and column.default is None]
        known = {"id": "e1", "number": "1", "state": "forwarded", "district_code": cast.DISTRICT, "order_at": instant}
        values = {
            column.name: known.get(column.name, 0 if "int" in column.data_type.lower() else "x") for column in columns
        }
        values |= {"provisional": False, "mandate_expires_on": "2026-12-31", **known}
        insert("errand", values)
        insert("department", {"code": "MZ", "name": "民政局", "version": 1, "sample": False})
        step = {"department_code": "MZ", "limit_days": 3, "forwarded_by": "a", "made_at": instant,
                "order_at": instant, "version": 1, "errand_id": "e1"}
        insert("forwarding", step | {"id": "w1", "n": 1, "state": "answered"})
        insert("forwarding", step | {"id": "w2", "n": 2, "state": "forwarded"})
        insert("handover", {"id": "h1", "errand_id": "e1", "n": 1, "from_account_id": "a", "to_account_id": "b",
                            "state": "asked", "made_at": instant, "version": 1})
        schema.upgrade()
        assert sql.plain("SELECT forwardings, handovers FROM errand") == [{"forwardings": 2, "handovers": 1}]
        assert sql.plain("SELECT DISTINCT district_code, department_name FROM forwarding") == [
            {"district_code": cast.DISTRICT, "department_name": "民政局"},
        ]
        assert sql.plain("SELECT * FROM errand_reader") == [{
            "errand_id": "e1", "code": "MZ", "district_code": cast.DISTRICT, "state": "forwarded", "order_at": instant,
        }]
    finally:
        db.disconnect()
        store.drop(url)
        db.connect(database)


def insert(table, values):
    marks = ", ".join("?" * len(values))
    sql.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))
