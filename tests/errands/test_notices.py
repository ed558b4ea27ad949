"""The one-time notice: everything that is missing, once, in time (Administrative Licensing Law art. 32)."""
from collections import Counter

import pytest

from backend.clocks import queries as calendars
from backend.core import clock, sql
from backend.core.actor import system
from backend.core.problems import Invalid
from backend.errands.jobs import following, silence
from backend.errands.rules import notices
from tests import cast
from tests.conftest import START
from tests.errands import projections
from tests.errands.test_races import fresh
from tests.errands.test_story import path, registered

PART = {"materials": [{"name": "申请书", "received": True}, {"name": "身份证", "received": True}]}
MISSING = [{"name": "户口簿"}, {"name": "困难情形证明", "note": "村里开具"}]
SILENCE = "2026-02-26 17:30"
"""5 working days after Thu 12 Feb 2026: 13, 14 (make-up), 24, 25, 26 Feb."""


def tell(caller, case, missing=MISSING, **more):
    return caller.post(path(case, "supplement-notices"), {"missing": missing} | more)


def job(fixed_clock):
    return silence.accept_in_silence(actor=system("accept-in-silence"), now=fixed_clock.now())


def kinds(caller, case):
    return [event["action"] for event in caller.get(path(case, "events")).json["items"]]


def paper(name, *, there=False, required=True, until=None):
    return {"name": name, "received_at": START if there else None, "required": required, "deferred_until_on": until}


TODAY = clock.local_date(START)
PAPERS = [
    paper("甲"), paper("乙", there=True), paper("丙", required=False), paper("丁", until=TODAY),
    paper("戊", until=TODAY.replace(day=11)),
]


@pytest.mark.parametrize(("told", "fault"), [
    (("甲", "戊"), None), (("戊", "甲"), None), (("甲", "戊", ("乙", "缺页")), None),
    (("甲", "戊", ("己", "另附")), None), (("甲", "戊", ("丙", "如有")), None),
    (("甲",), "戊"), (("戊",), "甲"), ((("乙", "缺页"),), "甲、戊"),
    (("甲", "戊", "乙"), "乙"), (("甲", "戊", "丁"), "丁"), (("甲", "戊", "甲"), "两次"),
])
def test_a_notice_names_all_that_is_missing_and_says_of_the_rest_why(told, fault):
    named = [{"name": name} if isinstance(name, str) else {"name": name[0], "note": name[1]} for name in told]
    if fault is None:
        notices.check_missing(named, PAPERS, TODAY)
        return
    with pytest.raises(Invalid) as refused:
        notices.check_missing(named, PAPERS, TODAY)
    assert fault in refused.value.errors["missing"][0].zh


@pytest.mark.parametrize(("state", "late", "silent", "accepted"), [
    ("registered", -1, False, False), ("registered", 0, False, True), ("registered", 1, True, True),
    ("awaiting_materials", 1, False, False), ("accepted", 1, False, False),
])
def test_at_the_very_moment_both_are_in_time(state, late, silent, accepted):
    at = clock.to_micros(START)
    now = clock.from_micros(at + late)
    assert notices.is_silent(state, START, now) is silent
    assert notices.counts_as_accepted(state, START, now) is accepted
    assert not notices.is_silent(state, None, now) and not notices.counts_as_accepted(state, None, now)


def test_a_notice_is_numbered_kept_and_shown_with_the_errand_it_changed(agent, fixed_clock):
    case = registered(agent, **PART)
    fixed_clock.set("2026-02-26 17:30")
    answer = tell(agent, case)
    assert answer.status_code == 201, answer.json
    made = answer.json["notice"]
    assert answer.json["state"] == "awaiting_materials" and answer.json["version"] == 2
    assert answer.headers["ETag"].startswith('"2-')
    assert made["number"] == f"{case['number']}-B1" and made["n"] == 1
    assert made["missing"] == [{"name": "户口簿", "note": None}, {"name": "困难情形证明", "note": "村里开具"}]
    assert agent.get(path(case, "supplement-notices")).json["items"] == [made]
    assert agent.get(path(case, "supplement-notices/1")).json == made
    assert agent.get(path(case, "supplement-notices/2")).status_code == 404
    event = agent.get(path(case, "events")).json["items"][-1]
    assert (event["action"], event["detail"]["number"]) == ("supplement", made["number"])


def test_a_notice_that_leaves_something_out_is_refused_naming_it(agent):
    case = registered(agent, **PART)
    refused = tell(agent, case, [{"name": "户口簿"}])
    assert refused.status_code == 422 and "困难情形证明" in refused.json["errors"]["missing"][0]
    assert agent.get(path(case)).json["state"] == "registered"


def test_told_in_time_the_case_waits_and_silence_accepts_it_no_more(agent, fixed_clock):
    case = registered(agent, **PART)
    tell(agent, case)
    fixed_clock.set("2026-03-10 09:00")
    assert job(fixed_clock) == 0
    assert agent.put(path(case, "materials"), {"materials": [
        {"name": "户口簿", "received": True}, {"name": "困难情形证明", "received": True}]}).status_code == 200
    assert agent.put(path(case, "acceptance")).json["accepted_at"] == "2026-03-10T09:00:00+08:00"


def test_a_second_notice_needs_a_legal_basis_and_is_a_finding_on_who_issues_it(agent, township, fixed_clock):
    case = registered(agent, **PART)
    tell(agent, case, legal_basis="无妨")
    refused = tell(township, case)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/second-notice")
    basis = "《社会救助暂行办法》第四十八条"
    second = tell(township, case, legal_basis=basis)
    assert second.status_code == 201 and second.json["notice"]["number"].endswith("-B2")
    found = township.get("/findings").json["items"]
    assert [(one["kind"], one["officer"], one["basis"]) for one in found] == [
        ("second_notice", second.json["notice"]["by"], basis)
    ]
    assert found[0]["officer"]["id"] == township.get("/me").json["id"]


def test_a_notice_may_hold_an_if_match_and_a_repeat_makes_no_second(agent):
    case = registered(agent, **PART)
    stale = agent.post(path(case, "supplement-notices"), {"missing": MISSING}, headers={"If-Match": '"7-0"'})
    assert stale.status_code == 412
    first = agent.post(path(case, "supplement-notices"), {"missing": MISSING}, key="notice-key-1")
    again = agent.post(path(case, "supplement-notices"), {"missing": MISSING}, key="notice-key-1")
    assert (first.status_code, again.status_code, first.json) == (201, 201, again.json)
    assert len(agent.get(path(case, "supplement-notices")).json["items"]) == 1


@pytest.mark.parametrize("noun", ["acceptance", "withdrawal"])
def test_after_acceptance_or_withdrawal_there_is_nothing_to_tell(agent, noun):
    case = registered(agent)
    agent.put(path(case, noun), None)
    refused = tell(agent, case, [{"name": "户口簿", "note": "缺页"}])
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/illegal-move")


def test_only_who_answers_or_the_township_tells_and_a_stranger_finds_nothing(agent, neighbour, township):
    case = registered(agent, **PART)
    assert tell(neighbour, case).status_code == 404
    named = registered(township, unit_code=cast.VILLAGE, agent_id=township.get("/me").json["id"], **PART)
    assert tell(agent, named).json["type"] == "/problems/not-your-errand"
    assert tell(township, case).status_code == 201


def test_silence_accepts_as_of_receipt_once_with_both_moments_and_a_finding(agent, township, fixed_clock):
    """Rules 3.4: 7 WD run from Thu 12 Feb, whenever the job looks."""
    case = registered(agent, **PART)
    fixed_clock.set("2026-02-26 17:29")
    assert job(fixed_clock) == 0
    fixed_clock.set("2026-03-09 03:00")
    assert [job(fixed_clock), job(fixed_clock)] == [1, 0]
    now = agent.get(path(case)).json
    assert (now["state"], now["accepted_at"], now["due_at"], now["light"]) == (
        "accepted", case["received_at"], "2026-02-28T17:30:00+08:00", "red"
    )
    event = agent.get(path(case, "events")).json["items"][-1]
    assert event["action"] == "accept_by_silence" and event["off_hours"] is False
    assert event["happened_at"] == event["detail"]["effective_at"] == "2026-02-26T17:30:00+08:00"
    assert event["recorded_at"] == event["detail"]["detected_at"] == "2026-03-09T03:00:00+08:00"
    (found,) = township.get("/findings").json["items"]
    assert (found["kind"], found["officer"], found["made_at"]) == (
        "no_one_time_notice", case["agent"], "2026-02-26T17:30:00+08:00"
    )
    assert projections.wrong() == []
    clocks = sql.rows("SELECT kind, started_at FROM clock WHERE subject_id = ?", (case["id"],))
    assert [(row["kind"], clock.wire(row["started_at"])) for row in clocks] == [("promise", case["received_at"])]
    steps = agent.post("/progress", {"number": case["number"], "phone_last4": "1234"}).json["steps"]
    assert steps[-1]["what"].startswith("逾期未一次性告知")


def test_exactly_at_the_moment_a_notice_is_in_time_and_the_job_decides(agent, fixed_clock):
    told, silent = registered(agent, **PART), registered(agent, **PART)
    fixed_clock.set(SILENCE)
    assert tell(agent, told).status_code == 201
    assert job(fixed_clock) == 1
    assert agent.get(path(silent)).json["state"] == "accepted"
    assert tell(agent, silent).json["type"] == "/problems/illegal-move"


@pytest.mark.parametrize("noun", ["supplement-notices", "declination"])
def test_after_the_moment_nothing_is_told_or_declined_even_before_the_job_has_looked(agent, fixed_clock, noun):
    case = registered(agent, **PART)
    fixed_clock.set("2026-02-26 17:31")
    decline = {"reason": "不符", "referral": {"where": "市", "phone": "1", "bring": []}}
    refused = tell(agent, case) if noun == "supplement-notices" else agent.put(path(case, noun), decline)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/counts-as-accepted")


def test_accepting_after_the_moment_says_what_the_law_says_already(agent, township, fixed_clock):
    case = registered(agent, **PART)
    fixed_clock.set("2026-02-27 09:00")
    now = agent.put(path(case, "acceptance")).json
    assert (now["state"], now["accepted_at"]) == ("accepted", case["received_at"])
    assert job(fixed_clock) == 0
    assert kinds(agent, case) == ["register", "accept_by_silence"]
    assert len(township.get("/findings").json["items"]) == 1


def test_a_closure_moves_the_silence_and_the_job_looks_at_the_calendar_itself(agent, admin, fixed_clock):
    case = registered(agent, **PART)
    closure = {"date": "2026-02-25", "unit_code": cast.TOWNSHIP, "reason": "台风停工"}
    assert admin.post("/calendar/closures", closure).status_code == 201
    fixed_clock.set("2026-02-26 18:00")
    assert job(fixed_clock) == 0
    following.reproject(actor=system("reproject-errands"), now=fixed_clock.now())
    assert tell(agent, case).status_code == 201
    assert calendars.present().closed(cast.VILLAGE)


def test_a_notice_and_the_job_at_the_same_moment_leave_one_of_the_two(agent, together, district_app, fixed_clock):
    """Whoever comes first wins, on both engines; nothing is doubled."""
    cases = [registered(agent, **PART) for _ in range(3)]
    fixed_clock.set(SILENCE)
    callers = [fresh(agent, district_app) for _ in range(6)]

    def work(number):
        if number % 2:
            return job(fixed_clock)
        return [tell(callers[number], case).status_code for case in cases]

    answers = together(work, 6)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    accepted = sum(answer for answer in answers if isinstance(answer, int))
    told = Counter(status for answer in answers if isinstance(answer, list) for status in answer)
    assert accepted + told[201] == 3 and set(told) <= {201, 409}
    findings = sql.value("SELECT count(*) FROM finding")
    assert findings == accepted == sql.value("SELECT count(*) FROM clock")
    for case in cases:
        assert kinds(agent, case) in (["register", "supplement"], ["register", "accept_by_silence"])


def test_three_schedulers_accept_each_errand_once(agent, together, fixed_clock):
    cases = [registered(agent, **PART) for _ in range(4)]
    fixed_clock.set("2026-03-02 09:00")
    answers = together(lambda _: job(fixed_clock), 3)
    assert sum(answers) == 4
    assert all(kinds(agent, case) == ["register", "accept_by_silence"] for case in cases)
    assert sql.value("SELECT count(*) FROM finding") == 4
