"""Who reads cards, and appeals against them: reversing by adding (rules 4, 12)."""
from datetime import datetime

import pytest

from backend.clocks.queries import cards as queries
from backend.clocks.rules import cards as rules
from backend.core import clock, ids, ledger, sql
from backend.core.actor import ROLES, Actor
from backend.core.moves import possible
from tests import cast
from tests.clocks.watched import account, begin, tick
from tests.statements import count_statements

REASON = {"reason": "材料已于期限内寄出"}


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=clock.ZONE)


@pytest.fixture
def callers(district_app):
    client = district_app.test_client()
    return {name: cast.sign_in(client, name) for name in (
        cast.AGENT, cast.NEIGHBOUR_AGENT, cast.OFFICE_OF_TOWNSHIP, cast.FAR_OFFICE, cast.HANDLER, "office",
        "supervisor", "admin", "project-agent",
    )}


@pytest.fixture
def case(callers):
    """A case of the village with a reminder, a yellow and a red card, and a late step of a department."""
    begin("case", at("03-02 10:00"), account_id=account(cast.AGENT))
    begin("step", at("03-02 10:00"), days=2, kind="step", department_code="MZ", part=1)
    tick(at("03-17 10:00"))


def found(caller, query=""):
    answer = caller.get(f"/cards{query}")
    assert answer.status_code == 200, answer.json
    return [(card["subject_id"], card["rung"]) for card in answer.json["items"]]


def red(callers):
    (card,) = callers["supervisor"].get("/cards?errand_id=case&rung=red").json["items"]
    return card


WHOLE = {("case", "reminder"), ("case", "yellow"), ("case", "red"), ("step", "yellow"), ("step", "red"),
         ("step", "district")}
SEEN = [
    (cast.AGENT, WHOLE), (cast.NEIGHBOUR_AGENT, set()), (cast.OFFICE_OF_TOWNSHIP, WHOLE), (cast.FAR_OFFICE, set()),
    (cast.HANDLER, {pair for pair in WHOLE if pair[0] == "step"}), ("office", WHOLE), ("supervisor", WHOLE),
    ("admin", WHOLE),
]


def test_each_sees_the_cards_of_his_own_reach(case, callers):
    """Rules 12; a foreign card is the same 404 as none."""
    card_id = red(callers)["id"]
    for who, expected in SEEN:
        assert set(found(callers[who])) == expected, who
        status = 200 if ("case", "red") in expected else 404
        assert callers[who].get(f"/cards/{card_id}").status_code == status
    assert callers["project-agent"].get("/cards").status_code == 403
    far, nothing = callers[cast.FAR_OFFICE], ids.new(at("03-02 10:00"))
    foreign, absent = (far.get(f"/cards/{one}").json for one in (card_id, nothing))
    assert foreign | {"instance": ""} == absent | {"instance": ""}


def test_a_card_says_when_what_and_to_whom(case, callers):
    card = red(callers)
    assert card | {"id": "", "version": 0} == {
        "id": "", "version": 0, "subject_type": "errand", "subject_id": "case", "kind": "promise", "rung": "red",
        "unit_code": cast.VILLAGE, "department_code": None, "effective_at": "2026-03-16T17:30:00+08:00",
        "detected_at": "2026-03-17T10:00:00+08:00", "delivered_at": "2026-03-17T10:00:00+08:00",
        "delivered_to": {"code": cast.TOWNSHIP, "post": "duty", "account": {
            "id": account(cast.OFFICE_OF_TOWNSHIP), "name": "东城街道管理员"}},
        "also_to": [], "state": "standing",
    }


def test_filters_are_or_within_and_and_between(case, callers):
    office = callers["office"]
    assert found(office, "?rung=red&rung=yellow&errand_id=case") == [("case", "red"), ("case", "yellow")]
    assert found(office, f"?unit_code={cast.NEIGHBOUR}") == []
    both = f"?unit_code={cast.NEIGHBOUR}&unit_code={cast.VILLAGE}"
    assert found(office, f"{both}&rung=district") == [("step", "district")]
    assert found(office, "?state=reversed") == []
    for query in ("?errand_id=case", f"?unit_code={cast.VILLAGE}"):
        assert found(callers[cast.FAR_OFFICE], query) == []
    assert office.get("/cards?rung=blue").status_code == 422


@pytest.mark.parametrize("query", ["", "&errand_id=case&errand_id=step"])
def test_pages_go_back_in_time_and_miss_nothing(case, callers, query):
    seen, cursor = [], ""
    while cursor is not None:
        part = callers["office"].get(f"/cards?limit=2{query}{cursor and f'&cursor={cursor}'}").json
        seen += [(card["effective_at"], card["id"]) for card in part["items"]]
        cursor = part["next_cursor"]
    assert len(set(seen)) == 6 and seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("query", [{}, {"unit_code": [cast.VILLAGE]}, {"errand_id": ["case"]}])
def test_a_list_takes_two_statements_by_index(case, query):
    actor = Actor(account("office"), "", "office", unit_code=cast.DISTRICT)
    asked = {"errand_id": [], "unit_code": [], "rung": [], "state": [], "cursor": None, "limit": 50} | query
    with count_statements() as seen:
        assert queries.listed(asked, actor=actor).items
    assert len(seen) == 2
    if not sql.on_postgresql():
        text, params = (queries._of_subjects if query.get("errand_id") else queries._in_scope)(asked, actor)
        plan = [row[3] for row in sql.execute(f"EXPLAIN QUERY PLAN {text}", params).fetchall()]
        assert not any(f"{line} ".startswith("SCAN c ") for line in plan), plan


def test_an_upheld_appeal_reverses_by_adding(case, callers):
    card = red(callers)
    path = f"/cards/{card['id']}"
    made = callers[cast.AGENT].post(f"{path}/appeals", REASON)
    assert (made.status_code, made.json["n"]) == (201, 1)
    assert (made.json["state"], made.json["card_state"]) == ("open", "appealed")
    ruled = callers["supervisor"].put(f"{path}/appeals/1/decision", {"upheld": True, "reason": "属实"},
                                      etag=made.headers["ETag"])
    assert (ruled.status_code, ruled.json["state"], ruled.json["card_state"]) == (200, "upheld", "reversed")
    assert ruled.json["answered_by"]["id"] == account("supervisor")
    after = red(callers)
    assert after == card | {"state": "reversed", "version": card["version"] + 2}
    told = [(entry["action"], entry["outcome"]) for entry in ledger.history("errand", "case")]
    assert told[-3:] == [("card.give", "red"), ("card.appeal", "red"), ("card.uphold", "red")]
    assert callers[cast.AGENT].post(f"{path}/appeals", REASON).status_code == 409


def test_a_rejected_appeal_lets_the_card_stand_and_another_may_follow(case, callers):
    path = f"/cards/{red(callers)['id']}/appeals"
    callers[cast.OFFICE_OF_TOWNSHIP].post(path, REASON)
    assert callers[cast.AGENT].post(path, REASON).status_code == 409
    ruling = {"upheld": False, "reason": "查无此事"}
    assert callers["supervisor"].put(f"{path}/1/decision", ruling).json["card_state"] == "standing"
    assert callers["supervisor"].put(f"{path}/1/decision", ruling).status_code == 409
    assert callers[cast.AGENT].post(path, REASON).json["n"] == 2
    assert callers["supervisor"].put(f"{path}/1/decision", ruling).status_code == 409
    assert [appeal["n"] for appeal in callers[cast.AGENT].get(path).json["items"]] == [1, 2]
    assert callers[cast.AGENT].get(f"{path}/2").json["state"] == "open"


def test_who_may_appeal_and_who_decides(case, callers):
    card_id = red(callers)["id"]
    path = f"/cards/{card_id}/appeals"
    step = callers[cast.HANDLER].get("/cards?rung=red").json["items"][0]["id"]
    refused = {cast.NEIGHBOUR_AGENT: 404, cast.FAR_OFFICE: 404, cast.HANDLER: 404, "office": 403, "supervisor": 403}
    assert {who: callers[who].post(path, REASON).status_code for who in refused} == refused
    assert callers[cast.AGENT].post(f"/cards/{step}/appeals", REASON).json["type"] == "/problems/not-concerned"
    assert callers[cast.HANDLER].post(f"/cards/{step}/appeals", REASON).status_code == 201
    assert callers["admin"].put(f"/cards/{step}/appeals/1/decision", {"upheld": True, "reason": "x"}).status_code == 403
    sql.run("UPDATE card_appeal SET account_id = ?", (account("supervisor"),))
    own = callers["supervisor"].put(f"/cards/{step}/appeals/1/decision", {"upheld": True, "reason": "x"})
    assert own.json["type"] == "/problems/own-appeal"
    missing = callers["supervisor"].put(f"/cards/{step}/appeals/9/decision", {"upheld": True, "reason": "x"})
    assert missing.status_code == 404


def test_an_appeal_sent_twice_is_one(case, callers):
    path = f"/cards/{red(callers)['id']}/appeals"
    answers = [callers[cast.AGENT].post(path, REASON, key="the-same-key") for _ in range(2)]
    assert answers[0].json == answers[1].json and answers[1].headers["Idempotent-Replayed"] == "true"
    assert sql.value("SELECT count(*) FROM card_appeal") == 1


def test_a_ruling_on_an_old_view_is_stale(case, callers):
    path = f"/cards/{red(callers)['id']}/appeals"
    callers[cast.AGENT].post(path, REASON)
    stale = callers["supervisor"].put(f"{path}/1/decision", {"upheld": True, "reason": "x"}, etag='"9-00000000"')
    assert stale.status_code == 412


@pytest.mark.parametrize("state", rules.STATES)
@pytest.mark.parametrize("role", ROLES)
def test_each_verb_is_said_by_its_roles_in_its_state(state, role):
    verbs = {"standing": {"appeal"} if role in rules.APPELLANTS else set(),
             "appealed": {"uphold", "reject"} if role == "supervisor" else set(), "reversed": set()}
    assert set(possible(rules.MOVES, state, role)) == verbs[state]
