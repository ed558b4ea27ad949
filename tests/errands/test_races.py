"""Several desks at the same moment: one wins, the others are told, nothing is doubled."""
from collections import Counter

import pytest

from backend.core import sql, verification
from tests import cast
from tests.cast import errand
from tests.errands import projections
from tests.errands.test_story import accepted, completed, path, registered

REFERRAL = {"where": "临海市民政局", "phone": "85111111", "bring": []}


def fresh(caller, district_app):
    """The same account with a client of the thread's own."""
    return cast.Caller(district_app.test_client(), caller.token)


def statuses(answers):
    assert all(not isinstance(answer, Exception) for answer in answers), answers
    return Counter(answer.status_code for answer in answers)


@pytest.fixture
def at_once(together, district_app):
    """The same call by one account from many threads: ``send(caller, number)``."""
    def run(caller, send, times=8):
        callers = [fresh(caller, district_app) for _ in range(times)]
        return together(lambda number: send(callers[number], number), times)

    return run


def test_one_of_many_acceptances_wins(agent, at_once):
    case = registered(agent)
    etag = agent.get(path(case)).headers["ETag"]
    found = statuses(at_once(agent, lambda caller, _: caller.put(path(case, "acceptance"), etag=etag)))
    assert found == {200: 1, 409: 7}
    assert [e["action"] for e in agent.get(path(case, "events")).json["items"]] == ["register", "accept"]


def test_an_errand_is_accepted_or_declined_and_never_both(agent, at_once):
    case = registered(agent)
    decline = {"reason": "不属本区", "referral": REFERRAL}

    def send(caller, number):
        if number % 2:
            return caller.put(path(case, "declination"), decline)
        return caller.put(path(case, "acceptance"))

    assert statuses(at_once(agent, send)) == {200: 1, 409: 7}
    events = agent.get(path(case, "events")).json["items"]
    last = agent.get(path(case)).json
    assert [event["action"] for event in events] == ["register", {"accepted": "accept"}.get(last["state"], "decline")]
    assert (last["due_at"] is None) == (last["state"] == "declined")


def test_payments_at_once_never_pass_the_charge(agent, at_once):
    """RS-005 costs 16 yuan."""
    papers = [{"name": p["name"], "received": True} for p in agent.get("/items/RS-005").json["materials"]]
    case = accepted(agent, item_code="RS-005", materials=papers)
    found = statuses(at_once(
        agent, lambda caller, _: caller.post(path(case, "payments"), {"amount_fen": 500})
    ))
    assert found == {201: 3, 409: 5}
    paid = agent.get(path(case, "payments")).json["items"]
    assert sum(payment["amount_fen"] for payment in paid) == agent.get(path(case)).json["paid_fen"] == 1500
    assert len({payment["receipt_number"] for payment in paid}) == 3


def test_trips_at_once_are_all_counted(agent, at_once):
    case = accepted(agent)
    body = {"made_on": "2026-02-12", "where": "乡镇便民中心"}
    assert statuses(at_once(agent, lambda caller, _: caller.post(path(case, "trips"), body))) == {201: 8}
    assert agent.get(path(case)).json["trips"] == len(agent.get(path(case, "trips")).json["items"]) == 8


def test_serials_of_a_unit_and_day_have_no_gap_and_no_twin(agent, at_once, fixed_clock):
    answers = at_once(agent, lambda caller, number: caller.post(
        "/errands", errand(item_code="MZ-003" if number % 4 else "XX-000")
    ), times=12)
    assert statuses(answers) == {201: 9, 422: 3}
    made = [answer.json["number"] for answer in answers if answer.status_code == 201]
    assert sorted(made) == [number for number in sorted(made) if number.startswith("001001-260212-")]
    assert sorted(int(number.split("-")[2]) for number in made) == list(range(1, 10))
    fixed_clock.set("2026-02-13 09:00")
    assert registered(agent)["number"].startswith("001001-260213-0001-")


def test_one_key_from_many_threads_makes_one_errand(agent, at_once):
    body = errand()
    found = at_once(agent, lambda caller, _: caller.post("/errands", body, key="one-key-0001"), times=10)
    assert set(statuses(found)) <= {201, 409}
    made = [answer for answer in found if answer.status_code == 201]
    assert len({answer.json["id"] for answer in made}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in made) == 1
    assert all(a.json["type"] == "/problems/still-running" for a in found if a.status_code == 409)
    assert sql.value("SELECT count(*) FROM errand") == 1
    assert sql.value("SELECT count(*) FROM resident") == 1


def test_one_resident_at_two_desks_is_one_row(agent, township, neighbour, together, district_app):
    callers = [fresh(who, district_app) for who in (agent, neighbour, agent, neighbour)]
    found = together(lambda number: callers[number].post("/errands", errand()), 4)
    assert statuses(found) == {201: 4}
    assert len({answer.json["resident"]["id"] for answer in found}) == 1
    assert sql.value("SELECT count(*) FROM resident") == 1


def test_a_call_is_recorded_once(agent, at_once):
    case = completed(agent)
    agent.put(path(case, "delivery"), {"method": "posted", "received_by": "王桂香"})
    task = agent.get("/call-tasks").json["items"][0]
    found = statuses(at_once(
        agent, lambda caller, _: caller.put(f"/call-tasks/{task['id']}/outcome", {"reached": True})
    ))
    assert found == {200: 1, 409: 7}
    assert [event["action"] for event in agent.get(path(case, "events")).json["items"]].count("call") == 1


def test_everything_at_once_leaves_a_whole_ledger(agent, at_once):
    case = accepted(agent)

    def send(caller, number):
        return (
            lambda: caller.put(path(case, "completion"), {"outcome": "granted", "result": "已办"}),
            lambda: caller.put(path(case, "withdrawal"), {}),
            lambda: caller.post(path(case, "notes"), {"text": "联系"}),
            lambda: caller.post(path(case, "trips"), {"made_on": "2026-02-12", "where": "乡镇"}),
        )[number % 4]()

    found = statuses(at_once(agent, send, times=12))
    assert set(found) <= {200, 201, 409} and found[200] == 1
    assert verification.verify().code == 0
    actions = Counter(e["action"] for e in agent.get(path(case, "events")).json["items"])
    assert actions["trip"] == agent.get(path(case)).json["trips"]
    assert actions["complete"] + actions["withdraw"] == 1


HEARING = {"reason": "hearing", "notice": "听证预计五个工作日"}


def test_one_of_many_suspensions_wins_and_one_of_many_resumptions(agent, at_once):
    case = accepted(agent)
    assert statuses(at_once(agent, lambda caller, _: caller.post(path(case, "suspensions"), HEARING))) == {
        201: 1, 409: 7,
    }
    end = path(case, "suspensions/current/end")
    found = statuses(at_once(agent, lambda caller, n: caller.put(end, {"mode": ("resume", "restart")[n % 2]})))
    assert found == {200: 1, 409: 7}
    assert [stop["n"] for stop in agent.get(path(case, "suspensions")).json["items"]] == [1]
    assert projections.wrong() == []


def test_one_of_many_extensions_and_one_of_many_reversals_wins(agent, township, at_once):
    case = accepted(agent)
    body = {"working_days": 5, "reason": "案情复杂"}
    assert statuses(at_once(township, lambda caller, _: caller.put(path(case, "extension"), body))) == {200: 1, 409: 7}
    agent.put(path(case, "completion"), {"outcome": "granted", "result": "已办"})
    found = at_once(township, lambda caller, _: caller.post(path(case, "reversals"), {"reason": "误操作"}))
    assert statuses(found) == {201: 1, 409: 7}
    assert agent.get(path(case)).json["state"] == "accepted"
    assert projections.wrong() == []


def test_a_suspension_and_a_completion_at_once_leave_one_of_both(agent, at_once):
    case = accepted(agent)

    def send(caller, number):
        if number % 2:
            return caller.put(path(case, "completion"), {"outcome": "granted", "result": "已办"})
        return caller.post(path(case, "suspensions"), HEARING)

    found = statuses(at_once(agent, send))
    assert found[200] + found[201] == 1 and found[409] == 7
    suspended = agent.get(path(case)).json["state"] == "suspended"
    assert len(agent.get(path(case, "suspensions")).json["items"]) == suspended


DONE = {"outcome": "granted", "result": "已办"}


def test_an_errand_is_forwarded_or_completed_and_never_both(agent, at_once):
    case = accepted(agent)
    etag = agent.get(path(case)).headers["ETag"]

    def send(caller, number):
        if number % 2:
            return caller.put(path(case, "completion"), DONE, etag=etag)
        return caller.post(path(case, "forwardings"), {"department_code": "MZ"})

    found = statuses(at_once(agent, send))
    assert found[409] + found[412] == 7 and found[200] + found[201] == 1
    assert projections.wrong() == []
    state = agent.get(path(case)).json["state"]
    assert len(agent.get(path(case, "forwardings")).json["items"]) == (state == "forwarded") == found[201]


def test_a_step_is_answered_once_or_recalled(agent, district_app, together):
    case = accepted(agent)
    agent.post(path(case, "forwardings"), {"department_code": "MZ"})
    handler = cast.sign_in(district_app.test_client(), cast.HANDLER)
    callers = [fresh(handler if number % 3 else agent, district_app) for number in range(9)]

    def send(number):
        if number % 3:
            return callers[number].put(path(case, "forwardings/1/answer"), {"decision": "grant"})
        return callers[number].put(path(case, "forwardings/1/recall"), {"reason": "转错"})

    assert statuses(together(send, 9)) == {200: 1, 409: 8}
    actions = [event["action"] for event in agent.get(path(case, "events")).json["items"]]
    assert actions[:3] == ["register", "accept", "forward"] and actions[3:] in (["answer"], ["recall"])
    assert projections.wrong() == []


def test_a_hand_over_is_taken_or_withdrawn_and_asked_once(agent, township, at_once, together, district_app):
    case, office = accepted(agent), township.get("/me").json["id"]
    body = {"to_account_id": office}
    assert statuses(at_once(agent, lambda caller, _: caller.post(path(case, "handovers"), body))) == {201: 1, 409: 7}
    callers = [fresh(township if number % 2 else agent, district_app) for number in range(8)]
    nouns = "withdrawal", "acceptance"
    found = together(lambda number: callers[number].put(path(case, f"handovers/1/{nouns[number % 2]}")), 8)
    told = statuses(found)
    assert told[200] == 1 and told[409] + told[403] == 7
    taken = agent.get(path(case, "handovers/1")).json["state"] == "accepted"
    assert (agent.get(path(case)).json["agent"]["id"] == office) == taken
    assert projections.wrong() == []
