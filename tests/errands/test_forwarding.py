"""Forwarding to a department: its step's own limit, its answer, its recall; who may, and who reads it."""
import pytest

from backend.core import sql
from tests import cast
from tests.errands import projections
from tests.errands.test_due import papers
from tests.errands.test_hostile import ABSENT, kind
from tests.errands.test_story import accepted, path, registered
from tests.statements import count_statements

STALE = '"99-00000000"'


@pytest.fixture
def handler(district_app):
    """The handler of 民政, whose item 临时救助 is."""
    return cast.sign_in(district_app.test_client(), cast.HANDLER)


@pytest.fixture
def other(district_app):
    """The handler of another department."""
    return cast.sign_in(district_app.test_client(), "handler-RS")


@pytest.fixture(autouse=True)
def projected(district_app):
    """Whatever a test did, what is stored of clocks and desks is what their truth says."""
    yield
    assert projections.wrong() == []


def forwarded(agent, department="MZ", **body):
    case = accepted(agent)
    forward(agent, case, department, **body)
    return agent.get(path(case)).json


def forward(agent, case, department="MZ", **body):
    answer = agent.post(path(case, "forwardings"), {"department_code": department} | body)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.json


def answered(handler, case, decision="grant", n=1, **body):
    return handler.put(path(case, f"forwardings/{n}/answer"), {"decision": decision} | body)


def test_a_step_goes_to_the_department_and_comes_back_answered(agent, handler, fixed_clock):
    """Rules 3.8: accepted 12 Feb with 7 WD, forwarded on the 13th: 6 WD are left, both end on the 28th."""
    case = accepted(agent)
    fixed_clock.set("2026-02-13 10:00")
    step = forward(agent, case, step="承办", note="请核查收入")
    assert (step["n"], step["state"], step["limit_working_days"], step["due_at"], step["late"]) == (
        1, "forwarded", 6, "2026-02-28T17:30:00+08:00", False,
    )
    assert step["department_name"] == "民政局" and step["by"] == case["agent"]
    shown = agent.get(path(case)).json
    assert shown == case | {"state": "forwarded", "version": case["version"] + 1}
    done = answered(handler, case, reasons="符合条件").json
    assert (done["state"], done["due_at"], done["version"]) == ("accepted", case["due_at"], case["version"] + 2)
    step = agent.get(path(case, "forwardings/1")).json
    assert (step["state"], step["decision"], step["reasons"]) == ("answered", "grant", "符合条件")
    assert step["answered_by"]["name"] == "民政局承办人" and step["answered_at"] == "2026-02-13T10:00:00+08:00"
    told = agent.get(path(case, "events")).json["items"]
    assert [event["what"] for event in told[-2:]] == ["转部门办理", "部门答复"]
    assert agent.put(path(case, "completion"), {"outcome": "granted", "result": "已办"}).status_code == 200


def test_a_step_is_late_while_the_case_is_not(agent, handler, fixed_clock):
    case = forwarded(agent, working_days=1)
    fixed_clock.set("2026-02-13 17:30:01")
    assert handler.get("/forwardings").json["items"][0]["late"] is True
    assert agent.get(path(case)).json["light"] == "none"
    answered(handler, case)
    fixed_clock.set("2026-02-25 09:00")
    assert agent.get(path(case, "forwardings/1")).json["late"] is True


def test_several_departments_one_after_the_other(agent, handler, other):
    case = forwarded(agent)
    second = {"department_code": "RS"}
    assert kind(agent.post(path(case, "forwardings"), second)) == (409, "illegal-move")
    assert answered(handler, case, "return", reasons="缺收入证明").status_code == 200
    assert forward(agent, case, "RS")["n"] == 2
    assert kind(answered(handler, case, n=2)) == (403, "not-your-step")
    assert kind(answered(handler, case, n=1)) == (409, "illegal-move")
    assert kind(answered(other, case, n=3)) == (404, "not-found")
    assert answered(other, case, n=2).status_code == 200
    assert forward(agent, case)["n"] == 3
    listed = agent.get(path(case, "forwardings?limit=2")).json
    rest = agent.get(path(case, f"forwardings?limit=2&cursor={listed['next_cursor']}")).json["items"]
    assert [(w["n"], w["department_code"], w["state"]) for w in listed["items"] + rest] == [
        (1, "MZ", "answered"), (2, "RS", "answered"), (3, "MZ", "forwarded"),
    ]
    assert len(handler.get("/errands").json["items"]) == 1


def test_refusing_and_returning_need_reasons(agent, handler):
    """Rules 3.7."""
    case = forwarded(agent)
    wrong = ("refuse", None, "reasons"), ("return", None, "reasons"), ("agree", "好", "decision")
    for decision, reasons, field in wrong:
        answer = answered(handler, case, decision, reasons=reasons)
        assert answer.status_code == 422 and list(answer.json["errors"]) == [field]
    assert agent.get(path(case)).json["state"] == "forwarded"
    assert answered(handler, case, "refuse", reasons="不符合条件").status_code == 200


def test_refusals_of_an_answer_come_in_one_order(agent, township, handler, other):
    case = forwarded(agent)
    where = path(case, "forwardings/1/answer")
    assert kind(agent.put(where, {"decision": "grant"})) == (403, "forbidden")
    assert kind(township.put(where, {"decision": "grant"})) == (403, "forbidden")
    assert kind(other.put(where, {"decision": "grant"})) == (404, "not-found")
    assert kind(other.put(where, {"decision": 1}, etag=None)) == (404, "not-found")
    assert kind(handler.put(where, {"decision": "grant"}, etag=None)) == (428, "if-match-required")
    assert kind(handler.put(where, {"decision": "refuse"}, etag=STALE)) == (412, "stale-version")
    etag = handler.get(path(case, "forwardings/1")).headers["ETag"]
    assert handler.put(where, {"decision": "grant"}, etag=etag).status_code == 200
    assert kind(handler.put(where, {"decision": "grant"}, etag=STALE)) == (409, "illegal-move")


def test_what_makes_no_sense_is_refused_by_name(agent):
    case = accepted(agent)
    for body, field in (
        ({"department_code": "XX"}, "department_code"), ({"department_code": "MZ", "working_days": 8}, "working_days"),
        ({}, "department_code"), ({"department_code": "MZ", "working_days": -1}, "working_days"),
    ):
        answer = agent.post(path(case, "forwardings"), body)
        assert answer.status_code == 422 and list(answer.json["errors"]) == [field]


def test_a_department_without_a_handler_gets_nothing(agent, admin):
    handler_id = sql.value("SELECT id FROM account WHERE username = ?", (cast.HANDLER.lower(),))
    assert admin.put(f"/accounts/{handler_id}/disabling", {"reason": "离岗"}).status_code == 200
    answer = agent.post(path(accepted(agent), "forwardings"), {"department_code": "MZ"})
    assert answer.status_code == 422 and list(answer.json["errors"]) == ["department_code"]


def test_only_who_answers_or_the_township_forwards_an_accepted_errand(agent, neighbour, township, operator, handler):
    case, body = registered(agent), {"department_code": "MZ"}
    assert kind(agent.post(path(case, "forwardings"), body)) == (409, "illegal-move")
    agent.put(path(case, "acceptance"))
    assert kind(neighbour.post(path(case, "forwardings"), body)) == (404, "not-found")
    assert kind(handler.post(path(case, "forwardings"), body)) == (403, "forbidden")
    assert kind(agent.post(path(case, "forwardings"), body, headers={"If-Match": STALE})) == (412, "stale-version")
    assert township.post(path(case, "forwardings"), body).status_code == 201
    assert kind(agent.put(path(case, "completion"), {"outcome": "granted", "result": "已办"})) == (409, "illegal-move")


def test_one_key_forwards_once(agent):
    case = accepted(agent)
    made = [agent.post(path(case, "forwardings"), {"department_code": "MZ"}, key="forward-once") for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json == made[1].json and made[1].headers["Idempotent-Replayed"] == "true"


def test_a_forwarding_by_mistake_is_recalled_with_a_reason(agent, handler):
    case = forwarded(agent)
    where = path(case, "forwardings/1/recall")
    assert agent.put(where, {}).status_code == 422
    assert kind(handler.put(where, {"reason": "错"})) == (403, "forbidden")
    back = agent.put(where, {"reason": "转错部门"}).json
    assert (back["state"], back["due_at"]) == ("accepted", case["due_at"])
    assert kind(agent.put(where, {"reason": "再撤"})) == (409, "illegal-move")
    assert kind(answered(handler, case)) == (409, "illegal-move")
    step = agent.get(path(case, "forwardings/1")).json
    assert (step["state"], step["answered_by"], step["late"]) == ("recalled", None, False)
    assert sql.value("SELECT count(*) FROM clock WHERE kind = 'step' AND ended_at IS NULL") == 0
    assert forward(agent, case, "RS")["n"] == 2


def test_a_withdrawal_ends_the_open_step(agent, handler):
    case = forwarded(agent)
    assert agent.put(path(case, "withdrawal"), {}).status_code == 200
    assert handler.get("/forwardings").json["items"] == handler.get("/errands").json["items"] == []
    assert [row["state"] for row in handler.get("/errands?state=all").json["items"]] == ["withdrawn"]
    assert handler.get("/forwardings?state=withdrawn").json["items"][0]["state"] == "withdrawn"
    assert kind(answered(handler, case)) == (409, "illegal-move")


def test_forwarding_takes_a_mandate_and_answering_does_not(agent, handler, fixed_clock, district_app):
    """Rules 3.3: who answers decides for his department, not in the resident's name."""
    until = {"mandate": {"given_by": "voice", "expires_on": "2026-02-12"}}
    case, late = accepted(agent, **until), accepted(agent, **until)
    forward(agent, case)
    fixed_clock.set("2026-02-13 09:00")
    assert kind(agent.post(path(late, "forwardings"), {"department_code": "MZ"})) == (403, "mandate-expired")
    assert answered(handler, case).status_code == 200


def test_what_is_left_of_the_promise_bounds_the_step(agent, fixed_clock):
    """Due 28 Feb; on that day and after it, the step is due at the next close."""
    cases = [accepted(agent) for _ in range(4)]
    for case, moment, limit, due in zip(cases, (
        "2026-02-27 18:00", "2026-02-28 09:00", "2026-03-03 09:00", "2026-03-03 18:00",
    ), (1, 0, 0, 0), ("2026-02-28", "2026-02-28", "2026-03-03", "2026-03-04")):
        fixed_clock.set(moment)
        step = forward(agent, case)
        assert (step["limit_working_days"], step["due_at"]) == (limit, f"{due}T17:30:00+08:00")


# --- report items -------------------------------------------------------------------------------


def reported(agent):
    return accepted(agent, item_code="RS-005", materials=papers(agent, "RS-005"))


def due(case):
    return case["due_at"], case["used_working_days"], case["remaining_working_days"], case["light"]


def test_a_report_item_is_due_to_be_sent_up_then_nothing_then_to_be_told(agent, other, fixed_clock):
    """Rules 1.3: sent up within 3 WD; the time above does not count; told within 2 WD of the reply."""
    case = reported(agent)
    assert due(case) == ("2026-02-24T17:30:00+08:00", 0, 3, "none")
    fixed_clock.set("2026-02-13 09:00")
    step = forward(agent, case, "RS")
    assert (step["due_at"], step["limit_working_days"], step["late"]) == (None, None, False)
    assert due(agent.get(path(case)).json) == (None, None, None, "none")
    clock = agent.get(path(case, "clock")).json
    assert (clock["due_at"], clock["budget_working_days"], clock["days"]) == (None, None, [])
    assert "已上报，上级批复后两个工作日内告知您" in agent.get(path(case, "slip")).text
    fixed_clock.set("2026-03-12 09:00")
    assert due(agent.get(path(case)).json) == (None, None, None, "none")
    back = answered(other, case, reasons="上级批复").json
    assert due(back) == ("2026-03-16T17:30:00+08:00", 0, 2, "none")
    done = agent.put(path(case, "completion"), {"outcome": "granted", "result": "已批复"}).json
    assert (done["due_at"], done["remaining_working_days"]) == ("2026-03-16T17:30:00+08:00", None)
    assert [tuple(row.values()) for row in sql.plain("SELECT kind, budget_days FROM clock ORDER BY id")] == [
        ("sending_up", 3), ("telling", 2),
    ]


def test_a_report_item_sent_up_by_mistake_is_due_as_before(agent, other, fixed_clock):
    case = reported(agent)
    fixed_clock.set("2026-02-13 09:00")
    forward(agent, case, "RS")
    back = agent.put(path(case, "forwardings/1/recall"), {"reason": "转错"}).json
    assert due(back) == due(agent.get(path(case)).json) == ("2026-02-24T17:30:00+08:00", 0, 3, "none")
    forward(agent, case, "RS")
    answered(other, case, "return", 2, reasons="补材料")
    forward(agent, case, "RS")
    assert due(agent.get(path(case)).json) == (None, None, None, "none")
    agent.put(path(case, "forwardings/3/recall"), {"reason": "材料不全"})
    assert agent.get(path(case)).json["due_at"] == "2026-02-24T17:30:00+08:00"


def test_the_time_above_has_no_limit(agent):
    answer = agent.post(path(reported(agent), "forwardings"), {"department_code": "RS", "working_days": 2})
    assert answer.status_code == 422 and list(answer.json["errors"]) == ["working_days"]


# --- who reads ----------------------------------------------------------------------------------


READ = ("", "events", "clock", "notes", "trips", "payments", "forwardings", "forwardings/1", "slip", "mandate.html")


def test_a_handler_reads_what_was_ever_forwarded_to_him_and_nothing_else(agent, handler, other):
    """Rules 12; a foreign errand is byte for byte an absent one."""
    case, unseen = forwarded(agent), accepted(agent)
    for noun in READ:
        assert handler.get(path(case, noun)).status_code == 200
        for caller, foreign in ((other, case), (handler, unseen)):
            there, nowhere = caller.get(path(foreign, noun)), caller.get(path({"id": ABSENT}, noun))
            assert there.status_code == nowhere.status_code == 404
            assert there.data.replace(foreign["id"].encode(), ABSENT.encode()) == nowhere.data
    answered(handler, case)
    assert handler.get(path(case)).json["state"] == "accepted"


def test_a_handler_reads_the_resident_from_the_forwarding_on(agent, handler, other):
    case = accepted(agent)
    resident = f"/residents/{case['resident']['id']}"
    assert handler.get(resident).status_code == 404
    forward(agent, case)
    assert handler.get(resident).json["name"] == "王桂香"
    assert handler.post(f"{resident}/full-view", {"reason": "核对身份"}).status_code == 201
    assert other.get(resident).status_code == 404


def test_a_handler_moves_nothing_but_his_step(agent, handler):
    case = forwarded(agent)
    done = {"outcome": "granted", "result": "好"}
    for noun, body in (("completion", done), ("withdrawal", {}), ("acceptance", None)):
        assert kind(handler.put(path(case, noun), body)) == (403, "forbidden")
    assert kind(handler.post(path(case, "notes"), {"text": "已收到"})) == (403, "forbidden")


FOUND = {
    "": [1, 0, 2], "?state=forwarded": [1, 0], "?state=accepted": [2], "?state=all": [1, 0, 2, 3],
    "?limit=1": [1], "?q=wgx&state=all": [1, 0, 2, 3], "?q=zz": [], "?light=red": [], "?light=none": [1, 0, 2],
    f"?unit_code={cast.VILLAGE}": [1, 0, 2], f"?unit_code={cast.NEIGHBOUR}": [], "?q=001001&limit=200": [1, 0, 2],
    "?due_before=2026-02-27T00:00:00Z": [1], f"?agent_id={ABSENT}": [],
}


def test_the_list_of_a_handler_is_due_first(agent, handler, fixed_clock):
    """0, 2 and 3 are due on 28 Feb, 1 on 26 Feb; 2 is answered, 3 withdrawn; another was never forwarded."""
    cases = desk(agent, handler, fixed_clock)
    handler.get("/errands")
    for query, found in FOUND.items():
        with count_statements() as seen:
            listed = handler.get(f"/errands{query}").json["items"]
        assert [row["id"] for row in listed] == [cases[at]["id"] for at in found], query
        assert len(seen) <= 3, seen
    plain = handler.get("/errands?state=all").json["items"]
    assert plain == [row for row in agent.get("/errands?state=all").json["items"] if row["id"] != cases[4]["id"]]


def desk(agent, handler, fixed_clock):
    cases = []
    for code in ("MZ-003", "GY-002", "MZ-003", "MZ-003", "MZ-003"):
        fixed_clock.advance(minutes=1)
        cases.append(accepted(agent, item_code=code, materials=papers(agent, code)))
    for case in cases[:4]:
        forward(agent, case)
    answered(handler, cases[2])
    agent.put(path(cases[3], "withdrawal"), {})
    return cases


def test_pages_of_a_handlers_list_join(agent, handler):
    made = {forwarded(agent)["id"] for _ in range(5)}
    seen, cursor = [], ""
    while cursor is not None:
        page = handler.get(f"/errands?limit=2{cursor and '&cursor=' + cursor}").json
        seen += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
    assert len(seen) == 5 and set(seen) == made


DESKS = (
    ("handler", "", ["MZ", "MZ"]), ("handler", "?state=all", ["MZ", "MZ", "MZ"]), ("handler", "?limit=1", ["MZ"]),
    ("handler", "?department_code=RS", []), ("handler", "?department_code=MZ&department_code=RS", ["MZ", "MZ"]),
    ("other", "", ["RS"]), ("supervisor", "", ["RS", "MZ", "MZ"]), ("supervisor", "?department_code=RS", ["RS"]),
    ("supervisor", "?department_code=RS&department_code=MZ", ["RS", "MZ", "MZ"]),
    ("supervisor", "?state=answered", ["MZ"]),
)


def test_a_desk_lists_its_open_steps_due_first(agent, handler, other, district_app):
    first = forwarded(agent, working_days=3)
    forwarded(agent, working_days=2)
    forwarded(agent, "RS", working_days=1)
    answered(handler, forwarded(agent))
    supervisor = cast.sign_in(district_app.test_client(), "supervisor")
    callers = {"handler": handler, "other": other, "supervisor": supervisor}
    handler.get("/forwardings")
    for who, query, found in DESKS:
        with count_statements() as seen:
            listed = callers[who].get(f"/forwardings{query}").json["items"]
        assert [step["department_code"] for step in listed] == found, (who, query)
        assert [step["due_at"] for step in listed] == sorted(step["due_at"] for step in listed)
        assert len(seen) <= 3, seen
    cursor = handler.get("/forwardings?limit=1").json["next_cursor"]
    assert handler.get(f"/forwardings?limit=1&cursor={cursor}").json["items"][0]["errand_id"] == first["id"]
    assert kind(agent.get("/forwardings")) == (403, "forbidden")
