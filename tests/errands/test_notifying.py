"""Which act tells whom: the notices of an errand, and who is rung where none arrives."""
import ast

import pytest

from backend.core import ledger, sql
from backend.errands.actions import notifying
from backend.errands.jobs import inheriting, silence
from backend.notifications.queries import outbox
from backend.notifications.rules import letters, templates
from tests import cast
from tests.errands.test_stopping import extend, resume, suspend
from tests.errands.test_story import accepted, completed, path, registered
from tests.guards import house
from tests.notifications.conftest import SYSTEM
from tests.statements import count_statements

REFERRAL = {"where": "临海市民政局", "phone": "0576-85111111", "bring": ["户口簿"]}


def notices(audience="resident"):
    """Template, recipient and words of what was posted, in order."""
    found = sql.rows(
        "SELECT n.* FROM notice n JOIN ledger_entry e ON e.subject_type = 'notice' AND e.subject_id = n.id "
        "WHERE n.audience = ? AND e.action = 'notice.post' ORDER BY e.seq", (audience,)
    )
    return [(row["template"], row["recipient_id"], outbox.wording(row)) for row in found]


def posted(audience="resident"):
    return [template for template, *_ in notices(audience)]


def rung():
    return [row["reason"] for row in sql.rows(
        "SELECT t.reason FROM call_task t JOIN ledger_entry e ON e.subject_type = 'call_task' AND e.subject_id = t.id "
        "AND e.action = 'call.open' ORDER BY e.seq"
    )]


def account(username):
    return sql.value("SELECT id FROM account WHERE username = ?", (username.lower(),))


def sent(answer):
    assert answer.status_code in (200, 201), answer.get_data(as_text=True)
    return answer.json


def test_every_letter_of_errands_is_posted_by_an_act():
    ours = {letter.code for letter in letters.errands.LETTERS}
    told = {*notifying.RESIDENT.values(), *notifying.STAFF.values(), *notifying.UNDATED.values()}
    residents = {*notifying.RESIDENT.values()} | {notifying.UNDATED[act] for act in ("accept", "resume", "restart")}
    assert ours <= told <= set(templates.TEMPLATES)
    assert residents == ours & set(templates.for_residents())


def test_no_letter_is_without_an_act_that_posts_it():
    """A letter is named where it is posted: whole, or both parts of ``f"correction_{act}"``, ``f"{subject}_late"``."""
    nodes = [node for path in house.sources() if "letters" not in path.parts for node in ast.walk(house.tree(path))]
    named = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    parts = [(code[:at], code[at:]) for code in templates.TEMPLATES for at in range(len(code) + 1)]
    posted = {
        head + tail for head, tail in parts
        if head in named and tail in named and (head.endswith("_") or tail.startswith("_"))
    }
    assert set(templates.TEMPLATES) - named - posted == set()


def test_registration_tells_nobody_since_the_slip_does(agent):
    registered(agent)
    assert (posted(), rung()) == ([], [])


def test_acceptance_and_completion_are_told_and_nobody_rings_for_them(agent):
    case = completed(agent)
    agents = "百花社区居委会代办员"
    assert [words for *_, words in notices()] == [
        f"您好，您托办的“临时救助”已受理，编号{case['number']}，最迟2月28日办好。有事请找{agents}。",
        f"您好，您托办的“临时救助”（编号{case['number']}）有结果了：批准临时救助2000元。结果会交到您手上，有事请找{agents}。",
    ]
    assert ({to for _, to, _ in notices()}, rung()) == ({case["resident"]["id"]}, [])


def test_everything_missing_is_told_once_and_rung_where_nothing_tells_of_arrival(agent):
    case = registered(agent, materials=[{"name": "申请书", "received": True}])
    missing = [{"name": name} for name in ("户口簿", "身份证", "困难情形证明")]
    sent(agent.post(path(case, "supplement-notices"), {"missing": missing}))
    (template, _, words), = notices()
    assert template == "errand_supplement" and "户口簿、身份证、困难情形证明" in words
    assert sql.value("SELECT at_most_once FROM notice")
    assert rung() == ["errand_supplement"]
    again = {"missing": missing, "legal_basis": "《社会救助暂行办法》第十二条"}
    sent(agent.post(path(case, "supplement-notices"), again))
    assert (posted(), rung()) == (["errand_supplement"] * 2, ["errand_supplement"] * 2)
    (template, to, words), = notices("account")
    assert (template, to) == ("finding_recorded", account(cast.AGENT)) and "再次要求补正" in words


def test_stopped_extended_and_running_on_are_told(agent, district_app, fixed_clock):
    fixed_clock.set("2026-03-02 10:00")
    case = accepted(agent)
    sent(suspend(agent, case))
    fixed_clock.set("2026-03-10 09:00")
    sent(resume(agent, case))
    sent(suspend(agent, case))
    sent(resume(agent, case, "restart"))
    office = cast.sign_in(district_app.test_client(), cast.OFFICE_OF_TOWNSHIP)
    sent(extend(office, case))
    assert posted() == [
        "errand_accepted", "errand_suspended", "errand_resumed", "errand_suspended", "errand_resumed",
        "errand_extended",
    ]
    assert "需要听证，办理时间先停算" in notices()[1][2] and "最迟3月19日办好" in notices()[2][2]
    assert "原因：案情复杂" in notices()[-1][2]
    assert rung() == ["errand_suspended", "errand_suspended", "errand_extended"]


@pytest.mark.parametrize(("outcome", "template", "calls"), [
    ("advised", "errand_completed", []), ("refused", "errand_refused", ["errand_refused"]),
    ("returned", "errand_returned", ["errand_returned"]),
])
def test_a_no_must_arrive(outcome, template, calls, agent):
    case = accepted(agent)
    body = {"outcome": outcome, "result": "见理由", "reason": "收入超过标准"}
    sent(agent.put(path(case, "completion"), body))
    assert (posted()[1:], rung()) == ([template], calls)
    assert not calls or "收入超过标准" in notices()[-1][2] and "要求复核" in notices()[-1][2]


def test_a_declination_tells_the_way_on(agent):
    case = registered(agent)
    sent(agent.put(path(case, "declination"), {"reason": "不属于本区受理", "referral": REFERRAL}))
    (template, _, words), = notices()
    assert template == "errand_declined" and "请到临海市民政局办理，电话0576-85111111。" in words
    assert "可找东城街道" in words
    assert rung() == ["errand_declined"]


def test_a_withdrawal_is_told_to_the_one_who_is_said_to_wish_it(agent):
    case = registered(agent)
    sent(agent.put(path(case, "withdrawal"), {}))
    assert (posted(), rung()) == (["errand_withdrawn"], [])


def test_a_repeated_request_tells_once_and_what_is_done_again_after_a_reversal_is_told_again(agent, township):
    case = accepted(agent)
    key = {"Idempotency-Key": "complete-0001"}
    body = {"outcome": "granted", "result": "批准1000元"}
    for _ in range(2):
        sent(agent.put(path(case, "completion"), body, headers=key))
    assert posted() == ["errand_accepted", "errand_completed"]
    sent(township.post(path(case, "reversals"), {"reason": "金额有误"}))
    assert len(posted()) == 2, "a reversal takes nothing back"
    sent(agent.put(path(case, "completion"), body | {"result": "批准2000元"}))
    assert posted()[2:] == ["errand_completed"] and "批准2000元" in notices()[-1][2]


def test_a_refused_act_tells_nobody(agent):
    case = accepted(agent)
    assert agent.put(path(case, "acceptance")).status_code == 409
    assert agent.put(path(case, "completion"), {"outcome": "refused", "result": "否"}).status_code == 422
    assert agent.put(path(case, "completion"), {"outcome": "granted", "result": "是"}, etag='"9"').status_code == 412
    assert posted() == ["errand_accepted"]


def test_silence_is_told_to_the_resident_and_its_finding_to_the_officer(agent, fixed_clock):
    case = registered(agent)
    now = fixed_clock.set("2026-02-26 18:00")
    assert silence.accept_in_silence(actor=SYSTEM, now=now) == 1
    assert posted() == ["errand_accepted"] and f"编号{case['number']}" in notices()[0][2]
    assert posted("account") == ["finding_recorded"]


def test_a_hand_over_is_told_to_its_receiver(agent, township):
    case = accepted(agent)
    receiver = account(cast.OFFICE_OF_TOWNSHIP)
    sent(agent.post(path(case, "handovers"), {"to_account_id": receiver}))
    (template, to, words), = notices("account")
    assert (template, to) == ("handover_asked", receiver) and words.startswith("百花社区居委会代办员请您接手")
    assert [item["template"] for item in township.get("/me/notices").json["items"]] == ["handover_asked"]


def test_a_step_is_told_to_the_departments_duty_post_and_its_answer_to_the_agent(agent, district_app):
    handler, second = account(cast.HANDLER), account("handler-RS")
    sql.run("UPDATE account SET department_code = 'MZ' WHERE id = ?", (second,))
    first = accepted(agent)
    sent(agent.post(path(first, "forwardings"), {"department_code": "MZ"}))
    assert [found[:2] for found in notices("account")] == [("forwarded", handler)]
    assert "已转到贵部门，请于2月28日17:30前答复" in notices("account")[0][2]
    sql.run("DELETE FROM post WHERE code = 'MZ'")
    case = accepted(agent)
    sent(agent.post(path(case, "forwardings"), {"department_code": "MZ"}))
    assert [to for _, to, _ in notices("account")[1:]] == sorted([handler, second])
    desk = cast.sign_in(district_app.test_client(), cast.HANDLER)
    sent(desk.put(path(case, "forwardings/1/answer"), {"decision": "grant"}))
    template, to, words = notices("account")[-1]
    assert (template, to) == ("forwarding_answered", account(cast.AGENT)) and "民政局已答复“同意”" in words


def test_an_heir_is_told_what_he_inherits(agent, admin, fixed_clock):
    registered(agent)
    assert admin.put(f"/accounts/{account(cast.AGENT)}/disabling").status_code == 200
    assert inheriting.inherit(actor=SYSTEM, now=fixed_clock.now()) == 1
    (template, to, _), = notices("account")
    assert (template, to) == ("errand_inherited", sql.value("SELECT agent_id FROM errand"))


def test_an_acceptance_that_is_not_written_leaves_no_notice(agent, monkeypatch, district_app):
    case = registered(agent)

    def fail(*arguments, **more):
        raise ZeroDivisionError

    monkeypatch.setattr(ledger, "append", fail)
    district_app.testing = False
    assert agent.put(path(case, "acceptance")).status_code == 500
    monkeypatch.undo()
    assert (posted(), agent.get(path(case)).json["state"]) == ([], "registered")


def test_of_what_is_decided_above_no_date_is_promised(agent):
    """Rules 1.3: the time above does not count."""
    item = next(i for i in agent.get("/items?limit=200").json["items"] if i["kind"] == "report"
                and "village" in i["intake_levels"])
    whole = agent.get(f"/items/{item['code']}").json
    papers = [{"name": paper["name"], "received": True} for paper in whole["materials"]]
    case = accepted(agent, item_code=item["code"], materials=papers)
    assert posted() == ["errand_accepted_above"] and "最迟" not in notices()[0][2]
    sent(agent.post(path(case, "forwardings"), {"department_code": "MZ"}))
    assert posted("account") == ["forwarded_above"]
    sent(suspend(agent, case))
    sent(resume(agent, case))
    assert posted()[1:] == ["errand_suspended", "errand_resumed_above"]


def test_a_notice_adds_few_statements_to_an_act_and_none_to_registration(agent):
    with count_statements() as seen:
        case = registered(agent)
    assert not [text for text in seen if "notice" in text.lower()]
    with count_statements() as seen:
        sent(agent.put(path(case, "acceptance")))
    marks = ("INSERT INTO notice", "office_phone", "r.takes_sms")
    added = [text for text in seen if any(mark in text for mark in marks)]
    assert len(added) == 3
