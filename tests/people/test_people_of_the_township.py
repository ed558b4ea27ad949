"""Residents: registered once, found by name in scope, by number exactly, masked, seen in full."""
import pytest

from backend.core import ledger, sql
from backend.core.problems import Invalid, TooMany
from backend.people import queries
from backend.people.actions import residents
from backend.people.rules import numbers

from .conftest import NEXT_VILLAGE, OTHER_TOWN, TOWN, VILLAGE


def id_number(serial=1, born="19500101"):
    first = f"331003{born}{serial:03}"
    return first + numbers.check_digit(first)


@pytest.fixture
def registered(acting, now):
    """Register a resident as the agent of the village would; the id."""

    def register(name="王小明", number=id_number(), phone="13812345678", town=TOWN, unit=VILLAGE):
        return residents.register(
            township_code=town, name=name, id_number=number, phone=phone, address="台州市黄岩区宁溪镇五一村1号",
            unit_code=unit, actor=acting("agent"), now=now,
        )

    return register


MASKED = {
    "township_code": TOWN, "name": "王小明", "id_number": id_number()[0] + "*" * 16 + id_number()[-1],
    "phone": "138****5678",
}


def test_a_resident_is_masked_to_everyone(desk, registered):
    resident_id = registered()
    for who in ("agent", "town", "supervisor", "admin", "office"):
        told = desk(who).get(f"/residents/{resident_id}").json
        assert told | MASKED == told and told["address"] == "台州市黄岩区****"
        assert desk(who).get("/residents").json["items"] == [MASKED | {"id": resident_id}]
    assert queries.resident_summary(resident_id) == {
        key: (MASKED | {"id": resident_id})[key] for key in ("id", "name", "id_number", "phone")
    }


def test_nothing_personal_stands_readable_in_the_database(registered):
    registered()
    stored = b"".join(
        bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode()
        for table in ("resident", "ledger_detail", "ledger_entry", "resident_reader")
        for row in sql.execute(f"SELECT * FROM {table}").fetchall() for cell in row
    )
    assert id_number().encode() not in stored and b"13812345678" not in stored
    assert "宁溪".encode() not in stored


def test_registering_again_finds_the_row_and_overwrites_nothing(registered):
    first = registered()
    assert registered(name="王大明", phone="13900000000") == first
    assert queries.resident_summary(first)["name"] == "王小明"
    assert registered(town=OTHER_TOWN) != first
    assert registered(number=None) != registered(number=None)


def test_many_at_once_register_one_row(acting, staff, now, together):
    actor = acting("agent")

    def work(_):
        return residents.register(township_code=TOWN, name="王小明", id_number=id_number(), phone=None,
                                  address=None, unit_code=VILLAGE, actor=actor, now=now)

    found = together(work)
    assert len(set(found)) == 1 and isinstance(found[0], str)
    assert sql.value("SELECT count(*) FROM resident") == 1


@pytest.mark.parametrize(("number", "phone", "field"), [
    (None, None, "id_number"), ("123", None, "id_number"), (None, "123", "phone"),
])
def test_bad_numbers_are_refused_naming_the_field(registered, number, phone, field):
    with pytest.raises(Invalid) as refused:
        registered(number=number, phone=phone)
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(("who", "sees"), [
    ("agent", True), ("agent2", False), ("agent3", False), ("operator", False), ("town", True),
    ("town2", False), ("handler", False), ("office", True), ("supervisor", True), ("admin", True),
])
def test_scope_by_the_table(desk, registered, who, sees):
    resident_id = registered()
    here = desk(who)
    assert (here.get(f"/residents/{resident_id}").status_code == 200) == sees
    assert bool(here.get("/residents").json["items"]) == sees
    assert bool(here.get("/residents?q=wang").json["items"]) == sees


def test_a_project_agent_reads_no_residents(desk, registered):
    assert desk("projects").get("/residents").status_code == 403


@pytest.mark.parametrize(("method", "tail", "body"), [
    ("GET", "", None), ("PATCH", "", {"name": "乙"}), ("POST", "/full-view", {"reason": "核对"}),
    ("PATCH", "", {"bad": 1}), ("POST", "/full-view", {}),
])
def test_a_foreign_resident_is_byte_for_byte_an_absent_one(desk, registered, method, tail, body):
    resident_id, here = registered(), desk("agent2")
    answers = [
        here.call(method, f"/residents/{name}{tail}", body, If_Match="*", Idempotency_Key="key-" + name)
        for name in (resident_id, "x" * 36)
    ]
    assert answers[0].status_code == answers[1].status_code == 404
    assert answers[0].data.replace(resident_id.encode(), b"") == answers[1].data.replace(b"x" * 36, b"")


def test_a_department_reads_whose_case_was_forwarded_to_it(desk, registered, acting, now):
    resident_id = registered()
    residents.open_to(resident_id, "MZ", actor=acting("agent"), now=now)
    assert desk("handler").get(f"/residents/{resident_id}").status_code == 200


@pytest.mark.parametrize(("q", "found"), [
    ("王", ["王伟", "王小明"]), ("王小", ["王小明"]), ("小明", []), ("wang", ["王伟", "王小明"]),
    ("wxm", ["王小明"]), ("w", ["王伟", "王小明", "吴晓丽"]), ("WX", ["王小明", "吴晓丽"]),
    ("138", []), ("331003", []), ("李", []), ("%", []), ("zhang san", ["张三"]),
])
@pytest.mark.parametrize("who", ["agent", "town", "admin"])
def test_search_by_the_beginning_of_name_pinyin_or_initials(desk, registered, q, found, who):
    for serial, name in enumerate(["王小明", "王伟", "吴晓丽", "张三"], 1):
        registered(name, id_number(serial))
    answer = desk(who).get(f"/residents?q={q}")
    assert sorted(item["name"] for item in answer.json["items"]) == sorted(found)


@pytest.mark.parametrize("who", ["agent", "town", "admin"])
@pytest.mark.parametrize("q", ["", "&q=w", "&q=王"])
def test_pages_of_residents_follow_without_gap_or_repeat(desk, registered, who, q):
    names = ["王小明", "王伟", "吴晓丽", "王芳", "魏武", "王伟", "文武"]
    for serial, name in enumerate(names, 1):
        registered(name, id_number(serial))
    here, seen, path = desk(who), [], f"/residents?limit=2{q}"
    while path:
        page = here.get(path).json
        seen += [item["id"] for item in page["items"]]
        path = page["next_cursor"] and f"/residents?limit=2{q}&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) == (4 if "王" in q else 7)


def test_a_list_of_residents_takes_three_statements_at_most(desk, registered, statements):
    registered()
    here = desk("agent")
    statements.clear()
    here.get("/residents?q=w")
    assert len(statements) <= 3


@pytest.mark.parametrize(("who", "finds"), [
    ("agent", True), ("agent2", True), ("operator", True), ("town", True), ("agent3", False),
    ("town2", False), ("admin", True), ("handler", None),
])
@pytest.mark.parametrize("body", [{"id_number": id_number()}, {"phone": "+86 138-1234-5678"}])
def test_an_exact_look_up_reaches_the_township(desk, registered, who, finds, body):
    resident_id = registered()
    answer = desk(who).call("POST", "/residents/lookups", body)
    assert answer.status_code == (403 if finds is None else 200)
    if finds is None:
        return
    assert answer.json["items"] == ([MASKED | {"id": resident_id}] if finds else [])


@pytest.mark.parametrize("body", [
    {}, {"id_number": id_number(), "phone": "13812345678"}, {"phone": "1"}, {"id_number": "1"},
    {"phone": None}, {"name": "王"},
])
def test_odd_look_ups_are_422(desk, body):
    assert desk("agent").call("POST", "/residents/lookups", body).status_code == 422


def test_a_looked_up_resident_can_be_taken_to_ones_unit(desk, registered, acting, now):
    resident_id = registered()
    assert desk("agent2").get(f"/residents/{resident_id}").status_code == 404
    residents.take_up(resident_id, NEXT_VILLAGE, actor=acting("agent2"), now=now)
    assert desk("agent2").get("/residents?q=wxm").json["items"][0]["id"] == resident_id


def test_an_edit_moves_the_indexes_and_names_the_fields(desk, registered):
    resident_id, here = registered(), desk("agent")
    before = here.get(f"/residents/{resident_id}")
    change = {"name": "李小明", "phone": "13900001111", "id_number": id_number(2)}
    answer = here.patch(f"/residents/{resident_id}", change, match=before.headers["ETag"])
    assert answer.status_code == 200 and answer.json["phone"] == "139****1111"
    assert answer.headers["ETag"] != before.headers["ETag"]
    assert here.patch(f"/residents/{resident_id}", change, match=before.headers["ETag"]).status_code == 412
    for body, found in (({"phone": "13812345678"}, 0), ({"phone": "13900001111"}, 1),
                        ({"id_number": id_number(2)}, 1), ({"id_number": id_number()}, 0)):
        assert len(here.call("POST", "/residents/lookups", body).json["items"]) == found
    assert [len(here.get(f"/residents?q={q}").json["items"]) for q in ("lxm", "wxm")] == [1, 0]
    entry = ledger.history("resident", resident_id)[-1]
    assert entry["fields"] == "id_number,name,phone" and entry["detail"] == {}


def test_an_edit_onto_anothers_number_is_a_conflict(desk, registered):
    registered()
    other = registered(number=id_number(2))
    answer = desk("agent").patch(f"/residents/{other}", {"id_number": id_number()})
    assert answer.status_code == 409 and answer.json["type"] == "/problems/duplicate-resident"


def test_one_number_has_to_stay(desk, registered):
    resident_id = registered(number=None)
    assert desk("agent").patch(f"/residents/{resident_id}", {"phone": None}).status_code == 422
    resident_id = registered()
    assert desk("agent").patch(f"/residents/{resident_id}", {"phone": None}).json["phone"] is None


def test_office_supervisor_and_handler_edit_nobody(desk, registered):
    resident_id = registered()
    for who in ("office", "supervisor", "handler"):
        assert desk(who).patch(f"/residents/{resident_id}", {"name": "乙"}).status_code == 403


def test_a_full_view_shows_the_numbers_and_leaves_its_reason(desk, registered):
    resident_id = registered()
    answer = desk("agent").post(f"/residents/{resident_id}/full-view", {"reason": "核对身份"})
    assert answer.status_code == 201
    assert answer.json == {
        "id": resident_id, "name": "王小明", "id_number": id_number(), "phone": "13812345678",
        "address": "台州市黄岩区宁溪镇五一村1号", "full": True,
    }
    entry = ledger.history("resident", resident_id)[-1]
    assert entry["action"] == "resident.full_view" and entry["detail"]["reason"] == "核对身份"
    assert answer.headers["Ledger-Receipt"].startswith(f"{entry['seq']}.")


def test_a_late_replay_of_a_full_view_is_masked(desk, registered, fixed_clock):
    resident_id, here = registered(), desk("agent")
    path, body = f"/residents/{resident_id}/full-view", {"reason": "核对身份"}
    first = here.post(path, body, key="key-00001")
    fixed_clock.advance(minutes=9)
    assert here.post(path, body, key="key-00001").json == first.json
    fixed_clock.advance(minutes=1)
    late = here.post(path, body, key="key-00001").json
    assert not late["full"] and late["phone"] == "138****5678"


@pytest.mark.parametrize(("who", "status"), [
    ("office", 403), ("projects", 403), ("agent2", 404), ("town", 201), ("supervisor", 201), ("admin", 201),
])
def test_who_may_see_in_full(desk, registered, who, status):
    answer = desk(who).post(f"/residents/{registered()}/full-view", {"reason": "核对身份"})
    assert answer.status_code == status


def test_the_sixty_first_view_of_an_hour_waits(registered, acting, fixed_clock):
    resident_id, agent = registered(), acting("agent")

    def view():
        return residents.view_in_full(resident_id, reason="核对", actor=agent, now=fixed_clock.now())

    for _ in range(60):
        view()
        fixed_clock.advance(seconds=10)
    with pytest.raises(TooMany) as refused:
        view()
    assert refused.value.headers["Retry-After"] == "3000"
    fixed_clock.advance(seconds=3000)
    assert view()


def test_views_at_once_cannot_share_the_last_of_the_budget(registered, acting, now, together):
    resident_id, agent = registered(), acting("agent")

    def view(_=0):
        return residents.view_in_full(resident_id, reason="核对", actor=agent, now=now)

    for _ in range(57):
        view()
    found = together(view, 8)
    assert sum(isinstance(item, str) for item in found) == 3
    assert sum(isinstance(item, TooMany) for item in found) == 5


def test_the_last_four_are_compared_for_a_progress_look_up(registered):
    resident_id = registered()
    assert queries.has_last4(resident_id, phone="5678")
    assert queries.has_last4(resident_id, id_number=id_number()[-4:].lower())
    assert not queries.has_last4(resident_id, phone="5679")
    assert not queries.has_last4(resident_id, phone="")
    assert not queries.has_last4(resident_id)
    assert not queries.has_last4("x", phone="5678")


def test_a_number_is_searched_by_itself_from_the_first_day(registered):
    """Without statistics PostgreSQL took an index of names, and read the whole township for each number."""
    registered()
    explained = "EXPLAIN " if sql.on_postgresql() else "EXPLAIN QUERY PLAN "
    plan = sql.execute(explained + queries.OF_NUMBER, (TOWN, b"1", b"2")).fetchall()
    assert "resident_id_number_index" in str(plan) and "township_code=" not in str(plan).replace(" ", "")
