"""Papers: what an errand was accepted upon stays, what is deferred is deferred properly; mandates."""
from io import BytesIO

import pytest

from backend.core import sql
from tests import cast
from tests.cast import errand
from tests.files.samples import PDF

LATER = "2026-02-20"


def upload(caller):
    answer = caller.client.post(
        "/api/v1/files", data={"file": (BytesIO(PDF), "paper.pdf")},
        headers={"Authorization": f"Bearer {caller.token}", "Idempotency-Key": f"file-{caller.token[:20]}"},
    )
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.json["id"]


@pytest.fixture
def case(agent):
    """银龄卡 and the like: RS-002 (promise, 11 WD), whose 银行卡 may come later."""
    papers = [{"name": name, "received": True} for name in ("身份证", "户口簿")]
    return agent.post("/errands", errand(item_code="RS-002", materials=papers)).json


def path(case, noun):
    return f"/errands/{case['id']}/{noun}"


def lay(caller, case, name="银行卡", received=False, **more):
    return caller.put(path(case, "materials"), {"materials": [{"name": name, "received": received} | more]})


def field(answer):
    assert answer.status_code == 422, answer.get_data(as_text=True)
    return list(answer.json["errors"])


def test_a_deferred_paper_lets_the_errand_be_accepted_but_not_completed(agent, case):
    """Rules 3.5."""
    done = {"outcome": "granted", "result": "已办"}
    assert lay(agent, case, deferred_until=LATER, undertaking_file=upload(agent)).status_code == 200
    assert agent.put(path(case, "acceptance")).status_code == 200
    assert agent.put(path(case, "completion"), done).json["type"] == "/problems/deferred-open"
    assert lay(agent, case, received=True).status_code == 200
    assert agent.put(path(case, "completion"), done).status_code == 200


def test_a_deferral_that_has_lapsed_is_a_missing_paper(agent, case, fixed_clock):
    assert lay(agent, case, deferred_until="2026-02-13", undertaking_file=upload(agent)).status_code == 200
    fixed_clock.set("2026-02-14 09:00")
    refused = agent.put(path(case, "acceptance"))
    assert refused.status_code == 409
    assert refused.json["missing"] == ["银行卡"]


def test_what_was_deferred_stays_owed_after_acceptance(agent, case):
    """Rules 3.5: no way round the undertaking but the paper itself; its day may be moved within the limit."""
    file_id = upload(agent)
    lay(agent, case, deferred_until=LATER, undertaking_file=file_id)
    assert agent.put(path(case, "acceptance")).status_code == 200
    assert field(lay(agent, case)) == ["materials"]
    assert lay(agent, case, deferred_until="2026-02-25", undertaking_file=file_id).status_code == 200
    done = {"outcome": "granted", "result": "已办"}
    assert agent.put(path(case, "completion"), done).json["type"] == "/problems/deferred-open"


@pytest.mark.parametrize("state", ["suspended", "forwarded"])
def test_a_deferred_paper_is_received_wherever_the_errand_is(agent, case, state, fixed_clock):
    lay(agent, case, deferred_until=LATER, undertaking_file=upload(agent))
    agent.put(path(case, "acceptance"))
    sql.execute("UPDATE errand SET state = ? WHERE id = ?", (state, case["id"]))
    shown = lay(agent, case, received=True).json["materials"][-1]
    assert (shown["name"], shown["received"], shown["deferred_until"]) == ("银行卡", True, None)


def test_a_deferral_that_ran_out_shows(agent, case, fixed_clock):
    lay(agent, case, deferred_until="2026-02-13", undertaking_file=upload(agent))
    agent.put(path(case, "acceptance"))
    for moment, lapsed in (("2026-02-13 23:59", False), ("2026-02-14 00:00", True)):
        fixed_clock.set(moment)
        papers = agent.get(f"/errands/{case['id']}").json["materials"]
        assert [paper["name"] for paper in papers if paper["lapsed"]] == ["银行卡"] * lapsed
    assert lay(agent, case, received=True).json["materials"][-1]["lapsed"] is False


@pytest.mark.parametrize("until", ["2026-02-11", "2026-03-06", "1999-01-01"])
def test_a_paper_is_deferred_from_today_to_the_promised_limit(agent, case, until):
    assert field(lay(agent, case, deferred_until=until, undertaking_file=upload(agent))) == ["deferred_until"]


def test_an_undertaking_of_another_unit_is_as_one_that_is_not_there(agent, neighbour, case):
    foreign = upload(neighbour)
    for more in ({"deferred_until": LATER}, {"received": True}, {}):
        there = lay(agent, case, undertaking_file=foreign, **more)
        absent = lay(agent, case, undertaking_file="0190aaaa-0000-7000-8000-000000000000", **more)
        assert field(there) == ["undertaking_file"]
        assert there.data == absent.data
    mandate = {"given_by": "signature", "expires_on": "2026-12-31"}
    assert field(agent.put(path(case, "mandate"), mandate | {"file_id": foreign})) == ["file_id"]


def test_after_acceptance_no_paper_is_taken_back(agent, case):
    assert lay(agent, case, received=True).status_code == 200
    assert lay(agent, case, received=False).status_code == 200
    assert lay(agent, case, received=True).status_code == 200
    assert agent.put(path(case, "acceptance")).status_code == 200
    assert field(lay(agent, case, received=False)) == ["materials"]
    assert field(lay(agent, case, name="身份证")) == ["materials"]
    assert all(paper["received"] for paper in agent.get(f"/errands/{case['id']}").json["materials"])


def expired(agent, fixed_clock, *nouns):
    given = {"given_by": "witness", "expires_on": "2026-02-12"}
    case = agent.post("/errands", errand(mandate=given)).json
    for noun in nouns:
        assert agent.put(path(case, noun), BODIES.get(noun)).status_code == 200
    fixed_clock.set("2026-02-13 09:00")
    return case


BODIES = {
    "completion": {"outcome": "granted", "result": "已办"},
    "delivery": {"method": "brought", "received_by": "王桂香"},
    "declination": {"reason": "不属本区", "referral": {"where": "临海市", "phone": "85111111", "bring": []}},
    "materials": {"materials": [{"name": "申请书", "received": True}]},
    "withdrawal": {},
}


@pytest.mark.parametrize(("before", "noun"), [
    ((), "acceptance"), ((), "materials"), (("acceptance",), "completion"), (("acceptance",), "materials"),
])
def test_nothing_is_done_in_her_name_once_the_mandate_has_run_out(agent, fixed_clock, before, noun):
    """Rules 3.3: outside the mandate 403, whatever the ETag; renewed, it goes on."""
    case = expired(agent, fixed_clock, *before)
    for etag in ("*", '"999-0"'):
        refused = agent.put(path(case, noun), BODIES.get(noun), etag=etag)
        assert (refused.status_code, refused.json["type"]) == (403, "/problems/mandate-expired")
    renewed = {"given_by": "voice", "expires_on": "2026-06-30"}
    assert agent.put(path(case, "mandate"), renewed).status_code == 200
    assert agent.put(path(case, noun), BODIES.get(noun)).status_code == 200


@pytest.mark.parametrize(("before", "noun"), [
    ((), "declination"), ((), "withdrawal"), (("acceptance", "completion"), "delivery"),
    (("acceptance", "completion", "delivery"), "closing"),
])
def test_what_ends_an_errand_or_brings_it_home_needs_no_mandate(agent, fixed_clock, before, noun):
    case = expired(agent, fixed_clock, *before)
    assert agent.put(path(case, noun), BODIES.get(noun)).status_code == 200


def test_nothing_is_paid_under_a_mandate_that_has_run_out(agent, fixed_clock):
    case = expired(agent, fixed_clock, "acceptance")
    assert agent.post(path(case, "payments"), {"amount_fen": 1}).json["type"] == "/problems/mandate-expired"
    assert agent.post(path(case, "notes"), {"text": "已提醒续期"}).status_code == 201


@pytest.mark.parametrize("who", [cast.NEIGHBOUR_AGENT, cast.OPERATOR, cast.FAR_OFFICE, "supervisor"])
def test_nobody_is_named_to_answer_for_an_errand_that_he_cannot_see(agent, township, district_app, who):
    """Rules 3.2; an agent of a village does not see what lies at the township, nor the other way round."""
    named = cast.sign_in(district_app.test_client(), who).get("/me").json["id"]
    absent = township.post("/errands", errand(unit_code=cast.VILLAGE, agent_id="0190aaaa-0000-7000-8000-0"))
    refused = township.post("/errands", errand(unit_code=cast.VILLAGE, agent_id=named))
    assert field(refused) == ["agent_id"]
    assert refused.data == absent.data
    of_village = agent.get("/me").json["id"]
    assert field(township.post("/errands", errand(agent_id=of_village))) == ["agent_id"]
    office = township.get("/me").json["id"]
    assert township.post("/errands", errand(unit_code=cast.VILLAGE, agent_id=office)).status_code == 201


def test_while_the_clock_stands_a_deferral_may_go_to_the_limit_that_is_left_and_no_further(agent, case, fixed_clock):
    """Rules 3.5: of 11 WD from 12 February 7 are used on 2 March; resumed on the 4th, 4 more end on the 10th."""
    lay(agent, case, deferred_until=LATER, undertaking_file=upload(agent))
    agent.put(path(case, "acceptance"))
    fixed_clock.set("2026-03-02 09:00")
    agent = cast.sign_in(agent.client, cast.AGENT)
    assert agent.post(path(case, "suspensions"), {"reason": "testing", "notice": "送检"}).status_code == 201
    fixed_clock.set("2026-03-04 09:00")
    agent = cast.sign_in(agent.client, cast.AGENT)
    file_id = upload(agent)
    assert field(lay(agent, case, deferred_until="2026-03-11", undertaking_file=file_id)) == ["deferred_until"]
    assert lay(agent, case, deferred_until="2026-03-10", undertaking_file=file_id).status_code == 200
    assert agent.put(path(case, "suspensions/current/end"), {"mode": "resume"}).json["due_at"].startswith("2026-03-10")
