"""What a desk asks all day: a caller's cases, a unit's week, cases that stand still; each by an index."""
import pytest

from backend.core import sql
from tests import cast
from tests.errands.test_story import accepted, path, registered
from tests.statements import count_statements

PEOPLE = [
    {"name": "王桂香", "id_number": cast.id_number(1), "phone": "13805761234"},
    {"name": "李秀英", "id_number": cast.id_number(2), "phone": "13805761234"},
]


def numbers(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [item["number"] for item in answer.json["items"]]


class Plans(list):
    """SQLite's plans of lists' statements; none on PostgreSQL, where small tables are read whole."""

    def all_hold(self, *parts):
        return self._hold(lambda plan: all(part in plan for part in parts))

    def scan_nothing(self):
        """Whether no plan reads all errands; ``e`` is also what a search has found."""
        return self._hold(lambda plan: plan.count("SCAN e") == plan.count("CO-ROUTINE e"))

    def _hold(self, true):
        return (self or sql.on_postgresql()) and all(true(plan) for plan in self)


@pytest.fixture
def planned(monkeypatch):
    """The plans of the list statements that run from here on."""
    seen, execute = Plans(), sql.execute

    def explained(text, params=()):
        if "AS chosen" in text and not sql.on_postgresql():
            seen.append(" ".join(row[-1] for row in execute("EXPLAIN QUERY PLAN " + text, params).fetchall()))
        return execute(text, params)

    monkeypatch.setattr(sql, "execute", explained)
    return seen


@pytest.fixture
def cases(agent, fixed_clock):
    made = [registered(agent, resident=PEOPLE[0]), accepted(agent, resident=PEOPLE[0]),
            accepted(agent, resident=PEOPLE[1])]
    over = registered(agent, resident=PEOPLE[0])
    agent.put(path(over, "withdrawal"), {})
    return made


def test_a_residents_errands_are_listed_by_her_id(agent, neighbour, cases, planned):
    who = cases[0]["resident"]["id"]
    assert numbers(agent.get(f"/errands?resident_id={who}")) == [cases[1]["number"], cases[0]["number"]]
    assert len(numbers(agent.get(f"/errands?resident_id={who}&state=all"))) == 3
    both = f"resident_id={who}&resident_id={cases[2]['resident']['id']}"
    assert len(numbers(agent.get(f"/errands?{both}"))) == 3
    assert numbers(agent.get(f"/errands?resident_id={who}&light=none&unit_code={cast.VILLAGE}&state=accepted")) == [
        cases[1]["number"]]
    assert len(numbers(agent.get(f"/errands?resident_id={who}&q=wang"))) == 2
    assert numbers(agent.get(f"/errands?resident_id={who}&q=li")) == []
    first = agent.get(f"/errands?{both}&limit=2").json
    assert len(numbers(agent.get(f"/errands?{both}&limit=2&cursor={first['next_cursor']}"))) == 1
    assert numbers(neighbour.get(f"/errands?resident_id={who}")) == []
    assert planned.scan_nothing()
    assert planned.all_hold("errand_resident_id_state_id")


@pytest.mark.parametrize("given", [{"phone": "138 0576 1234"}, {"id_number": cast.id_number(1).lower()}])
def test_a_callers_open_cases_are_found_by_her_number(agent, cases, given, planned):
    found = agent.post("/errands/lookups", given, headers={"Idempotency-Key": ""})
    mine = [cases[1], cases[2], cases[0]] if "phone" in given else [cases[1], cases[0]]
    assert set(numbers(found)) == {case["number"] for case in mine}
    assert numbers(found)[-1] == cases[0]["number"]
    assert cast.id_number(1) not in found.text and "13805761234" not in found.text
    assert planned.all_hold("errand_resident_id_state_id", "_index")


def test_a_look_up_shows_nothing_beyond_ones_scope(agent, neighbour, township, district_app, cases):
    given = {"phone": "13805761234"}
    assert len(numbers(township.post("/errands/lookups", given))) == 3
    assert numbers(neighbour.post("/errands/lookups", given)) == []
    far = cast.sign_in(district_app.test_client(), cast.FAR_OFFICE)
    assert numbers(far.post("/errands/lookups", given)) == []
    assert numbers(agent.post("/errands/lookups", {"phone": "13900000000"})) == []


@pytest.mark.parametrize("given", [
    {}, {"phone": "1"}, {"id_number": "331003"}, {"phone": "13805761234", "id_number": "1"},
])
def test_a_look_up_of_what_is_no_number_is_refused(agent, given):
    assert agent.post("/errands/lookups", given).status_code == 422


def test_a_units_week_is_what_falls_due_in_it(agent, township, cases, fixed_clock, planned):
    """7 WD accepted Thu 12 Feb are due Sat 28 Feb, a make-up day of week 9; the next day's Mon 2 Mar, week 10."""
    fixed_clock.set("2026-02-13 09:00")
    later = accepted(agent, resident=PEOPLE[1])
    assert later["due_at"] == "2026-03-02T17:30:00+08:00"
    assert set(numbers(agent.get("/errands?week=2026-W09"))) == {cases[1]["number"], cases[2]["number"]}
    assert numbers(township.get(f"/errands?week=2026-W10&unit_code={cast.VILLAGE}")) == [later["number"]]
    assert numbers(agent.get("/errands?week=2026-W08")) == []
    assert planned.scan_nothing()


@pytest.mark.parametrize("week", ["2026-09", "2026-W54", "2025-W53", "2026-W00", "W09", "1800-W01"])
def test_a_week_that_is_none_is_refused(agent, week):
    assert agent.get(f"/errands?week={week}").status_code == 422


def test_cases_without_an_act_for_three_working_days_stand_still(agent, neighbour, township, cases, fixed_clock):
    """13, 14 (make-up) and 24 Feb are the three working days after 12 Feb."""
    fixed_clock.set("2026-02-24 17:29")
    assert numbers(agent.get("/errands/stuck")) == []
    agent.post(path(cases[1], "notes"), {"text": "已联系"})
    fixed_clock.set("2026-02-24 17:30")
    sql.execute("UPDATE errand SET state = 'suspended' WHERE id = ?", (cases[2]["id"],))
    for caller in (agent, township):
        (found,) = caller.get("/errands/stuck").json["items"]
        assert (found["number"], found["acted_at"]) == (cases[0]["number"], cases[0]["received_at"])
    assert numbers(neighbour.get("/errands/stuck")) == []
    assert len(numbers(township.get(f"/errands/stuck?unit_code={cast.VILLAGE}"))) == 1
    assert len(numbers(township.get(f"/errands/stuck?unit_code={cast.TOWNSHIP}"))) == 1
    assert numbers(township.get(f"/errands/stuck?unit_code={cast.NEIGHBOUR}")) == []
    assert numbers(township.get(f"/errands/stuck?unit_code={cast.FAR_VILLAGE}")) == []


def test_the_stuck_list_pages_oldest_first_by_its_index(agent, township, fixed_clock, planned):
    made = []
    for _ in range(3):
        made.append(registered(agent)["number"])
        fixed_clock.advance(minutes=1)
    fixed_clock.set("2026-03-02 09:00")
    first = township.get("/errands/stuck?limit=2").json
    second = township.get(f"/errands/stuck?limit=2&cursor={first['next_cursor']}").json
    assert [item["number"] for item in first["items"] + second["items"]] == made
    assert second["next_cursor"] is None
    assert planned.all_hold("errand_township_code_acted_at_id")


@pytest.mark.parametrize("asked", [
    "/errands/stuck", f"/errands/stuck?unit_code={cast.VILLAGE}", "/errands?week=2026-W09", "/errands?resident_id=1",
    "/refusals", "/findings", "/off-hours-work", "lookup",
])
def test_what_a_desk_asks_takes_at_most_three_statements(district_app, agent, township, cases, asked, fixed_clock):
    fixed_clock.set("2026-03-02 09:00")
    agent.put(path(cases[1], "completion"), {"outcome": "refused", "result": "不批准", "reason": "收入高"})

    def ask():
        if asked == "lookup":
            return township.post("/errands/lookups", {"phone": "13805761234"})
        return township.get(asked)

    ask()
    with count_statements() as statements:
        assert ask().status_code == 200
    assert len(statements) - 1 <= 3, statements


def test_what_is_late_is_read_from_the_index_alone_until_it_ends(agent, district_app, fixed_clock, planned):
    late = accepted(agent, resident=PEOPLE[0])
    fixed_clock.set("2026-03-20 09:00")
    again = cast.sign_in(district_app.test_client(), cast.AGENT)
    assert numbers(again.get("/errands?light=red&state=accepted")) == [late["number"]]
    assert planned.all_hold("USING COVERING INDEX errand_unit_code_state_order_at_id")
