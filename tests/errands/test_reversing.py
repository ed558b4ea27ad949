"""The township takes a mistaken step back before delivery, as a new fact (rules 3.1)."""
import pytest

from backend.clocks.actions import running as clocks
from backend.core import clock, sql
from backend.core.actor import system
from backend.core.transaction import transaction
from backend.errands.jobs import following
from tests import cast
from tests.errands import projections
from tests.errands.test_stopping import extend, reason_of, resume, suspend
from tests.errands.test_story import accepted, completed, path, registered

REFERRAL = {"where": "临海市民政局", "phone": "85111111", "bring": []}
STEPS = {
    "accept": ((), "acceptance", None),
    "decline": ((), "declination", {"reason": "不属本区", "referral": REFERRAL}),
    "withdraw": ((), "withdrawal", {"reason": "不办了"}),
    "withdraw later": (("acceptance",), "withdrawal", {}),
    "complete": (("acceptance",), "completion", {"outcome": "refused", "result": "不予", "reason": "超标"}),
}
CHANGING = ("version",)


def reverse(caller, case, reason="误操作", **more):
    return caller.post(path(case, "reversals"), {"reason": reason}, **more)


def shown(case):
    return {name: value for name, value in case.items() if name not in CHANGING}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_taken_back_leaves_the_errand_as_it_was_and_the_history_whole(
    agent, township, fixed_clock, step, stranger
):
    before, noun, body = STEPS[step]
    case = registered(agent)
    for earlier in before:
        agent.put(path(case, earlier))
    was = agent.get(path(case)).json
    fixed_clock.advance(hours=1)
    assert agent.put(path(case, noun), body).status_code == 200
    fixed_clock.advance(hours=1)
    answer = reverse(township, case)
    assert answer.status_code == 201, answer.text
    assert shown(answer.json) == shown(was)
    assert projections.wrong() == []
    events = agent.get(path(case, "events")).json["items"]
    assert [event["action"] for event in events][-2:] == [step.split()[0], "reverse"]
    assert events[-1]["detail"]["step"] == step.split()[0] and events[-1]["detail"]["reason"] == "误操作"
    steps = stranger.post("/progress", {"number": case["number"], "phone_last4": "1234"}).json["steps"]
    assert steps[-1]["what"] == "撤销上一步（更正）"
    assert agent.put(path(case, noun), body).status_code == 200
    assert projections.wrong() == []


@pytest.mark.parametrize("step", STEPS)
def test_a_second_reversal_without_a_new_move_is_refused(agent, township, step):
    before, noun, body = STEPS[step]
    case = registered(agent)
    for earlier in before:
        agent.put(path(case, earlier))
    agent.put(path(case, noun), body)
    assert reverse(township, case).status_code == 201
    assert reason_of(reverse(township, case)) == (409, "nothing-to-reverse" if before else "illegal-move")


def test_only_the_township_takes_back_and_not_after_delivery(agent, operator, township, district_app):
    case = completed(agent)
    for caller in (agent, operator):
        assert reverse(caller, case).status_code == 403
    far = cast.sign_in(district_app.test_client(), cast.FAR_OFFICE)
    assert reverse(far, case).status_code == 404
    agent.put(path(case, "delivery"), {"method": "brought", "received_by": "本人"})
    assert reason_of(reverse(township, case)) == (409, "illegal-move")
    agent.put(path(case, "closing"))
    assert reason_of(reverse(township, case)) == (409, "illegal-move")


def test_a_resumed_errand_has_no_step_to_take_back_and_an_extended_one_has(agent, township):
    case = accepted(agent)
    suspend(agent, case)
    resume(agent, case)
    assert reason_of(reverse(township, case)) == (409, "nothing-to-reverse")
    case = accepted(agent)
    extend(township, case)
    assert reverse(township, case).json["state"] == "registered"
    again = agent.put(path(case, "acceptance")).json
    assert again["due_at"] == "2026-02-28T17:30:00+08:00"


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x", "step": "accept"}])
def test_a_reversal_needs_a_reason(township, agent, body):
    case = accepted(agent)
    assert township.post(path(case, "reversals"), body).status_code == 422


def test_a_completion_taken_back_lets_the_clock_run_on_as_if_it_had_not_ended(agent, township, fixed_clock):
    case = completed(agent)
    fixed_clock.set("2026-03-02 09:00")
    township = cast.sign_in(township.client, cast.OFFICE_OF_TOWNSHIP)
    back = reverse(township, case).json
    assert (back["due_at"], back["light"], back["finished_at"]) == ("2026-02-28T17:30:00+08:00", "red", None)
    assert sql.value("SELECT next_at FROM clock") == clock.to_micros(fixed_clock.set("2026-02-26 17:30"))


def test_what_was_moved_meanwhile_by_the_calendar_is_moved_when_the_clock_runs_on(agent, admin, township, fixed_clock):
    case = completed(agent)
    admin.post("/calendar/closures", {"date": "2026-02-25", "unit_code": cast.VILLAGE, "reason": "台风"})
    following.reproject(actor=system("reproject-errands"), now=fixed_clock.now())
    assert agent.get(path(case)).json["due_at"] == "2026-02-28T17:30:00+08:00"
    assert reverse(township, case).json["due_at"] == "2026-03-02T17:30:00+08:00"
    assert projections.wrong() == []


def test_payments_trips_and_papers_stay(agent, township):
    papers = [{"name": p["name"], "received": True} for p in agent.get("/items/RS-005").json["materials"]]
    case = accepted(agent, item_code="RS-005", materials=papers)
    agent.post(path(case, "payments"), {"amount_fen": 100})
    agent.post(path(case, "trips"), {"made_on": "2026-02-12", "where": "乡镇"})
    back = reverse(township, case).json
    assert (back["state"], back["paid_fen"], back["trips"]) == ("registered", 100, 1)
    assert all(paper["received"] for paper in back["materials"])


@transaction
def begin_hand_in(case, *, actor, now):
    clocks.begin(
        "errand", case["id"], "hand_in", unit_code=case["unit_code"], budget_days=3, started_at=now, account_id=None,
        now=now,
    )


def clock_of(case, kind):
    return sql.row("SELECT * FROM clock WHERE subject_id = ? AND kind = ? ORDER BY id DESC LIMIT 1", (case["id"], kind))


@pytest.mark.parametrize("handed_in", [False, True])
def test_an_acceptance_taken_back_lets_hand_in_and_silence_run_again(agent, township, fixed_clock, handed_in):
    case = registered(agent)
    begin_hand_in(case, actor=system("test"), now=fixed_clock.now())
    silence = sql.value("SELECT silence_at FROM errand")
    agent.put(path(case, "acceptance"))
    assert clock_of(case, "hand_in")["ended_at"] and sql.value("SELECT silence_at FROM errand") is None
    if handed_in:
        sql.execute("UPDATE errand SET handed_in_at = ?", (clock.to_micros(fixed_clock.now()),))
    reverse(township, case)
    assert (clock_of(case, "hand_in")["ended_at"] is not None) == handed_in
    assert clock_of(case, "promise")["ended_at"] is not None
    assert sql.value("SELECT silence_at FROM errand") == silence
    assert projections.wrong() == []


def test_after_the_time_of_silence_a_person_decides_and_no_job(agent, township, admin, fixed_clock):
    """What was taken back is not accepted again by silence, nor by the next change of the calendar."""
    case = accepted(agent)
    fixed_clock.set("2026-02-27 09:00")
    township = cast.sign_in(township.client, cast.OFFICE_OF_TOWNSHIP)
    assert reverse(township, case).json["state"] == "registered"
    assert sql.value("SELECT silence_at FROM errand") is None
    sql.execute("UPDATE errand_calendar SET stamp = 0")
    following.reproject(actor=system("reproject-errands"), now=fixed_clock.now())
    assert sql.value("SELECT silence_at FROM errand") is None
    assert projections.wrong() == []


def test_a_stale_reversal_is_told_and_a_repeated_one_gets_the_same(agent, township):
    case = completed(agent)
    assert reverse(township, case, headers={"If-Match": '"1-0"'}).status_code == 412
    first = reverse(township, case, key="reverse-0001")
    again = reverse(township, case, key="reverse-0001")
    assert (first.status_code, again.status_code, again.headers["Idempotent-Replayed"]) == (201, 201, "true")
    assert first.json["version"] == again.json["version"]


def test_a_completion_from_before_there_were_clocks_gets_one_when_taken_back(agent, township):
    case = completed(agent)
    sql.execute("DELETE FROM clock")
    assert reverse(township, case).json["due_at"] == "2026-02-28T17:30:00+08:00"
    assert projections.wrong() == []


def test_a_clock_that_runs_on_warns_whoever_answers_now(agent, operator, township, district_app):
    """Handed over while completed, then taken back: the receiver has the cards (rules 3.2, 4)."""
    case = completed(agent)
    to = sql.value("SELECT id FROM account WHERE username = ?", (cast.OFFICE_OF_TOWNSHIP,))
    assert agent.post(path(case, "handovers"), {"to_account_id": to}).status_code == 201
    assert township.put(path(case, "handovers/1/acceptance")).status_code == 200
    assert reverse(township, case).status_code == 201
    assert sql.value("SELECT account_id FROM clock WHERE subject_id = ?", (case["id"],)) == to
