"""Handing over to another agent, who has to take it; handing in from a village to its township."""
import pytest

from backend.core import actor, sql
from backend.errands.jobs import following, inheriting
from backend.people.actions import accounts
from tests import cast
from tests.cast import errand
from tests.errands import projections
from tests.errands.test_due import papers
from tests.errands.test_hostile import ABSENT, kind
from tests.errands.test_inheriting import disable
from tests.errands.test_story import accepted, path, registered
from tests.statements import count_statements

STALE = '"99-00000000"'
ABOVE = "GT-002"
"""An item that townships accept."""


@pytest.fixture
def colleague(district_app, now):
    """A second agent of 百花社区."""
    accounts.create(username="agent-two", name="百花社区代办员二", role="agent", unit_code=cast.VILLAGE,
                    password=cast.PASSWORD, actor=actor.system("test"), now=now)
    return cast.sign_in(district_app.test_client(), "agent-two")


@pytest.fixture(autouse=True)
def projected(district_app):
    """Whatever a test did, first receivers stand and what is stored of clocks and hands is true."""
    yield
    assert projections.wrong() == []
    told = sql.rows("SELECT subject_id, actor FROM ledger_entry WHERE action = 'errand.register'")
    first = dict(sql.execute("SELECT id, first_receiver_id FROM errand").fetchall())
    assert {entry["subject_id"]: entry["actor"] for entry in told} == first


def me(caller):
    return caller.get("/me").json["id"]


def offered(agent, receiver, **changes):
    case = accepted(agent, **changes)
    answer = agent.post(path(case, "handovers"), {"to_account_id": me(receiver), "reason": "调休"})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return case


def test_an_errand_changes_hands_when_the_receiver_takes_it(agent, colleague):
    """Rules 3.2: until then the giver answers; first receiver and clocks stay."""
    case = offered(agent, colleague)
    shown = agent.get(path(case, "handovers/1"))
    assert (shown.json["state"], shown.json["reason"], shown.json["giver"]) == ("asked", "调休", case["agent"])
    before = agent.get(path(case)).json
    assert before == case | {"version": case["version"] + 1}
    done = {"outcome": "granted", "result": "好"}
    assert kind(colleague.put(path(case, "completion"), done)) == (403, "not-your-errand")
    clocks = sql.plain("SELECT id, kind, started_at, due_at, moments FROM clock")
    after = colleague.put(path(case, "handovers/1/acceptance"), etag=shown.headers["ETag"]).json
    new = {"id": me(colleague), "name": "百花社区代办员二"}
    assert after == before | {"agent": new, "version": before["version"] + 1}
    assert sql.plain("SELECT id, kind, started_at, due_at, moments FROM clock") == clocks
    assert {row["account_id"] for row in sql.rows("SELECT account_id FROM clock")} == {new["id"]}
    assert kind(agent.put(path(case, "withdrawal"), {})) == (403, "not-your-errand")
    assert kind(colleague.put(path(case, "handovers/1/acceptance"))) == (409, "illegal-move")
    told = agent.get(path(case, "events")).json["items"]
    assert [event["what"] for event in told[-2:]] == ["提出移交", "接收移交"]


def test_only_the_receiver_answers_and_one_is_open_at_a_time(agent, colleague, township, neighbour):
    case = offered(agent, colleague)
    for noun, body in (("acceptance", None), ("refusal", {"reason": "休假"})):
        for caller in (agent, township):
            assert kind(caller.put(path(case, f"handovers/1/{noun}"), body)) == (403, "not-your-handover")
        assert kind(neighbour.put(path(case, f"handovers/1/{noun}"), body)) == (404, "not-found")
        assert kind(colleague.put(path(case, f"handovers/2/{noun}"), body)) == (404, "not-found")
        assert kind(colleague.put(path(case, f"handovers/1/{noun}"), body, etag=None)) == (428, "if-match-required")
        assert kind(colleague.put(path(case, f"handovers/1/{noun}"), body, etag=STALE)) == (412, "stale-version")
    again = {"to_account_id": me(township)}
    assert kind(agent.post(path(case, "handovers"), again)) == (409, "handover-open")
    assert colleague.put(path(case, "handovers/1/refusal"), {}).status_code == 422
    assert colleague.put(path(case, "handovers/1/refusal"), {"reason": "休假"}).json["agent"] == case["agent"]
    assert kind(colleague.put(path(case, "handovers/1/withdrawal"))) == (403, "not-your-errand")
    assert agent.post(path(case, "handovers"), again).status_code == 201
    assert agent.put(path(case, "handovers/2/withdrawal")).status_code == 200
    assert kind(township.put(path(case, "handovers/2/acceptance"))) == (409, "illegal-move")
    assert agent.post(path(case, "handovers"), again).json["n"] == 3
    assert township.put(path(case, "handovers/3/acceptance")).json["agent"]["id"] == me(township)
    listed = [(each["n"], each["state"]) for each in agent.get(path(case, "handovers")).json["items"]]
    assert listed == [(1, "refused"), (2, "withdrawn"), (3, "accepted")]


def test_who_cannot_answer_for_it_is_refused_as_one_who_is_not_there(agent, neighbour, operator, admin, colleague):
    case = accepted(agent)
    gone = me(colleague)
    disable(admin, gone)
    refused = [
        agent.post(path(case, "handovers"), {"to_account_id": account_id})
        for account_id in (ABSENT, me(neighbour), me(operator), me(admin), gone)
    ]
    assert {(answer.status_code, answer.data) for answer in refused} == {(422, refused[0].data)}
    assert list(refused[0].json["errors"]) == ["to_account_id"]
    assert agent.post(path(case, "handovers"), {"to_account_id": me(agent)}).status_code == 422
    assert kind(neighbour.post(path(case, "handovers"), {"to_account_id": me(neighbour)})) == (404, "not-found")


def test_what_is_over_does_not_change_hands(agent, colleague):
    case = offered(agent, colleague)
    agent.put(path(case, "withdrawal"), {})
    assert kind(agent.post(path(case, "handovers"), {"to_account_id": me(colleague)})) == (409, "errand-over")
    assert kind(colleague.put(path(case, "handovers/1/acceptance"))) == (409, "illegal-move")
    assert colleague.get(path(case, "handovers/1")).json["state"] == "lapsed"
    assert colleague.get("/handovers").json["items"] == []


def test_a_hand_over_outlives_its_givers_account(agent, colleague, admin, township, fixed_clock):
    """The township's duty post inherits meanwhile; the receiver may still take it."""
    case = offered(agent, colleague)
    disable(admin, case["agent"]["id"])
    assert inheriting.inherit(actor=actor.system("inherit-errands"), now=fixed_clock.now()) == 1
    assert colleague.get(path(case)).json["agent"]["id"] == me(township)
    assert colleague.put(path(case, "handovers/1/acceptance")).json["agent"]["id"] == me(colleague)


def test_each_sees_what_he_gave_and_what_he_is_asked_to_take(agent, colleague, township, neighbour, fixed_clock):
    given = offered(agent, colleague)["id"]
    fixed_clock.advance(minutes=1)
    office = registered(agent, agent_id=me(township))
    township.post(path(office, "handovers"), {"to_account_id": me(colleague)})
    colleague.get("/handovers")
    for caller, query, found in (
        (agent, "", [given]), (colleague, "", [given, office["id"]]), (township, "", [office["id"]]),
        (neighbour, "", []), (agent, "?state=accepted", []), (colleague, "?state=all", [given, office["id"]]),
        (colleague, "?limit=1", [given]),
    ):
        with count_statements() as seen:
            listed = caller.get(f"/handovers{query}").json["items"]
        assert [each["errand_id"] for each in listed] == found
        assert len(seen) <= 3, seen
    cursor = colleague.get("/handovers?limit=1").json["next_cursor"]
    assert colleague.get(f"/handovers?cursor={cursor}").json["items"][0]["errand_id"] == office["id"]


# --- a village hands in ---------------------------------------------------------------------------


def above(agent, **changes):
    return registered(agent, item_code=ABOVE, materials=papers(agent, ABOVE), **changes)


def clocks():
    return [(row["kind"], row["due_at"] and row["due_at"].isoformat(), row["ended_at"] is None)
            for row in sql.rows("SELECT kind, due_at, ended_at FROM clock ORDER BY kind")]


DUE = "2026-02-24T09:30:00+00:00"


def test_a_village_hands_in_within_three_days_and_the_township_accepts(agent, township, fixed_clock):
    """Rules 3.3, 3.8: received Thu 12 Feb, over the Spring Festival; no due date of the errand moves."""
    case = above(agent)
    assert clocks() == [("hand_in", DUE, True)]
    assert (case["due_at"], case["handed_in_at"], case["light"]) == (None, None, "none")
    assert kind(agent.put(path(case, "acceptance"))) == (409, "hand-in-needed")
    fixed_clock.set("2026-02-13 09:00")
    assert township.get("/errands?handed_in=true").json["items"] == []
    assert kind(agent.put(path(case, "hand-in"), etag=STALE)) == (412, "stale-version")
    handed = agent.put(path(case, "hand-in"))
    assert handed.json == case | {"handed_in_at": "2026-02-13T09:00:00+08:00", "version": case["version"] + 1}
    assert clocks() == [("hand_in", DUE, False)]
    assert kind(agent.put(path(case, "hand-in"))) == (409, "illegal-move")
    assert [row["id"] for row in township.get("/errands?handed_in=true").json["items"]] == [case["id"]]
    assert township.get("/errands?handed_in=false").json["items"] == []
    assert township.put(path(case, "acceptance")).json["state"] == "accepted"
    assert township.get("/errands?handed_in=true").json["items"] == []
    assert len(township.get("/errands?handed_in=true&state=all").json["items"]) == 1


def test_the_township_may_accept_what_was_not_handed_in_yet(agent, township):
    case = above(agent)
    assert township.put(path(case, "acceptance")).status_code == 200
    assert [(kind_of, runs) for kind_of, _, runs in clocks()] == [("hand_in", False), ("promise", True)]
    assert kind(agent.put(path(case, "hand-in"))) == (409, "illegal-move")


def test_what_its_own_unit_accepts_is_not_handed_in(agent, township, neighbour):
    case = registered(agent)
    assert clocks() == []
    assert kind(agent.put(path(case, "hand-in"))) == (409, "no-hand-in")
    assert kind(neighbour.put(path(case, "hand-in"))) == (404, "not-found")
    for unit in (cast.TOWNSHIP, cast.VILLAGE):
        body = errand(item_code=ABOVE, materials=papers(agent, ABOVE), unit_code=unit)
        assert township.post("/errands", body).status_code == 201
    assert clocks() == []


def test_a_closure_moves_the_day_of_handing_in_and_a_withdrawal_ends_it(agent, admin, fixed_clock):
    case = above(agent)
    admin.post("/calendar/closures", {"date": "2026-02-13", "unit_code": cast.TOWNSHIP, "reason": "台风"})
    following.reproject(actor=actor.system("reproject-errands"), now=fixed_clock.now())
    assert clocks() == [("hand_in", "2026-02-25T09:30:00+00:00", True)]
    agent.put(path(case, "withdrawal"), {})
    assert clocks() == [("hand_in", "2026-02-25T09:30:00+00:00", False)]
