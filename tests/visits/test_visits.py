"""Home visits over the API: asked for, given a time, made, signed off (issue 4, rules 6)."""
import pytest

from backend.core import sql, verification
from tests import cast
from tests.visits.calls import DAY, asked, me, moved, photo, scheduled, sent, set_for, signing, time, wish


@pytest.fixture(autouse=True)
def autumn(fixed_clock):
    """The week before the visits of the examples."""
    return fixed_clock.set("2026-10-09 10:00")


def test_an_agents_time_is_taken_until_the_end_of_the_way(agent):
    first = sent(set_for(agent, asked(agent)))
    assert (first["state"], first["start"], first["end"], first["date"]) == ("scheduled", "09:00", "10:00", DAY)
    second = asked(agent)
    busy = set_for(agent, second, "10:30")
    assert sent(busy, 409)["type"] == "/problems/agent-busy"
    assert busy.json["free_from"] == f"{DAY}T10:40:00+08:00"
    assert sent(agent.get(f"/visits/{second['id']}"))["state"] == "requested"
    assert sent(set_for(agent, second, "10:40"))["state"] == "scheduled"
    assert set_for(agent, asked(agent), "10:35").status_code == 409


def test_moving_a_visit_moves_its_time_and_frees_the_old(agent):
    first, second = scheduled(agent, "09:00"), scheduled(agent, "10:40")
    assert set_for(agent, first, "10:00").status_code == 409
    assert sent(agent.get(f"/visits/{first['id']}"))["start"] == "09:00"
    assert sent(set_for(agent, first, "09:00", travel=20))["travel_minutes"] == 20
    assert sent(set_for(agent, second, "10:20"))["start"] == "10:20"
    assert sent(set_for(agent, first, "14:00", date="2026-10-13"))["date"] == "2026-10-13"
    assert sql.value("SELECT count(*) FROM visit_tick WHERE visit_id = ?", (first["id"],)) == 20


def test_a_visit_goes_its_way_to_the_sign_off(agent, fixed_clock):
    visit = scheduled(agent)
    path = f"/visits/{visit['id']}"
    for noun in ("arrival", "completion"):
        assert sent(agent.put(f"{path}/{noun}", {}), 409)["type"] == "/problems/illegal-move"
    fixed_clock.set(f"{DAY} 08:40")
    moved(agent, visit, "departure")
    fixed_clock.set(f"{DAY} 09:05")
    moved(agent, visit, "arrival")
    fixed_clock.set(f"{DAY} 09:30")
    done = sent(agent.put(f"{path}/completion", {"sign_off": signing(agent)}))
    assert (done["state"], done["late_entry"], done["sign_off"]["method"]) == ("done", False, "photo")
    assert done["sign_off"]["present"] == ["王桂香", "其女儿"]
    assert done["ended_at"] == f"{DAY}T09:30:00+08:00"
    assert sent(agent.put(f"{path}/sign-off", signing(agent)), 409)["type"] == "/problems/already-signed"
    assert agent.put(f"{path}/cancellation", {}).status_code == 409
    assert sent(set_for(agent, asked(agent), "10:10"))["state"] == "scheduled"
    story = sent(agent.get(f"{path}/events"))["items"]
    assert [one["what"] for one in story] == ["申请上门", "排定时间", "出发", "到达", "完成"]
    assert [one["action"] for one in story][2:] == ["depart", "arrive", "complete"]
    assert verification.verify().code == 0


def test_a_failed_visit_says_why_and_frees_its_agent(agent, fixed_clock):
    visit = scheduled(agent)
    assert agent.put(f"/visits/{visit['id']}/failure", {}).status_code == 422
    fixed_clock.set(f"{DAY} 09:00")
    moved(agent, visit, "departure")
    failed = sent(agent.put(f"/visits/{visit['id']}/failure", {"reason": "家中无人"}))
    assert (failed["state"], failed["ended_for"]) == ("failed", "家中无人")
    assert sent(set_for(agent, asked(agent), "09:40"))["start"] == "09:40"


def test_a_cancelled_visit_leaves_nothing_behind(agent):
    visit = scheduled(agent)
    assert sent(agent.put(f"/visits/{visit['id']}/cancellation"))["state"] == "cancelled"
    assert sql.value("SELECT count(*) FROM visit_tick") == 0
    assert [one["id"] for one in sent(agent.get("/visits?state=cancelled"))["items"]] == [visit["id"]]
    assert sent(agent.get("/visits"))["items"] == []


SENSELESS = [
    ({"resident": {"name": "甲", "id_number": cast.id_number(2, "19561013"), "phone": None}}, "reason"),
    ({"reason": "unit_rule"}, "reason"),
    ({"word": {"account_id": "nobody", "text": "请上门"}}, "word"),
    ({"reason": "supervisor", "word": {"account_id": "nobody", "text": "请上门"}}, "word.account_id"),
    ({"window": {"date": DAY, "from": "10:00", "to": "10:00"}}, "window.to"),
    ({"window": {"date": "2028-12-01", "from": "09:00", "to": "10:00"}}, "window.date"),
    ({"latitude": 28.6}, "longitude"),
    ({"errand_ids": ["nothing"]}, "errand_ids"),
    ({"unit_code": cast.NEIGHBOUR}, "unit_code"),
    ({"resident_id": "nobody", "resident": None}, "resident"),
]


def test_what_makes_no_sense_names_its_field(agent):
    for changes, field in SENSELESS:
        told = sent(agent.post("/visits", wish(**changes)), 422)
        assert field in told["errors"], changes
    assert sql.value("SELECT count(*) FROM visit") == 0


def test_ill_and_disabled_people_of_any_age_are_visited_as_declared(agent):
    young = {"name": "陈小明", "id_number": cast.id_number(3, "19900101"), "phone": "13805760003"}
    for reason in ("disability", "illness"):
        assert asked(agent, resident=young, reason=reason, note="长期卧床")["reason"] == reason


def test_a_unit_visits_others_once_the_district_has_said_so(agent, admin, fixed_clock):
    rule = {"value": {"units": [{"unit_code": cast.TOWNSHIP, "who": "独居老人"}], "buffer_minutes": 10}}
    sent(admin.put("/settings/home-visits", rule))
    young = {"name": "陈小明", "id_number": cast.id_number(3, "19900101"), "phone": "13805760003"}
    visit = asked(agent, resident=young, reason="unit_rule")
    assert sent(set_for(agent, visit, travel=0))["buffer_minutes"] == 10
    assert set_for(agent, asked(agent), "10:05", travel=0).status_code == 409
    assert sent(set_for(agent, asked(agent), "10:10", travel=0))["start"] == "10:10"


def test_a_supervisors_word_is_recorded_and_told_to_him(agent, district_app):
    supervisor = cast.sign_in(district_app.test_client(), "supervisor")
    word = {"account_id": me(supervisor), "text": "暗访时答应上门"}
    visit = asked(agent, reason="supervisor", word=word)
    assert visit["word"] == word
    told = sent(supervisor.get("/me/notices"))["items"]
    assert [visit["number"] in str(one) for one in told] == [True]
    assert asked(agent, reason="supervisor")["word"] is None
    assert sql.value("SELECT count(*) FROM notice WHERE template = 'visit_on_a_word' AND recipient_id = ?",
                     (me(supervisor),)) == 1


def test_the_very_old_are_not_visited_alone(agent, operator):
    old = {"name": "赵阿婆", "id_number": cast.id_number(4, "19400101"), "phone": "13805760004"}
    visit = moved(agent, scheduled(agent, resident=old), "departure", "arrival")
    path = f"/visits/{visit['id']}"
    assert visit["very_old"]
    alone = sent(agent.put(f"{path}/completion", {"sign_off": signing(agent)}), 422)
    assert list(alone["errors"]) == ["sign_off.witness"]
    for wrong in ({"id_shown": False}, {"no_cash": False}, {"file_id": "nothing"}, {"companion_id": me(agent)}):
        body = {"sign_off": signing(agent, witness="邻居李某", **wrong)}
        assert list(sent(agent.put(f"{path}/completion", body), 422)["errors"]) == [f"sign_off.{next(iter(wrong))}"]
    done = sent(agent.put(f"{path}/completion", {"sign_off": signing(agent, companion_id=me(operator))}))
    assert done["sign_off"]["companion_id"] == me(operator)


def test_a_visit_that_was_made_on_the_way_is_entered_afterwards_and_marked(agent, fixed_clock):
    fixed_clock.set(f"{DAY} 17:00")
    visit = scheduled(agent)
    assert visit["late_entry"]
    path = f"/visits/{visit['id']}"
    steps = (("departure", "08:50"), ("arrival", "09:05"), ("completion", "09:40"))
    assert sent(agent.put(f"{path}/{steps[0][0]}", {"claimed_at": f"{DAY}T08:50:00+08:00"}))
    early = agent.put(f"{path}/arrival", {"claimed_at": f"{DAY}T08:00:00+08:00"})
    assert list(sent(early, 422)["errors"]) == ["claimed_at"]
    for noun, at in steps[1:]:
        visit = sent(agent.put(f"{path}/{noun}", {"claimed_at": f"{DAY}T{at}:00+08:00"}))
    assert (visit["ended_at"], visit["late_entry"]) == (f"{DAY}T09:40:00+08:00", True)
    assert sql.value("SELECT count(*) FROM notice WHERE template LIKE 'visit%'") == 0


def test_a_stale_version_and_a_repeated_request_change_nothing(agent):
    key, body = "the-same-visit", wish()
    first, again = (agent.post("/visits", body, key=key) for _ in range(2))
    assert first.json["id"] == again.json["id"] and again.headers["Idempotent-Replayed"] == "true"
    path = f"/visits/{first.json['id']}/schedule"
    etag = first.headers["ETag"]
    sent(agent.put(path, time(agent), etag=etag, headers={"Idempotency-Key": "the-same-time"}))
    repeated = agent.put(path, time(agent), etag=etag, headers={"Idempotency-Key": "the-same-time"})
    assert repeated.headers["Idempotent-Replayed"] == "true" and repeated.status_code == 200
    assert agent.put(path, time(agent, "14:00"), etag=etag).status_code == 412
    assert agent.put(path, time(agent, "14:00"), etag=None).status_code == 428


def test_the_photo_may_come_later(agent, fixed_clock):
    done = moved(agent, scheduled(agent), "departure", "arrival", "completion")
    assert done["sign_off"] is None
    assert sent(agent.put(f"/visits/{done['id']}/sign-off", signing(agent)))["sign_off"]["file_id"] == photo(agent)
