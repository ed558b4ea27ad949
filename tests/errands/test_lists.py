"""The work list: due first, pages that stay stable, filters, search, a fixed number of statements."""
import pytest

from backend.errands.queries import search
from tests import cast
from tests.cast import errand
from tests.statements import count_statements


@pytest.fixture
def cases(agent, fixed_clock):
    made = []
    people = [("王桂香", "13805761234"), ("李秀英", "13905760001"), ("王建国", "13605760002")]
    for serial, (name, phone) in enumerate(people, 1):
        fixed_clock.advance(minutes=1)
        body = errand(resident={"name": name, "id_number": cast.id_number(serial), "phone": phone})
        made.append(agent.post("/errands", body).json)
    agent.put(f"/errands/{made[2]['id']}/acceptance")
    return made


def numbers(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [item["number"] for item in answer.json["items"]]


def test_what_is_due_comes_first_and_what_is_not_due_last(agent, cases):
    assert numbers(agent.get("/errands")) == [cases[2]["number"], cases[0]["number"], cases[1]["number"]]


def test_pages_join_without_gap_or_repeat_while_errands_are_added(agent, cases):
    first = agent.get("/errands?limit=2").json
    agent.post("/errands", errand())
    second = agent.get(f"/errands?limit=2&cursor={first['next_cursor']}").json
    seen = [item["id"] for item in first["items"] + second["items"]]
    assert len(set(seen)) == 4
    assert second["next_cursor"] is None


@pytest.mark.parametrize(("query", "found"), [
    ("q=王", [2, 0]), ("q=wang", [2, 0]), ("q=wgx", [0]), ("q=lixiuying", [1]), ("q=zhang", []),
    ("q=w", [2, 0]), ("q=L", [1]), ("q=x", []),
    ("state=accepted", [2]), ("state=registered", [0, 1]), ("state=accepted&state=registered", [2, 0, 1]),
    ("state=closed", []), ("state=all", [2, 0, 1]), ("light=none", [2, 0, 1]), ("light=red", []),
    ("due_before=2026-03-01T00:00:00%2B08:00", [2]), ("due_before=2026-02-20T00:00:00%2B08:00", []),
    (f"unit_code={cast.VILLAGE}", [2, 0, 1]), (f"unit_code={cast.NEIGHBOUR}", []),
    ("agent_id=0190aaaa-0000-7000-8000-000000000000", []), ("q=13805761234", []), ("q=331003", []),
])
def test_filters_and_search(agent, cases, query, found):
    assert numbers(agent.get(f"/errands?{query}")) == [cases[at]["number"] for at in found]


def test_a_number_is_found_by_its_beginning_with_or_without_hyphens(agent, cases):
    number = cases[0]["number"]
    assert numbers(agent.get(f"/errands?q={number}")) == [number]
    assert numbers(agent.get(f"/errands?q={number.replace('-', '')}")) == [number]
    assert len(numbers(agent.get("/errands?q=001001-26"))) == 3


def test_a_number_is_looked_for_among_those_of_the_scope(agent, township, neighbour_number):
    assert numbers(agent.get(f"/errands?q={neighbour_number}")) == []
    assert numbers(agent.get("/errands?q=001002")) == []
    assert numbers(township.get(f"/errands?q={neighbour_number}")) == [neighbour_number]
    assert numbers(township.get("/errands?q=0")) == [neighbour_number]


@pytest.fixture
def neighbour_number(district_app):
    neighbour = cast.sign_in(district_app.test_client(), cast.NEIGHBOUR_AGENT)
    return neighbour.post("/errands", errand()).json["number"]


@pytest.mark.parametrize("caller", ["agent", "township", "supervisor"])
def test_a_broad_search_looks_at_so_many_people_in_order_of_their_names(
    district_app, cases, caller, monkeypatch
):
    monkeypatch.setattr(search, "MOST_OF_UNIT" if caller == "agent" else "MOST_PEOPLE", 1)
    asking = cast.sign_in(district_app.test_client(), {
        "agent": cast.AGENT, "township": cast.OFFICE_OF_TOWNSHIP, "supervisor": "supervisor",
    }[caller])
    assert numbers(asking.get("/errands?q=wang")) == [cases[0]["number"]]
    assert numbers(asking.get("/errands?q=wangjianguo")) == [cases[2]["number"]]


@pytest.mark.parametrize("query", [
    "limit=0", "limit=201", "limit=x", "cursor=abc", "state=lost", "light=blue", "colour=red",
    "limit=5&limit=6", "due_before=2026-02-20", "unit_code=1", "q=" + "王" * 61,
])
def test_a_query_that_makes_no_sense_is_refused(agent, query):
    assert agent.get(f"/errands?{query}").status_code == 422


def test_the_light_turns_with_the_clock_and_can_be_filtered(agent, cases, fixed_clock):
    """Rules 4: 7 WD accepted 12 Feb, due 28 Feb (a make-up Saturday), reminder at COB of day 5."""
    for moment, light in (("2026-02-26 17:29", "none"), ("2026-02-26 17:30", "reminder"),
                          ("2026-02-27 17:30", "yellow"), ("2026-02-28 17:30", "yellow"),
                          ("2026-02-28 17:31", "red")):
        fixed_clock.set(moment)
        assert agent.get(f"/errands/{cases[2]['id']}").json["light"] == light
        assert numbers(agent.get(f"/errands?state=accepted&light={light}")) == [cases[2]["number"]]


def test_a_township_sees_its_villages_and_nobody_elses(agent, cases, township, district_app):
    assert len(numbers(township.get("/errands"))) == 3
    far = cast.sign_in(district_app.test_client(), cast.FAR_OFFICE)
    assert numbers(far.get("/errands")) == []
    assert numbers(far.get(f"/errands?unit_code={cast.VILLAGE}")) == []
    assert numbers(far.get("/errands?q=wang")) == []
    supervisor = cast.sign_in(district_app.test_client(), "supervisor")
    assert len(numbers(supervisor.get("/errands"))) == 3
    assert len(numbers(supervisor.get("/errands?q=wang"))) == 2


@pytest.mark.parametrize("query", ["", "?q=wang", "?state=all", "?light=red", "?limit=1"])
def test_a_list_takes_at_most_three_statements(agent, cases, query):
    agent.get("/errands")
    with count_statements() as statements:
        agent.get(f"/errands{query}")
    assert len(statements) <= 3, statements


def test_what_a_list_remembers_is_what_each_errand_says_of_itself(agent, cases, fixed_clock):
    """Across each turn of the light and of the day, forwards and back, and after every act."""
    def alike():
        listed = agent.get("/errands?state=all").json["items"]
        for item in listed:
            alone = agent.get(f"/errands/{item['id']}").json
            assert (alone.pop("materials"), alone.pop("pending_files"))[1] == []
            assert item == alone
        return {item["id"]: item for item in listed}[cases[2]["id"]]

    shown = []
    for moment in ("2026-02-13 09:00", "2026-02-13 17:31", "2026-02-14 00:01", "2026-02-26 17:30", "2026-02-27 17:30",
                   "2026-02-28 17:30", "2026-02-28 17:31", "2026-03-02 09:00", "2026-02-13 09:00"):
        fixed_clock.set(moment)
        found = alike()
        shown.append((found["light"], found["used_working_days"]))
    assert shown[0] == shown[-1] and len(set(shown)) > 5
    agent.patch(f"/residents/{cases[2]['resident']['id']}", {"name": "王建军", "phone": "13605760009"})
    assert alike()["resident"]["name"] == "王建军"
    agent.put(f"/errands/{cases[2]['id']}/completion", {"outcome": "granted", "result": "已办妥"})
    assert alike()["state"] == "completed"


@pytest.mark.parametrize("moment, light", [
    ("2026-02-13 10:00", "none"), ("2026-02-26 18:00", "reminder"), ("2026-02-28 09:00", "yellow"),
    ("2026-03-05 10:00", "red"),
])
def test_an_errand_keeps_the_light_it_was_finished_with(agent, cases, fixed_clock, moment, light):
    fixed_clock.set(moment)
    agent.put(f"/errands/{cases[2]['id']}/completion", {"outcome": "granted", "result": "已办妥"})
    fixed_clock.set("2026-03-06 10:00")
    for filtered in ("none", "reminder", "yellow", "red"):
        for path in ("", "&q=wangjianguo"):
            found = numbers(agent.get(f"/errands?state=completed&light={filtered}{path}"))
            assert found == ([cases[2]["number"]] if filtered == light else [])
