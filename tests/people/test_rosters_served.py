"""Rosters over HTTP: written under an ETag, published, refused; leave and swaps from asking to deciding."""
import pytest

from backend.people.queries import absences
from tests.statements import count_statements

from .conftest import FAR_VILLAGE, NEXT_VILLAGE, TOWN, VILLAGE

PATH = f"/units/{VILLAGE}/rosters/2026-03"


@pytest.fixture
def shift(staff):
    def made(who="agent", day="2026-03-02", start="08:30", end="12:00", **more):
        return {
            "date": day, "account_id": staff[who], "desk": "1", "from": start, "to": end, "services": ["hukou"],
            "kind": "duty",
        } | more

    return made


@pytest.fixture
def written(desk, shift):
    """A roster of two days: the agent with the operator standing in, then the operator."""
    body = {"shifts": [shift(), shift("operator", "2026-03-03")]}
    answer = desk("town").put(PATH, body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer


def slug(answer):
    return answer.status_code, answer.json["type"].rpartition("/")[2]


def test_a_roster_has_an_etag_before_it_is_written_and_needs_it(desk, shift, staff):
    town = desk("town")
    empty = town.get(PATH)
    assert empty.json == {
        "unit_code": VILLAGE, "month": "2026-03", "published_at": None, "late": False, "changed_since": False,
        "version": 0, "shifts": [], "on_call": [], "people": [],
    }
    body = {
        "shifts": [shift(stand_in_id=staff["operator"]), shift("operator", end="24:00", kind="extended")],
        "on_call": [{"date": "2026-03-31", "account_id": staff["agent"]}],
    }
    assert slug(town.call("PUT", PATH, body)) == (428, "if-match-required")
    written = town.put(PATH, body, empty.headers["ETag"])
    assert (written.status_code, written.json["version"]) == (200, 1)
    assert [written.json[name] for name in ("shifts", "on_call")] == [body["shifts"], body["on_call"]]
    assert {one["name"] for one in written.json["people"]} == {"员工agent", "员工operator"}
    assert "Ledger-Receipt" in written.headers
    assert town.put(PATH, {"shifts": []}, empty.headers["ETag"]).status_code == 412
    for same in (body, written.json):
        assert town.put(PATH, same, written.headers["ETag"]).headers["ETag"] == written.headers["ETag"]
    assert [one["month"] for one in desk("agent").get(f"/units/{VILLAGE}/rosters").json["items"]] == ["2026-03"]


@pytest.mark.parametrize(("changes", "field"), [
    ({"date": "2026-04-01"}, "shifts.0.date"), ({"to": "08:30"}, "shifts.0.to"), ({"from": "24:00"}, "shifts.0.from"),
    ({"to": "25:00"}, "shifts.0.to"), ({"account_id": "nobody"}, "shifts.0.account_id"),
    ({"desk": "1" * 17}, "shifts.0.desk"), ({"kind": "night"}, "shifts.0.kind"),
    ({"services": ["户口"]}, "shifts.0.services.0"), ({"stand_in_id": "nobody"}, "shifts.0.stand_in_id"),
    ({"colour": "red"}, "shifts.0.colour"),
])
def test_what_is_wrong_with_a_shift_is_named(desk, shift, changes, field):
    answer = desk("town").put(PATH, {"shifts": [shift() | changes]})
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_a_person_on_duty_at_another_unit_then_is_named(desk, shift, written):
    other = f"/units/{NEXT_VILLAGE}/rosters/2026-03"
    answer = desk("town").put(other, {"shifts": [shift(start="11:00", end="12:30")]})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["shifts.0.from"])
    assert desk("town").put(other, {"shifts": [shift(start="12:00", end="12:30")]}).status_code == 200


def test_rosters_of_elsewhere_other_months_and_other_words_are_not_there(desk, shift):
    town = desk("town")
    for path in (f"/units/{FAR_VILLAGE}/rosters/2026-03", f"/units/{VILLAGE}/rosters/2026-13",
                 "/units/331003999999/rosters/2026-03", "/units/x/rosters/2026-03"):
        assert town.get(path).status_code == town.put(path, {"shifts": []}).status_code == 404
    assert desk("agent").get(f"/units/{TOWN}/rosters/2026-03").status_code == 404
    assert slug(town.put(f"/units/{VILLAGE}/rosters/2026-01", {"shifts": []})) == (409, "roster-month-over")


def test_a_roster_is_published_once_before_its_month_and_changes_are_marked(desk, shift, written, fixed_clock):
    town = desk("town")
    assert slug(town.put(f"/units/{TOWN}/rosters/2026-03/publication")) == (409, "roster-empty")
    out = town.put(f"{PATH}/publication", None, written.headers["ETag"])
    assert (out.status_code, out.json["late"], out.json["published_at"]) == (200, False, "2026-02-12T10:00:00+08:00")
    assert slug(town.put(f"{PATH}/publication")) == (409, "already-published")
    fixed_clock.set("2026-02-12 11:00")
    assert out.json["changed_since"] is False
    assert town.put(PATH, {"shifts": [shift()]}).json["changed_since"] is True


def test_a_roster_published_in_its_month_is_late(desk, shift, fixed_clock):
    town, path = desk("town"), f"/units/{VILLAGE}/rosters/2026-02"
    town.put(path, {"shifts": [shift(day="2026-02-28")]})
    assert town.put(f"{path}/publication").json["late"] is True


def test_on_duty_shows_names_with_leave_applied_and_on_call_needs_no_account(desk, stranger, written, staff):
    found = desk("operator").get(f"/units/{TOWN}/on-duty")
    assert found.json == {"unit_code": TOWN, "items": []}
    items = desk("agent").get(f"/units/{VILLAGE}/on-duty?from=2026-03-01&to=2026-03-31").json["items"]
    assert [(one["date"], one["account"]["name"], one["services"]) for one in items] == [
        ("2026-03-02", "员工agent", ["hukou"]), ("2026-03-03", "员工operator", ["hukou"]),
    ]
    too_long = desk("agent").get(f"/units/{VILLAGE}/on-duty?from=2026-03-01&to=2026-06-01")
    assert (too_long.status_code, list(too_long.json["errors"])) == (422, ["to"])
    on_call = {"date": "2026-03-02", "account_id": staff["operator"]}
    assert desk("town").put(PATH, {"shifts": [], "on_call": [on_call]}).status_code == 200
    assert stranger.get(f"/units/{VILLAGE}/on-call?date=2026-03-02").json == {
        "unit_code": VILLAGE, "date": "2026-03-02", "source": "roster", "name": "员工operator", "phone": None,
        "office": {"code": VILLAGE, "name": f"单位{VILLAGE}"},
    }
    assert stranger.get(f"/units/{VILLAGE}/on-call").json["date"] == "2026-02-12"
    assert stranger.get("/units/331003999999/on-call").status_code == 404


LEAVE = {"from": "2026-03-02", "to": "2026-03-06", "reason": "探亲"}


def test_nobody_must_say_why_he_asks_for_leave(desk):
    made = desk("agent").post("/rosters/leaves", {"from": "2026-03-02", "to": "2026-03-06"})
    assert (made.status_code, made.json["reason"]) == (201, "")


def test_leave_is_asked_approved_by_the_township_and_withdrawn(desk, written, staff):
    agent, town = desk("agent"), desk("town")
    asked = agent.post("/rosters/leaves", LEAVE)
    assert asked.status_code == 201
    assert asked.json | {"id": "", "without_stand_in": []} == {
        "id": "", "unit_code": VILLAGE, "account": {"id": staff["agent"], "name": "员工agent"}, "from": "2026-03-02",
        "to": "2026-03-06", "reason": "探亲", "state": "asked", "asked_by": {"id": staff["agent"], "name": "员工agent"},
        "asked_at": "2026-02-12T10:00:00+08:00", "decided_by": None, "decided_at": None, "note": None, "version": 1,
        "without_stand_in": [],
    }
    assert [one["date"] for one in asked.json["without_stand_in"]] == ["2026-03-02"]
    path = f"/rosters/leaves/{asked.json['id']}"
    assert town.put(f"{path}/approval", {}, '"9-0"').status_code == 412
    approved = town.put(f"{path}/approval", None, asked.headers["ETag"])
    assert (approved.json["state"], approved.json["decided_by"]["name"]) == ("approved", "员工town")
    assert slug(town.put(f"{path}/approval")) == (409, "illegal-move")
    assert agent.put(f"{path}/withdrawal").json["state"] == "withdrawn"
    assert slug(agent.put(f"{path}/withdrawal")) == (409, "illegal-move")


def test_leave_is_refused_with_a_reason_and_overlapping_or_senseless_ones_at_once(desk, staff):
    agent, town = desk("agent"), desk("town")
    path = f"/rosters/leaves/{agent.post('/rosters/leaves', LEAVE).json['id']}"
    assert slug(agent.post("/rosters/leaves", LEAVE | {"from": "2026-03-06"})) == (409, "leave-overlaps")
    silent = town.put(f"{path}/approval", {"approved": False})
    assert (silent.status_code, list(silent.json["errors"])) == (422, ["note"])
    refused = town.put(f"{path}/approval", {"approved": False, "note": "人手不足"})
    assert (refused.json["state"], refused.json["note"]) == ("refused", "人手不足")
    backwards = agent.post("/rosters/leaves", LEAVE | {"to": "2026-03-01"})
    assert (backwards.status_code, list(backwards.json["errors"])) == (422, ["to"])
    assert agent.post("/rosters/leaves", LEAVE).status_code == 201


def test_only_the_township_writes_leave_down_for_another_and_nobody_decides_on_his_own(desk, staff):
    for_agent = LEAVE | {"account_id": staff["agent"]}
    assert desk("operator").post("/rosters/leaves", for_agent).status_code == 403
    town = desk("town")
    made = town.post("/rosters/leaves", for_agent)
    assert (made.status_code, made.json["asked_by"]["name"]) == (201, "员工town")
    for who in ("agent3", "office", "nobody"):
        answer = town.post("/rosters/leaves", LEAVE | {"account_id": staff.get(who, who)})
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["account_id"])
    own = f"/rosters/leaves/{town.post('/rosters/leaves', LEAVE).json['id']}"
    assert town.put(f"{own}/approval").status_code == 403
    assert desk("town2").put(f"{own}/approval").status_code == 404
    assert desk("agent2").put(f"/rosters/leaves/{made.json['id']}/withdrawal").status_code == 404
    assert desk("admin").put(f"{own}/approval").json["state"] == "approved"


def test_lists_of_leave_show_one_s_own_or_the_subtree_s_by_state_and_page(desk, staff):
    desks = {who: desk(who) for who in ("agent", "agent2", "agent3", "town", "supervisor")}
    made = {who: desks[who].post("/rosters/leaves", LEAVE).json["id"] for who in ("agent", "agent2", "agent3")}
    desks["town"].put(f"/rosters/leaves/{made['agent']}/approval")

    def ids(who, query=""):
        return [one["id"] for one in desks[who].get(f"/rosters/leaves{query}").json["items"]]

    assert ids("agent") == [made["agent"]]
    assert set(ids("town")) == {made["agent"], made["agent2"]}
    assert set(ids("supervisor")) == set(made.values())
    assert ids("town", "?state=asked") == [made["agent2"]]
    assert ids("town", f"?unit_code={VILLAGE}&state=asked&state=approved") == [made["agent"]]
    first = desks["town"].get("/rosters/leaves?limit=1").json
    assert [first["items"][0]["id"], *ids("town", f"?limit=1&cursor={first['next_cursor']}")] == ids("town")


def test_a_swap_is_asked_agreed_and_approved(desk, written, staff):
    agent, operator, town = desk("agent"), desk("operator"), desk("town")
    body = {
        "date": "2026-03-02", "with_account_id": staff["operator"], "with_date": "2026-03-03", "reason": "复诊",
    }
    asked = agent.post("/rosters/swaps", body)
    assert (asked.status_code, asked.json["state"], asked.json["with_date"]) == (201, "asked", "2026-03-03")
    path = f"/rosters/swaps/{asked.json['id']}"
    assert slug(town.put(f"{path}/agreement")) == (403, "not-asked")
    agreed = operator.put(f"{path}/agreement", None, asked.headers["ETag"])
    assert (agreed.json["state"], agreed.json["agreed_at"]) == ("asked", "2026-02-12T10:00:00+08:00")
    approved = town.put(f"{path}/approval", None, agreed.headers["ETag"])
    assert approved.json["state"] == "approved"
    roster = agent.get(PATH).json
    assert [one["account_id"] for one in roster["shifts"]] == [staff["operator"], staff["agent"]]
    assert slug(agent.put(f"{path}/withdrawal")) == (409, "illegal-move")
    assert [one["id"] for one in operator.get("/rosters/swaps?state=approved").json["items"]] == [asked.json["id"]]
    assert desk("agent2").get(path).status_code == 404


def test_a_swap_is_declined_withdrawn_or_refused(desk, written, staff):
    agent, operator, town = desk("agent"), desk("operator"), desk("town")
    body = {"date": "2026-03-02", "with_account_id": staff["operator"], "reason": "复诊"}
    paths = [f"/rosters/swaps/{agent.post('/rosters/swaps', body).json['id']}" for _ in range(3)]
    assert operator.put(f"{paths[0]}/agreement", {"agreed": False}).json["state"] == "refused"
    assert operator.put(f"{paths[1]}/withdrawal").status_code == 403
    assert agent.put(f"{paths[1]}/withdrawal").json["state"] == "withdrawn"
    assert town.put(f"{paths[2]}/approval", {"approved": False, "note": "当天检查"}).json["state"] == "refused"


def test_a_page_of_leaves_and_of_swaps_takes_two_statements(acting, desk, written, staff):
    body = {"date": "2026-03-02", "with_account_id": staff["operator"], "reason": "复诊"}
    desk("agent").post("/rosters/leaves", LEAVE | {"from": "2026-03-05"})
    desk("agent").post("/rosters/swaps", body)
    query = {"unit_code": [VILLAGE, TOWN], "state": [], "cursor": None, "limit": 50}
    for listed in (absences.leaves, absences.swaps):
        for reader in (acting("agent"), acting("town"), acting("admin")):
            with count_statements() as seen:
                assert len(listed(query, actor=reader).items) == 1
            assert len(seen) == 2


def test_swaps_that_cannot_be_are_refused(desk, shift, staff):
    desk("town").put(PATH, {"shifts": [
        shift(), shift(day="2026-03-04"), shift("operator", services=["shebao"]),
        shift("operator", "2026-03-03", services=["shebao"]),
    ]})
    agent, body = desk("agent"), {"date": "2026-03-02", "with_account_id": staff["operator"], "reason": "复诊"}

    def ask(**changes):
        answer = agent.post("/rosters/swaps", body | changes)
        return answer.status_code, list(answer.json.get("errors", ())) or answer.json["type"].rpartition("/")[2]

    assert ask(date="2026-03-04", with_date="2026-03-03") == (409, "not-qualified")
    assert ask() == (409, "swap-impossible")
    assert ask(date="2026-03-05") == (409, "swap-impossible")
    assert ask(date="2026-02-11") == (409, "swap-impossible")
    assert ask(with_account_id=staff["agent"]) == (422, ["with_account_id"])
    assert ask(with_account_id=staff["agent3"]) == (422, ["with_account_id"])
    assert ask(account_id=staff["operator"])[0] == 403
    assert ask(unit_code=TOWN) == (409, "swap-impossible")
    far = desk("town").post("/rosters/swaps", body | {"account_id": staff["agent3"], "unit_code": FAR_VILLAGE})
    assert far.status_code == 404
