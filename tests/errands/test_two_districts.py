"""An installation may hold several districts: nothing of one is seen, taken or blocked by another."""
import pytest

from backend.core import actor, sql
from backend.org.models import Unit
from backend.people.actions import accounts
from tests import cast
from tests.cast import errand

TWIN = "331002" + cast.VILLAGE[6:]


@pytest.fixture
def twin(district_app, now):
    """The agent of a village of another district, whose code ends as that of 百花社区 does."""
    for code, level, parent in (
        ("331002000000", "district", None), (TWIN[:9] + "000", "township", "331002000000"),
        (TWIN, "village", TWIN[:9] + "000"),
    ):
        sql.insert(Unit, code=code, name=f"椒江{code}", level=level, parent_code=parent, pinyin="jiaojiang",
                   initials="jj", status="planned", version=1)
    accounts.create(username="agent-twin", name="椒江代办员", role="agent", unit_code=TWIN,
                    password=cast.PASSWORD, actor=actor.system("test"), now=now)
    return cast.sign_in(district_app.test_client(), "agent-twin")


def test_units_of_two_districts_with_one_tail_never_give_the_same_number(agent, twin):
    made = [caller.post("/errands", errand()) for caller in (agent, twin, agent, twin)]
    assert [answer.status_code for answer in made] == [201] * 4
    numbers = [answer.json["number"] for answer in made]
    assert len(set(numbers)) == 4
    assert [number.split("-")[2] for number in numbers] == ["0001", "0002", "0003", "0004"]


def test_another_districts_errand_residents_and_files_are_absent(agent, twin, district_app):
    case = agent.post("/errands", errand()).json
    resident = case["resident"]["id"]
    absent = "0190aaaa-0000-7000-8000-000000000000"
    for path in ("/errands/{}", "/errands/{}/events", "/errands/{}/notes"):
        there, nowhere = twin.get(path.format(case["id"])), twin.get(path.format(absent))
        assert there.status_code == nowhere.status_code == 404
        assert there.data.replace(case["id"].encode(), absent.encode()) == nowhere.data
    body = errand(resident_id=resident)
    del body["resident"]
    taken, missing = twin.post("/errands", body), twin.post("/errands", body | {"resident_id": absent})
    assert taken.status_code == missing.status_code == 422
    assert taken.data == missing.data
    assert twin.post("/residents/lookups", {"id_number": cast.id_number(1)}).json["items"] == []
    assert twin.get("/errands?state=all").json["items"] == []
    supervisor = cast.sign_in(district_app.test_client(), "supervisor")
    twin.post("/errands", errand())
    assert {row["unit_code"] for row in supervisor.get("/errands?state=all").json["items"]} == {cast.VILLAGE}


def test_a_departments_handlers_of_another_district_read_nothing(agent, twin, district_app, now):
    """Departments are shared by the districts of an installation; cases are not (decision 0123)."""
    body = {"department_code": "MZ"}
    cases = []
    for caller in (agent, twin):
        cases.append(caller.post("/errands", errand()).json)
        assert caller.put(f"/errands/{cases[-1]['id']}/acceptance").status_code == 200
    refused = twin.post(f"/errands/{cases[1]['id']}/forwardings", body)
    assert list(refused.json["errors"]) == ["department_code"]
    accounts.create(username="handler-twin", name="椒江承办人", role="handler", unit_code="331002000000",
                    department_code="MZ", password=cast.PASSWORD, actor=actor.system("test"), now=now)
    for caller, case in zip((agent, twin), cases):
        assert caller.post(f"/errands/{case['id']}/forwardings", body).status_code == 201
    for username, own in ((cast.HANDLER, 0), ("handler-twin", 1)):
        handler = cast.sign_in(district_app.test_client(), username)
        for query in ("/errands", "/errands?q=wang", "/errands?q=001001", "/forwardings", "/residents?q=w"):
            wanted = cases[own]["resident"] if "residents" in query else cases[own]
            found = [item.get("errand_id", item["id"]) for item in handler.get(query).json["items"]]
            assert found == [wanted["id"]], query
        for path in ("/errands/{}", "/errands/{}/forwardings"):
            assert handler.get(path.format(cases[1 - own]["id"])).status_code == 404
        assert handler.get(f"/residents/{cases[1 - own]['resident']['id']}").status_code == 404
