"""An errand from the counter to the archive, over HTTP, by everyone who has a hand in it."""
import dataclasses
from datetime import date

import pytest

from backend.errands.rules import numbers
from tests import cast
from tests.cast import errand


def registered(agent, **changes):
    answer = agent.post("/errands", errand(**changes))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.json


def path(case, noun=""):
    return f"/errands/{case['id']}{'/' + noun if noun else ''}"


def accepted(agent, **changes):
    case = registered(agent, **changes)
    answer = agent.put(path(case, "acceptance"))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json


def completed(agent, **changes):
    case = accepted(agent, **changes)
    answer = agent.put(path(case, "completion"), {"outcome": "granted", "result": "批准临时救助2000元"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json


def test_an_agent_registers_accepts_works_completes_delivers_and_closes(agent, fixed_clock):
    case = registered(agent, note="本人行动不便")
    assert case["state"] == "registered"
    assert case["unit_code"] == cast.VILLAGE
    assert case["first_receiver"] == case["agent"]
    assert case["due_at"] is None
    assert case["resident"]["id_number"].count("*") == 16
    assert case["resident"]["phone"] == "138****1234"

    fixed_clock.advance(minutes=1)
    case = agent.put(path(case, "acceptance")).json
    assert case["due_at"] == "2026-02-28T17:30:00+08:00"
    assert case["state"] == "accepted"
    assert case["remaining_working_days"] == 7

    fixed_clock.set("2026-02-25 11:00")
    assert agent.post(path(case, "notes"), {"text": "已送民政窗口"}).status_code == 201
    assert agent.post(path(case, "trips"), {"made_on": "2026-02-25", "where": "乡镇便民中心"}).status_code == 201
    body = {"outcome": "granted", "result": "批准临时救助2000元"}
    assert agent.put(path(case, "completion"), body).json["outcome"] == "granted"
    body = {"method": "brought", "received_by": "王桂香"}
    assert agent.put(path(case, "delivery"), body).json["state"] == "delivered"
    closed = agent.put(path(case, "closing")).json
    assert closed["state"] == "closed"
    assert closed["trips"] == 1

    events = agent.get(path(case, "events")).json["items"]
    assert [event["action"] for event in events] == [
        "register", "accept", "note", "trip", "complete", "deliver", "close",
    ]
    assert {event["actor"]["name"] for event in events} == {"百花社区居委会代办员"}
    assert [event["seq"] for event in events] == sorted(event["seq"] for event in events)


def test_a_promise_of_five_days_accepted_before_the_spring_festival_is_due_after_it(agent):
    """Rules 1.2: accepted Thu 12 Feb 2026 10:00 with 5 WD → due Thu 26 Feb 17:30."""
    case = accepted(agent, item_code="GY-002", materials=[
        {"name": paper["name"], "received": True}
        for paper in agent.get("/items/GY-002").json["materials"]
    ])
    assert case["due_at"] == "2026-02-26T17:30:00+08:00"
    clock = agent.get(path(case, "clock")).json
    assert [day["date"] for day in clock["days"] if day["counted"]] == [
        "2026-02-13", "2026-02-14", "2026-02-24", "2026-02-25", "2026-02-26",
    ]


@pytest.mark.parametrize("noun", ["", "events", "clock", "notes"])
def test_a_neighbours_agent_gets_the_answer_of_an_absent_errand(agent, neighbour, noun):
    case = registered(agent)
    foreign = neighbour.get(path(case, noun))
    absent = neighbour.get(path({"id": "0190aaaa-0000-7000-8000-000000000000"}, noun))
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json | {"instance": ""} == absent.json | {"instance": ""}


@pytest.mark.parametrize(("noun", "body"), [
    ("acceptance", None), ("completion", {"outcome": "granted", "result": "好"}),
    ("delivery", {"method": "brought", "received_by": "王"}), ("closing", None), ("withdrawal", {}),
    ("declination", {"reason": "不符", "referral": {"where": "民政局", "phone": "84110001", "bring": []}}),
])
def test_a_neighbours_agent_cannot_move_a_foreign_errand(agent, neighbour, noun, body):
    case = registered(agent)
    assert neighbour.put(path(case, noun), body).status_code == 404
    assert agent.get(path(case)).json["state"] == "registered"


def test_another_account_of_the_unit_sees_the_errand_but_does_not_move_it(agent, operator, township):
    case = registered(township, unit_code=cast.VILLAGE)
    assert case["agent"]["name"] == "百花社区居委会代办员"
    assert case["first_receiver"]["name"] == "东城街道管理员"
    assert operator.get(path(case)).status_code == 404
    assert agent.put(path(case, "acceptance")).status_code == 200
    assert township.put(path(case, "completion"), {"outcome": "advised", "result": "已答复"}).status_code == 200


def test_only_who_reaches_the_errand_can_be_named_to_answer_for_it(agent, neighbour, operator, township):
    village, office = agent.get("/me").json["id"], township.get("/me").json["id"]
    refused = operator.post("/errands", errand(agent_id=village))
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["agent_id"])
    other = neighbour.get("/me").json["id"]
    assert township.post("/errands", errand(unit_code=cast.VILLAGE, agent_id=other)).status_code == 422
    for account, caller in ((village, agent), (office, township)):
        case = registered(township, unit_code=cast.VILLAGE, agent_id=account)
        assert case["agent"]["id"] == account
        assert caller.put(path(case, "acceptance")).status_code == 200


def test_an_errand_is_declined_only_with_a_reason_and_a_referral(agent):
    case = registered(agent)
    refused = agent.put(path(case, "declination"), {"reason": "不属于本区受理"})
    assert refused.status_code == 422
    assert refused.json["errors"] == {"referral": ["必填"]}
    referral = {"where": "临海市民政局", "phone": "0576-85111111", "bring": ["户口簿"]}
    declined = agent.put(path(case, "declination"), {"reason": "不属于本区受理", "referral": referral})
    assert declined.json["state"] == "declined"
    assert declined.json["referral"] == referral


def test_a_wrong_transition_names_the_state_and_what_is_possible(agent):
    case = registered(agent)
    refused = agent.put(path(case, "delivery"), {"method": "brought", "received_by": "王"})
    assert refused.status_code == 409
    assert refused.json["state"] == "registered"
    assert refused.json["possible"] == ["accept", "supplement", "decline", "withdraw"]


def test_missing_papers_keep_an_errand_from_acceptance_until_they_are_there(agent):
    case = registered(agent, materials=[{"name": "申请书", "received": True}])
    refused = agent.put(path(case, "acceptance"))
    assert refused.status_code == 409
    assert refused.json["missing"] == ["户口簿", "身份证", "困难情形证明"]
    laid = [{"name": name, "received": True} for name in refused.json["missing"]]
    assert agent.put(path(case, "materials"), {"materials": laid}).status_code == 200
    assert agent.put(path(case, "acceptance")).status_code == 200


def test_a_village_hands_in_what_only_the_township_accepts(agent, township):
    item = next(i for i in agent.get("/items?limit=200").json["items"] if i["intake_levels"] == ["township"])
    papers = [{"name": paper["name"], "received": True} for paper in item["materials"]]
    case = registered(agent, item_code=item["code"], materials=papers)
    assert agent.put(path(case, "acceptance")).json["type"] == "/problems/hand-in-needed"
    assert township.put(path(case, "acceptance")).status_code == 200


@pytest.mark.parametrize("changes", [
    {}, {"note": "腿脚不便"}, {"quantity": 3}, {"claimed_at": "2026-02-12T09:58:00+08:00"}, {"materials": []},
    {"resident": {"name": "王桂香", "id_number": cast.id_number(7)}}, {"item_code": "GT-002", "materials": []},
])
def test_a_registration_answers_what_reading_it_answers(agent, operator, township, changes):
    """It is shown as it was written, not read back: both must say the same, of a new resident and of a known one."""
    for caller in (agent, agent, township):
        answer = caller.post("/errands", cast.errand(unit_code=cast.VILLAGE, **changes))
        assert answer.status_code == 201, answer.get_data(as_text=True)
        assert answer.json == caller.get(path(answer.json)).json
    assert operator.get(path(answer.json)).status_code == 404


FEE = "RS-005"
"""社保卡补领: a village takes it in, and it costs something."""


def charged(agent):
    item = agent.get(f"/items/{FEE}").json
    papers = [{"name": paper["name"], "received": True} for paper in item["materials"]]
    return accepted(agent, item_code=FEE, materials=papers), item["fee"]["charged_fen"]


def test_payments_stop_at_the_published_charge(agent):
    case, fee = charged(agent)
    assert agent.post(path(case, "payments"), {"amount_fen": fee}).status_code == 201
    assert agent.post(path(case, "payments"), {"amount_fen": 1}).json["type"] == "/problems/above-charge"


def test_a_departments_fee_is_paid_while_the_errand_lies_there(agent):
    case, fee = charged(agent)
    agent.post(path(case, "forwardings"), {"department_code": "RS"})
    assert agent.post(path(case, "payments"), {"amount_fen": fee}).status_code == 201
    assert agent.get(path(case)).json["state"] == "forwarded"


def test_a_posted_result_is_closed_only_after_the_resident_was_reached(agent):
    case = completed(agent)
    agent.put(path(case, "delivery"), {"method": "posted", "received_by": "王桂香"})
    assert agent.put(path(case, "closing")).json["type"] == "/problems/resident-not-told"
    task = agent.get("/call-tasks").json["items"][0]
    assert agent.put(f"/call-tasks/{task['id']}/outcome", {"reached": False}).json["state"] == "open"
    assert agent.put(path(case, "closing")).status_code == 409
    assert agent.put(f"/call-tasks/{task['id']}/outcome", {"reached": True}).json["state"] == "done"
    assert agent.put(path(case, "closing")).status_code == 200


def test_the_resident_follows_her_errand_by_number_and_four_digits(agent, stranger):
    case = completed(agent)
    for digits in ({"phone_last4": "1234"}, {"id_last4": cast.id_number(1)[-4:]}):
        answer = stranger.post("/progress", {"number": case["number"], **digits})
        assert answer.status_code == 200
        assert answer.json["state"] == "completed"
        assert [step["what"] for step in answer.json["steps"]] == ["登记", "受理", "办结"]
    wrong = stranger.post("/progress", {"number": case["number"], "phone_last4": "9999"})
    absent = stranger.post("/progress", {"number": "001001-260212-9999-1", "phone_last4": "1234"})
    assert wrong.status_code == absent.status_code == 404
    assert wrong.data == absent.data


def test_guessing_digits_is_slowed_down(agent, stranger):
    case = registered(agent)
    answers = [
        stranger.post("/progress", {"number": case["number"], "phone_last4": f"{n:04d}"}) for n in range(12)
    ]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_repeated_registration_gives_the_same_errand_once(agent):
    body = errand()
    first = agent.post("/errands", body, key="phone-0001-aaaa")
    second = agent.post("/errands", body, key="phone-0001-aaaa")
    assert second.status_code == 201
    assert second.json["id"] == first.json["id"]
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Ledger-Receipt"] == first.headers["Ledger-Receipt"]
    assert len(agent.get("/errands").json["items"]) == 1
    other = agent.post("/errands", body | {"note": "另一件"}, key="phone-0001-aaaa")
    assert other.json["type"] == "/problems/idempotency-key-reused"


def test_a_transition_repeated_with_its_key_answers_as_the_first_whatever_the_etag(agent):
    case = registered(agent)
    etag = agent.get(path(case)).headers["ETag"]
    key = {"Idempotency-Key": "accept-0001"}
    first = agent.put(path(case, "acceptance"), etag=etag, headers=key)
    again = agent.put(path(case, "acceptance"), etag=etag, headers=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert agent.put(path(case, "acceptance"), etag=etag).status_code == 409


def test_a_stale_etag_is_refused_and_a_missing_one_too(agent):
    case = registered(agent)
    body = {"given_by": "witness", "expires_on": "2026-11-30"}
    etag = agent.get(path(case)).headers["ETag"]
    assert agent.put(path(case, "mandate"), body, etag=etag).status_code == 200
    assert agent.put(path(case, "mandate"), body, etag=etag).status_code == 412
    assert agent.put(path(case, "mandate"), body, etag=None).status_code == 428


@pytest.mark.parametrize("role", ["office", "supervisor", "admin", "project-agent", cast.HANDLER])
def test_who_reads_errands_and_who_does_not(agent, district_app, role):
    """Rules 12."""
    case = registered(agent)
    caller = cast.sign_in(district_app.test_client(), role)
    expected = {"project-agent": 403, cast.HANDLER: 404}.get(role, 200)
    assert caller.get(path(case)).status_code == expected
    assert caller.post("/errands", errand()).status_code == 403


@pytest.mark.parametrize(("changes", "field"), [
    ({"item_code": "XX-999"}, "item_code"),
    ({"unit_code": cast.NEIGHBOUR}, "unit_code"),
    ({"unit_code": "331003999999"}, "unit_code"),
    ({"mandate": {"given_by": "signature", "expires_on": "2026-02-11"}}, "mandate.expires_on"),
    ({"mandate": {"given_by": "signature"}}, "mandate.expires_on"),
    ({"materials": [{"name": "不存在的材料", "received": True}]}, "materials"),
    ({"channel": "pigeon"}, "channel"),
    ({"resident": {"name": "王", "id_number": "331003195003070010"}}, "resident.id_number"),
    ({"resident": {"name": "王", "id_number": cast.id_number(1), "phone": "123"}}, "resident.phone"),
    ({"resident_id": "0190aaaa-0000-7000-8000-000000000000", "resident": None}, "resident"),
    ({"agent_id": "0190aaaa-0000-7000-8000-000000000000"}, "agent_id"),
    ({"claimed_at": "2026-02-12"}, "claimed_at"),
    ({"quantity": True}, "quantity"),
    ({"surprise": 1}, "surprise"),
])
@pytest.mark.one_engine
def test_bad_input_names_its_field_and_writes_nothing(agent, changes, field):
    refused = agent.post("/errands", errand(**changes))
    assert refused.status_code == 422, refused.get_data(as_text=True)
    assert field in refused.json["errors"]
    assert agent.get("/errands?state=all").json["items"] == []


def test_null_is_no_empty_body(agent):
    case = registered(agent)
    answer = agent.put(path(case, "acceptance"), data="null", content_type="application/json")
    assert answer.status_code == 422
    assert agent.put(path(case, "acceptance")).status_code == 200


def test_behind_a_proxy_one_guesser_does_not_lock_out_the_others(district_app, stranger):
    doors = district_app.extensions["daiban"]
    settings = dataclasses.replace(doors.settings, proxies=1)
    district_app.extensions["daiban"] = dataclasses.replace(doors, settings=settings)

    def ask(address, number):
        body = {"number": numbers.number(cast.VILLAGE, date(2026, 2, 11), number), "phone_last4": "0000"}
        return stranger.post("/progress", body, headers={"X-Forwarded-For": address}).status_code

    assert {ask("203.0.113.7", number) for number in range(1, 61)} == {404}
    assert ask("203.0.113.7", 61) == 429
    assert ask("203.0.113.8", 62) == 404
