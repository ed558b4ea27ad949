"""What phones push is done once, in order, by the actions of the online routes."""
from tests import cast
from tests.sync.phones import Phone, new_id


def test_an_errand_made_at_a_phone_has_the_phones_id_and_is_there_once(district_app, agent):
    phone = Phone(agent)
    made = phone.did("errand.register", None, cast.errand())
    answer = phone.send(made)
    first = answer.json["results"][0]
    assert answer.headers["Ledger-Receipt"] == first["receipt"]
    again = phone.push(made)[0]
    assert again["receipt"] == first["receipt"], "the first answer may have been lost"
    unseen = phone.did("errand.note", new_id(), {"text": "不在"})
    assert phone.push(unseen)[0]["receipt"] == phone.push(unseen)[0]["receipt"]
    assert first["status"] == "applied" and again["status"] == "duplicate" and again["first"] == "applied"
    assert again["data"] == first["data"] and first["data"]["id"] == made["entity_id"]
    shown = agent.get(f"/errands/{made['entity_id']}").json
    assert shown["number"] == first["data"]["number"] and shown["claimed_at"].startswith("2026-02-12T09:30:00")


def test_numbers_go_strictly_in_order(district_app, agent):
    phone = Phone(agent)
    lost = phone.did("errand.register", None, cast.errand())
    later = phone.did("problem.report", None, {"text": "没有信号"})
    answer = phone.send(later)
    assert answer.status_code == 409 and answer.json["type"] == "/problems/out-of-order"
    assert answer.json["expected_n"] == 1
    assert phone.send(lost, later | {"n": 3}).status_code == 422
    assert phone.send(later, lost).status_code == 422
    assert agent.get("/problems").json["items"] == [] and agent.get("/errands").json["items"] == []
    assert [each["status"] for each in phone.push(lost, later)] == ["applied", "applied"]
    assert phone.send(lost | {"n": 4}).status_code == 409


def test_a_number_that_was_used_for_something_else_is_kept_and_its_work_can_come_again(district_app, agent, township):
    phone = Phone(agent)
    errand = phone.registered()
    forgetful = phone.did("errand.note", errand["id"], {"text": "备份恢复后"}) | {"n": 1}
    first, again = phone.push(forgetful)[0], phone.push(forgetful)[0]
    assert first["status"] == "rejected" and first["problem"]["type"] == "/problems/number-reused"
    assert again["status"] == "duplicate" and again["first"] == "rejected"
    assert len(township.get("/sync/inbox").json["items"]) == 1
    assert phone.push(forgetful | {"n": 2})[0]["status"] == "applied"
    assert township.get("/sync/inbox").json["items"] == [], "it was done after all"
    other = forgetful | {"n": 3, "set": {"text": "同号异文"}}
    assert phone.push(other)[0]["problem"]["type"] == "/problems/mutation-reused"
    assert phone.push(other)[0]["first"] == "rejected"
    assert [note["text"] for note in agent.get(f"/errands/{errand['id']}/notes").json["items"]] == ["备份恢复后"]


def test_a_phone_that_registers_anew_sends_its_outbox_again_and_nothing_is_done_twice(district_app, agent):
    old = Phone(agent)
    errand = old.registered()
    note = old.did("errand.note", errand["id"], {"text": "一次"})
    old.push(note)
    new = Phone(agent)
    assert new.push(note | {"n": 1})[0]["status"] == "duplicate"
    assert new.push(new.did("errand.note", errand["id"], {"text": "两次"}) | {"n": 2})[0]["status"] == "applied"
    assert len(agent.get(f"/errands/{errand['id']}/notes").json["items"]) == 2


def test_two_phones_that_count_their_ids_from_one_do_not_disturb_each_other(district_app, agent):
    first, second = Phone(agent), Phone(agent)
    for phone in (first, second):
        assert phone.one("errand.register", None, cast.errand(), id="1")["status"] == "applied"
    assert len(agent.get("/errands").json["items"]) == 2


def test_commands_say_in_which_state_they_expect_the_errand(district_app, agent, township):
    phone = Phone(agent)
    errand = phone.registered()
    trip = {"made_on": "2026-02-11", "where": "院桥镇"}
    accept = phone.did("errand.accept", errand["id"], base_version=1)
    results = phone.push(accept, phone.did("errand.trip", errand["id"], trip))
    assert [each["status"] for each in results] == ["applied", "applied"]
    done = {"outcome": "granted", "result": "批准"}
    seen = phone.one("errand.complete", errand["id"], done, base_version=1, base={"state": "registered"})
    assert seen["problem"]["type"] == "/problems/unexpected-state" and seen["problem"]["state"] == "accepted"
    assert phone.one("errand.complete", errand["id"], done)["problem"]["status"] == 422, "a command names its version"
    merged = phone.one("errand.complete", errand["id"], done, base_version=1, base={"state": "accepted"})
    assert merged["status"] == "merged" and merged["data"]["state"] == "completed"
    illegal = phone.one("errand.accept", errand["id"], base_version=2)
    assert illegal["problem"]["type"] == "/problems/illegal-move"
    given = {"method": "brought", "received_by": "王桂香"}
    version = merged["data"]["version"]
    assert phone.one("errand.deliver", errand["id"], given, base_version=version)["status"] == "applied"


def test_a_phone_that_has_nothing_to_say_learns_which_number_is_next(district_app, agent):
    phone = Phone(agent)
    assert phone.send().json["next_n"] == 1
    assert phone.send(phone.did("problem.report", None, {"text": "停电"}), phone.did("errand.fly")).json["next_n"] == 3
    assert phone.send().json["next_n"] == 3
    assert phone.send(phone.did("problem.report", None, {"text": "停水"}) | {"n": 1}).json["next_n"] == 3


def test_an_id_that_is_taken_is_refused_and_nobody_is_told_whose(district_app, agent, neighbour):
    theirs = neighbour.post("/errands", cast.errand()).json["id"]
    phone = Phone(agent)
    result = phone.one("errand.register", theirs, cast.errand())
    assert result["problem"] == {
        "type": "/problems/id-taken", "title": "编号已被占用", "status": 409,
    }


def test_a_visit_is_made_without_a_signal_and_the_phones_clock_orders_nothing(district_app, agent, fixed_clock):
    phone, made = Phone(agent), new_id()
    window = {"date": "2026-02-12", "from": "08:30", "to": "12:00"}
    wish = {"reason": "illness", "note": "骨折", "window": window, "resident": cast.errand()["resident"]}
    asked = phone.one("visit.request", made, wish)
    assert asked["status"] == "applied", asked
    me = agent.get("/me").json["id"]
    time = {"agent_id": me, "start": "11:00", "duration_minutes": 30, "travel_minutes": 10}
    assert agent.put(f"/visits/{made}/schedule", time).status_code == 200
    sign = {"claimed_at": "2026-02-12T09:40:00+08:00"}
    steps = phone.push(
        phone.did("visit.depart", made, sign, base_version=2),
        phone.did("visit.arrive", made, {}, base_version=2, occurred_at="2026-02-12T08:00:00+08:00"),
        phone.did("visit.fail", made, {"reason": "不在家"}, base_version=2, occurred_at="2026-02-12T17:00:00+08:00"),
    )
    assert [each["status"] for each in steps] == ["applied", "merged", "merged"], steps
    assert steps[2]["skewed"]
    shown = agent.get(f"/visits/{made}").json
    assert shown["state"] == "failed" and shown["arrived_at"].startswith("2026-02-12T09:40")


def test_a_problem_is_reported_and_answered(district_app, agent, township, neighbour, stranger):
    phone = Phone(agent)
    errand = phone.registered()
    told = {"text": "村里打印机坏了", "errand_id": errand["id"], "asked_of": "镇信息办"}
    made = phone.one("problem.report", None, told)
    path = f"/problems/{made['data']['id']}"
    shown = township.get(path).json
    assert shown["text"] == "村里打印机坏了" and shown["due_on"] == made["data"]["due_on"] and not shown["overdue"]
    assert neighbour.get(path).status_code == 404
    assert agent.put(f"{path}/answer", {"text": "自己修"}).status_code == 403
    answered = township.put(f"{path}/answer", {"text": "明天来修"})
    assert answered.status_code == 200 and agent.get(path).json["answer"] == "明天来修"
    assert township.put(f"{path}/answer", {"text": "后天"}).status_code == 409
    assert agent.get("/problems").json["items"] == []
    assert len(township.get("/problems?state=all").json["items"]) == 1
    assert agent.post("/problems", {"text": "x", "errand_id": new_id()}).status_code == 422
    assert agent.post("/problems", {"text": "x", "file_ids": [new_id()]}).status_code == 422


def test_a_push_that_is_too_large_or_not_ones_own_is_refused_whole(district_app, agent, neighbour):
    phone = Phone(agent)
    long = [phone.did("errand.note", new_id(), {"text": "字" * 2000}) for _ in range(50)]
    assert phone.send(*long).status_code == 413
    assert phone.send(*[phone.did("x", None) for _ in range(101)]).status_code == 422
    theirs = neighbour.post("/sync/push", {"device_id": phone.id, "mutations": []})
    assert theirs.status_code == 404 and agent.post(
        "/sync/push", {"device_id": new_id(), "mutations": []}
    ).status_code == 404
    assert phone.push(outbox_size=7, rows=12, sent_at="2026-02-12T10:06:00+08:00") == []
    shown = agent.get(f"/sync/devices/{phone.id}").json
    assert (shown["outbox_size"], shown["rows"], shown["clock_skew_seconds"], shown["skewed"]) == (7, 12, 360, True)


def test_a_push_brings_the_changes_since_the_phones_cursor(district_app, agent, township):
    phone = Phone(agent)
    cursor = agent.get("/sync/changes").json["cursor"]
    errand = phone.registered()
    answer = phone.send(phone.did("errand.note", errand["id"], {"text": "已到"}), cursor=cursor).json
    assert {each["type"] for each in answer["changes"]["changes"]} >= {"errand", "resident"}
    assert phone.send(cursor=answer["changes"]["cursor"]).json["changes"]["changes"] == []
    theirs = township.get("/sync/changes").json["cursor"]
    refused = phone.send(phone.did("errand.note", errand["id"], {"text": "再到"}), cursor=theirs).json
    assert refused["results"][0]["status"] == "applied", "the outbox does not wait for a reset"
    assert refused["changes"]["problem"]["type"] == "/problems/reset-required" and phone.send().json["changes"] is None


def test_the_whole_life_of_an_errand_is_led_at_a_phone(district_app, agent):
    phone = Phone(agent)

    def done(kind, case, body=None):
        answer = phone.one(kind, case["id"], body, base_version=case["version"])
        assert answer["status"] in ("applied", "merged"), answer
        return answer["data"]

    case = phone.registered(materials=[])
    names = ("申请书", "户口簿", "身份证", "困难情形证明")
    told = done("errand.supplement", case, {"missing": [{"name": name, "note": "未带"} for name in names]})
    assert told["state"] == "awaiting_materials" and told["part_id"] == "1"
    papers = {"materials": [{"name": name, "received": True} for name in names]}
    case = done("errand.materials", told, papers)
    case = done("errand.mandate", case, {"given_by": "voice", "expires_on": "2027-01-31"})
    case = done("errand.accept", case)
    case = done("errand.complete", case, {"outcome": "granted", "result": "批准"})
    case = done("errand.deliver", case, {"method": "brought", "received_by": "王桂香"})
    assert done("errand.close", case)["state"] == "closed"
    referral = {"where": "临海市民政局", "phone": "0576-85111111", "bring": []}
    declined = done("errand.decline", phone.registered(2), {"reason": "不属本区", "referral": referral})
    assert declined["state"] == "declined" and done("errand.withdraw", phone.registered(3))["state"] == "withdrawn"
    unpaid = phone.one("errand.pay", case["id"], {"amount_fen": 100}, base_version=case["version"])
    assert unpaid["problem"]["type"] == "/problems/not-payable"


def test_photos_are_announced_and_come_later(district_app, agent):
    phone, photo, made = Phone(agent), new_id(), new_id()
    window = {"date": "2026-02-12", "from": "08:30", "to": "12:00"}
    wish = {"reason": "illness", "note": "骨折", "window": window, "resident": cast.errand()["resident"]}
    assert phone.one("visit.request", made, wish)["status"] == "applied"
    time = {"agent_id": agent.get("/me").json["id"], "start": "11:00", "duration_minutes": 30, "travel_minutes": 10}
    assert agent.put(f"/visits/{made}/schedule", time).status_code == 200
    signed = {"method": "photo", "file_id": photo, "id_shown": True, "no_cash": True}
    results = phone.push(
        phone.did("visit.depart", made, base_version=2), phone.did("visit.arrive", made, base_version=2),
        phone.did("visit.complete", made, base_version=2),
        phone.did("visit.sign_off", made, signed, base_version=2),
        phone.did("visit.sign_off", made, signed, base_version=2, files=[{"id": photo, "media_type": "image/jpeg"}]),
    )
    assert [each["status"] for each in results] == ["applied", "merged", "merged", "rejected", "merged"], results
    assert (results[0]["data"]["date"], results[0]["data"]["start"]) == ("2026-02-12", "11:00")
    assert [each["id"] for each in agent.get(f"/visits/{made}").json["pending_files"]] == [photo]
    problem = phone.one("problem.report", None, {"text": "漏水", "file_ids": [photo]})
    assert problem["status"] == "applied"


def test_work_that_comes_after_all_by_another_phone_leaves_each_phones_count_right(district_app, agent):
    first, second = Phone(agent, "一"), Phone(agent, "二")
    errand, note = first.registered()["id"], first.did("errand.note", None, {"text": "一"})
    first.push(note | {"entity_id": errand})
    reused = first.did("errand.note", errand, {"text": "二"}, id=note["id"])
    assert first.push(reused)[0]["problem"]["type"] == "/problems/mutation-reused"
    second.one("errand.note", new_id(), {"text": "不在"})
    assert second.push(second.did("errand.note") | reused | {"n": 2})[0]["status"] == "applied"
    counts = {each["id"]: each["rejected"] for each in agent.get("/sync/devices").json["items"]}
    waiting = [each["device_id"] for each in agent.get("/sync/inbox").json["items"]]
    assert counts == {each: waiting.count(each) for each in (first.id, second.id)} == {first.id: 1, second.id: 1}


def test_a_phone_whose_clock_is_off_by_centuries_works_and_is_marked(district_app, agent):
    for year, ahead in (("2569", True), ("0001", False), ("9999", True)):
        phone, clock = Phone(agent), f"{year}-02-12T09:30:00+08:00"
        (result,) = phone.push(phone.did("errand.register", None, cast.errand(), occurred_at=clock), sent_at=clock)
        assert (result["status"], result.get("skewed", False)) == ("applied", ahead), result
        shown = agent.get(f"/sync/devices/{phone.id}").json
        assert shown["skewed"] and (shown["clock_skew_seconds"] > 0) is ahead
    nonsense = phone.one("errand.note", result["data"]["id"], {"text": "x"}, occurred_at="2569-02-12")
    assert nonsense["problem"]["errors"].keys() == {"occurred_at"}
