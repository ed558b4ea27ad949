"""A visit and its household: who sees it, which errands it serves, who is told, what an erasure leaves."""
import pytest

from backend.core import ledger, sql, verification
from backend.core.actor import system
from backend.errands.actions import erasing
from backend.people.actions import accounts
from backend.visits import jobs
from tests import cast
from tests.statements import count_statements
from tests.visits.calls import DAY, asked, me, moved, scheduled, sent, set_for, signing, time, wish

SECRET = "独居王桂香"


@pytest.fixture(autouse=True)
def autumn(fixed_clock):
    return fixed_clock.set("2026-10-09 10:00")


def wording(template):
    return sql.value("SELECT count(*) FROM notice WHERE template = ?", (template,))


def errand(caller, **more):
    return sent(caller.post("/errands", cast.errand(**more)), 201)


def neighbour_of(serial, address):
    return {"name": "王小明", "id_number": cast.id_number(serial, "19800101"), "phone": None, "address": address}


def test_strangers_and_the_next_village_find_no_visit(agent, neighbour, township, stranger, district_app):
    visit = scheduled(agent, latitude=28.65, longitude=121.26)
    path = f"/visits/{visit['id']}"
    far = cast.sign_in(district_app.test_client(), cast.FAR_OFFICE)
    handler = cast.sign_in(district_app.test_client(), cast.HANDLER)
    for caller in (neighbour, far, handler):
        assert caller.get(path).status_code == 404 and caller.get("/visits").json["items"] == []
    for caller in (neighbour, far):
        assert caller.put(f"{path}/departure", {}).status_code == 404
        assert caller.get(f"{path}/events").status_code == 404
        assert caller.get(f"/agents/{me(agent)}/day-plan?date={DAY}").status_code == 404
    assert stranger.get(path).status_code == 401
    assert sent(township.get(path))["id"] == visit["id"]
    assert (visit["has_place"], visit["resident"]["address"]) == (True, "百花社区3****")
    assert "28.65" not in str(visit) and "13805761234" not in str(visit)


def test_an_agent_of_the_township_makes_a_villages_visit_and_sees_just_that(agent, operator, township):
    visit, other = asked(agent), asked(agent)
    body = time(operator)
    sent(township.put(f"/visits/{visit['id']}/schedule", body))
    assert [one["id"] for one in sent(operator.get("/visits"))["items"]] == [visit["id"]]
    assert operator.get(f"/visits/{other['id']}").status_code == 404
    assert agent.put(f"/visits/{visit['id']}/departure", {}).status_code == 403
    full = sent(operator.post(f"/visits/{visit['id']}/full-view", {"reason": "上门"}), 201)
    assert (full["phone"], full["address"]) == ("13805761234", "百花社区3幢201室")
    moved(operator, visit, "departure", "arrival")
    papers = cast.errand()
    given = {name: papers[name] for name in ("item_code", "mandate", "materials")}
    assert sent(operator.post(f"/visits/{visit['id']}/errands", given), 201)["unit_code"] == cast.TOWNSHIP


def test_nobody_is_sent_who_is_not_of_the_unit_or_its_township_or_not_able(agent, neighbour, township, fixed_clock):
    visit = asked(agent)
    path = f"/visits/{visit['id']}/schedule"
    assert list(sent(agent.put(path, time(neighbour)), 422)["errors"]) == ["agent_id"]
    own, now = me(agent), fixed_clock.now()
    sql.execute(
        "INSERT INTO leave (id, unit_code, township_code, district_code, account_id, from_on, to_on, reason, state, "
        "asked_by, asked_at, version) VALUES ('1', ?, ?, ?, ?, ?, ?, '', 'approved', '', 0, 1)",
        (cast.VILLAGE, cast.TOWNSHIP, cast.DISTRICT, own, DAY, DAY),
    )
    assert sent(agent.put(path, time(agent)), 409)["type"] == "/problems/agent-away"
    assert sent(agent.put(path, time(agent, date="2026-10-13")))["date"] == "2026-10-13"
    accounts.disable(own, reason="离职", actor=system("test"), now=now)
    body = time(township) | {"agent_id": own}
    assert list(sent(township.put(path, body), 422)["errors"]) == ["agent_id"]


def test_one_visit_serves_the_errands_of_a_household_and_no_others(agent):
    mine = errand(agent, resident=wish()["resident"])
    hers = errand(agent, resident=neighbour_of(5, " 百花社区 3幢201室"))
    elsewhere = errand(agent, resident=neighbour_of(6, "百花社区4幢"))
    visit = asked(agent, errand_ids=[mine["id"], hers["id"], mine["id"]])
    assert {one["number"] for one in visit["errands"]} == {mine["number"], hers["number"]}
    refused = agent.post("/visits", wish(errand_ids=[mine["id"], elsewhere["id"]]))
    assert list(sent(refused, 422)["errors"]) == ["errand_ids"]
    for case, where in ((mine, "镇上"), (hers, "镇上"), (hers, "县里")):
        sent(agent.post(f"/errands/{case['id']}/trips", {"made_on": "2026-10-09", "where": where}), 201)
    assert sent(agent.get(f"/visits/{visit['id']}"))["trips"] == 2
    found = sent(agent.get(f"/visits?errand_id={hers['id']}&errand_id={mine['id']}"))["items"]
    assert [one["id"] for one in found] == [visit["id"]]


def test_an_errand_is_taken_on_the_spot(agent, fixed_clock):
    visit = scheduled(agent)
    papers = cast.errand()
    given = {name: papers[name] for name in ("item_code", "mandate", "materials")}
    path = f"/visits/{visit['id']}/errands"
    assert sent(agent.post(path, given), 409)["type"] == "/problems/illegal-move"
    moved(agent, visit, "departure", "arrival")
    first = agent.post(path, given, key="taken-on-the-spot")
    again = agent.post(path, given, key="taken-on-the-spot")
    made = sent(first, 201)
    assert (made["channel"], made["resident"]["id"]) == ("home_visit", visit["resident"]["id"])
    assert again.json["id"] == made["id"]
    sent(agent.post(path, given), 201)
    assert agent.post(path, given | {"channel": "counter"}).status_code == 422
    assert len(sent(agent.get(f"/visits/{visit['id']}"))["errands"]) == 2
    assert sql.value("SELECT count(*) FROM errand") == 2


def test_a_resident_is_told_of_each_time_and_rung_where_no_message_goes(agent, operator, township):
    visit = scheduled(agent)
    sent(set_for(agent, visit, "09:00", travel=10))
    assert (wording("visit_scheduled"), wording("visit_moved")) == (1, 0)
    sent(set_for(agent, visit, "10:00"))
    sent(township.put(f"/visits/{visit['id']}/schedule", time(operator)))
    assert (wording("visit_moved"), wording("visit_given"), wording("visit_taken_away")) == (2, 1, 1)
    sent(agent.put(f"/visits/{visit['id']}/cancellation", {"reason": "住院"}))
    assert wording("visit_cancelled") == 1
    sql.execute("DELETE FROM call_task")
    silent = asked(agent, resident={"name": "李阿公", "id_number": cast.id_number(7), "phone": "0576-84110001"})
    sent(set_for(agent, silent))
    tasks = sent(agent.get("/call-tasks"))["items"]
    assert [(one["reason"], one["subject_number"]) for one in tasks] == [("visit_scheduled", silent["number"])]


def test_a_sign_off_that_does_not_come_is_asked_for_by_telephone(agent, fixed_clock):
    steps = ("departure", "arrival", "completion")
    visits = [moved(agent, scheduled(agent, start), *steps) for start in ("09:00", "11:00")]
    scheduled(agent, "14:00")
    sent(agent.put(f"/visits/{visits[0]['id']}/sign-off", signing(agent)))
    sql.execute("DELETE FROM call_task")
    now = fixed_clock.advance(hours=23)
    assert jobs.chase_sign_offs(actor=system("test"), now=now) == 0
    now = fixed_clock.advance(hours=1)
    assert [jobs.chase_sign_offs(actor=system("test"), now=now) for _ in range(2)] == [1, 0]
    assert [task["subject_id"] for task in sent(agent.get("/call-tasks"))["items"]] == [visits[1]["id"]]
    assert jobs.purge(actor=system("test"), now=now) == 0
    assert jobs.purge(actor=system("test"), now=fixed_clock.advance(days=190)) > 0


def test_a_list_costs_two_statements_and_its_pages_hold_together(agent, township):
    made = [scheduled(agent, start)["id"] for start in ("14:00", "09:00", "16:00")] + [asked(agent)["id"]]
    for caller, query in ((agent, ""), (township, f"&unit_code={cast.VILLAGE}&date={DAY}")):
        found, cursor = [], ""
        while cursor is not None:
            with count_statements() as seen:
                page = sent(caller.get(f"/visits?limit=2{query}{cursor and '&cursor=' + cursor}"))
            assert len([text for text in seen if "visit" in text]) <= 2
            found += [one["id"] for one in page["items"]]
            cursor = page["next_cursor"]
        assert len(found) == 4 and set(found) == set(made) and found[-1] == made[2]
    assert sent(agent.get(f"/visits?date=2026-10-13&agent_id={me(agent)}"))["items"] == []


def test_erasing_a_resident_ends_her_open_visits_and_frees_their_agents(agent, operator, township, fixed_clock):
    waiting, there = asked(agent), moved(agent, scheduled(agent), "departure", "arrival")
    given = asked(agent)
    sent(township.put(f"/visits/{given['id']}/schedule", time(operator, "14:00")))
    sql.execute("DELETE FROM notice")
    assert waiting["resident"]["id"] == there["resident"]["id"]
    erasing.erase(waiting["resident"]["id"], reason="", actor=system("test"), now=fixed_clock.now())
    states = [sent(agent.get(f"/visits/{one['id']}"))["state"] for one in (waiting, there, given)]
    assert states == ["cancelled", "failed", "cancelled"]
    assert sql.value("SELECT count(*) FROM visit_tick") == 0
    assert (wording("visit_taken_away"), wording("visit_cancelled")) == (2, 0)
    assert sent(agent.get(f"/visits?agent_id={me(agent)}"))["items"] == []
    assert verification.verify().code == 0


def test_nothing_that_was_said_of_an_erased_resident_is_left_in_her_visits(agent, fixed_clock):
    resident = wish()["resident"] | {"name": SECRET}
    visit = asked(agent, resident=resident, reason="illness", note=SECRET, latitude=28.65, longitude=121.26)
    moved(agent, sent(set_for(agent, visit)), "departure", "arrival")
    sent(agent.put(f"/visits/{visit['id']}/completion", {"sign_off": signing(agent, present=[SECRET], witness=SECRET)}))
    failed = sent(set_for(agent, asked(agent, resident=resident), "14:00"))
    sent(agent.put(f"/visits/{failed['id']}/failure", {"reason": SECRET}))
    assert erasing.erase(visit["resident"]["id"], reason="", actor=system("test"), now=fixed_clock.now()) > 5
    left = str(sql.plain("SELECT * FROM visit")) + str(ledger.history("visit", visit["id"]))
    assert SECRET not in left and sql.value("SELECT count(*) FROM visit WHERE place_sealed IS NOT NULL") == 0
    shown = sent(agent.get(f"/visits/{visit['id']}"))
    assert (shown["resident"]["name"], shown["sign_off"]["present"], shown["note"]) == ("", [], None)
    assert verification.verify().code == 0
