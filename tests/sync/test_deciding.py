"""Fields merge, true conflicts go to a person, and rejected work is kept and shown."""
from tests import cast
from tests.statements import count_statements
from tests.sync.phones import Phone, conflicting, new_id


def test_what_both_changed_is_a_conflict_and_the_rest_is_taken(district_app, agent, township, neighbour):
    phone, resident_id, result = conflicting(agent, township)
    assert result["status"] == "conflict" and result["data"]["fields"] == ["phone"]
    stands = agent.get(f"/residents/{resident_id}").json
    assert stands["name"] == "王桂芳" and stands["phone"] == "139****0001"
    [shown] = agent.get("/sync/conflicts").json["items"]
    assert shown["fields"] == [
        {"name": "phone", "base": "138****1234", "server": "139****0001", "device": "139****0002"}
    ]
    assert neighbour.get("/sync/conflicts").json["items"] == []
    assert neighbour.get(f"/sync/conflicts/{shown['id']}").status_code == 404
    assert township.get(f"/sync/devices/{phone.id}").json["conflicts"] == 1


def test_the_township_takes_the_phones_value_with_one_click(district_app, agent, township):
    phone, resident_id, result = conflicting(agent, township)
    path = f"/sync/conflicts/{result['data']['conflict_id']}"
    etag = township.get(path).headers["ETag"]
    assert agent.put(f"{path}/resolution", {"choice": "device"}, etag=etag).status_code == 403
    answer = township.put(f"{path}/resolution", {"choice": "device"}, etag=etag)
    assert answer.status_code == 200 and answer.json["state"] == "resolved"
    assert agent.get(f"/residents/{resident_id}").json["phone"] == "139****0002"
    assert township.put(f"{path}/resolution", {"choice": "server"}).status_code == 409
    assert township.get("/sync/conflicts").json["items"] == []
    assert township.get(f"/sync/devices/{phone.id}").json["conflicts"] == 0


def test_a_field_that_nobody_else_touched_is_taken_whatever_else_changed(district_app, agent, township):
    phone = Phone(agent)
    resident = agent.get(f"/errands/{phone.registered()['id']}").json["resident"]
    township.patch(f"/residents/{resident['id']}", {"name": "王桂英"})
    first = phone.one("resident.edit", resident["id"], {"phone": "13900000002"}, base_version=1)
    again = phone.one("resident.edit", resident["id"], {"phone": "13900000003"}, base_version=1)
    assert (first["status"], again["status"]) == ("merged", "merged"), "a phone does not contradict itself"
    assert agent.get(f"/residents/{resident['id']}").json["phone"] == "139****0003"


def test_papers_merge_by_paper(district_app, agent, township):
    phone = Phone(agent)
    errand = phone.registered(materials=[{"name": "申请书", "received": True}])
    taken = {"materials": [{"name": "户口簿", "received": True}, {"name": "申请书", "received": False}]}
    assert township.put(f"/errands/{errand['id']}/materials", taken).status_code == 200
    wanted = {"materials": [{"name": "身份证", "received": True}, {"name": "户口簿", "received": False}]}
    seen = {"materials": [{"name": "身份证", "received": False}, {"name": "户口簿", "received": False}]}
    wanted["materials"][1]["received"] = False
    result = phone.one("errand.materials", errand["id"], wanted, base_version=1, base=seen)
    assert result["status"] == "conflict" and result["data"]["fields"] == ["户口簿"]
    laid = {paper["name"]: paper["received"] for paper in agent.get(f"/errands/{errand['id']}").json["materials"]}
    assert laid["身份证"] and laid["户口簿"], "nothing is taken back that the phone has not seen"


def test_what_is_refused_is_kept_and_what_follows_goes_on(district_app, agent, township, neighbour):
    phone = Phone(agent)
    poison = [
        phone.did("errand.fly", None, {}), phone.did("errand.note", new_id(), {"text": "不在"}),
        phone.did("errand.register", "7", {"resident": {"phone": "13805761234"}}),
        phone.did("errand.accept", [1], 5, base_version="x", occurred_at="gestern"),
    ]
    results = phone.push(*poison, good := phone.did("errand.register", None, cast.errand()))
    assert [each["status"] for each in results] == ["rejected"] * 4 + ["applied"]
    assert [each["problem"]["status"] for each in results[:4]] == [422, 404, 422, 422]
    again = phone.push(*poison)
    assert [(each["status"], each["first"], each["problem"]) for each in again] == [
        ("duplicate", "rejected", each["problem"]) for each in results[:4]
    ]
    items = township.get("/sync/inbox").json["items"]
    assert [each["kind"] for each in items] == ["rejected", "left_scope", "rejected", "rejected"]
    assert items[2]["sent"]["set"] == {"resident": {"phone": "138****1234"}}, "numbers are masked to everybody"
    assert township.get("/sync/inbox?kind=left_scope").json["items"] == [items[1]]
    assert len(agent.get("/sync/inbox").json["items"]) == 4 and neighbour.get("/sync/inbox").json["items"] == []
    assert township.get(f"/sync/devices/{phone.id}").json["rejected"] == 4
    path = f"/sync/inbox/{items[0]['id']}/settlement"
    assert agent.put(path, {"note": "已办"}).status_code == 403
    assert township.put(path, {"note": "已电话处理"}).json["state"] == "settled"
    assert township.put(path, {"note": "再次"}).status_code == 409
    assert len(township.get("/sync/inbox").json["items"]) == 3
    assert agent.get(f"/errands/{good['entity_id']}").status_code == 200


def test_a_foreign_row_and_none_are_refused_alike(district_app, agent, neighbour):
    theirs = neighbour.post("/errands", cast.errand()).json["id"]
    phone = Phone(agent)
    foreign, absent = phone.push(
        phone.did("errand.accept", theirs, base_version=1), phone.did("errand.accept", new_id(), base_version=1)
    )
    assert foreign["problem"] == absent["problem"] and foreign["problem"]["status"] == 404
    kinds = {(each["kind"], str(each["problem"])) for each in agent.get("/sync/inbox").json["items"]}
    assert len(kinds) == 1


def test_papers_in_conflict_are_laid_as_the_township_chooses(district_app, agent, township):
    phone = Phone(agent)
    errand = phone.registered()
    later = {"materials": [{"name": "户口簿", "received": False}]}
    township.put(f"/errands/{errand['id']}/materials", {"materials": [{"name": "申请书", "received": False}]})
    first = phone.one("errand.materials", errand["id"], later, base_version=1)
    second = phone.one("errand.materials", errand["id"], {"materials": [{"name": "身份证", "received": False}]},
                       base_version=1)
    for result, choice in ((first, "device"), (second, "server")):
        assert result["status"] == "conflict"
        path = f"/sync/conflicts/{result['data']['conflict_id']}"
        answer = township.put(f"{path}/resolution", {"choice": choice})
        assert answer.status_code == 200 and answer.json["choice"] == choice
    laid = {paper["name"]: paper["received"] for paper in agent.get(f"/errands/{errand['id']}").json["materials"]}
    assert (laid["户口簿"], laid["身份证"]) == (False, True)
    assert len(township.get("/sync/conflicts?state=all").json["items"]) == 2


def test_lists_cost_three_statements_and_can_be_narrowed(district_app, agent, township):
    phone, _, _ = conflicting(agent, township)
    phone.push(*[phone.did("errand.note", new_id(), {"text": "不在"}) for _ in range(3)])
    phone.one("problem.report", None, {"text": "停电"})
    for path in ("/sync/conflicts", "/sync/inbox", "/sync/devices", "/problems"):
        for query in ("?", f"?unit_code={cast.VILLAGE}&"):
            with count_statements() as seen:
                items = township.get(f"{path}{query}limit=100").json["items"]
            assert items and len(seen) <= 4, seen
        assert township.get(f"{path}?unit_code={cast.NEIGHBOUR}").json["items"] == []
    first = township.get("/sync/inbox?limit=2").json
    rest = township.get(f"/sync/inbox?limit=2&cursor={first['next_cursor']}").json
    assert len({each["id"] for each in first["items"] + rest["items"]}) == 3 and rest["next_cursor"] is None


def test_half_a_character_in_a_text_holds_up_nothing(district_app, agent):
    phone = Phone(agent)
    errand = phone.registered()["id"]
    cut = phone.did("errand.note", errand, {"text": "已办好\ud83d"})
    nul = phone.did("problem.report", None, {"text": "停\x00电"})
    behind = phone.did("errand.note", errand, {"text": "好\U0001f600"})
    assert [each["status"] for each in phone.push(cut, nul, behind)] == ["applied"] * 3
    assert [each["status"] for each in phone.push(cut, nul)] == ["duplicate"] * 2
    texts = {each["text"] for each in agent.get(f"/errands/{errand}/notes").json["items"]}
    assert texts == {"已办好\ufffd", "好\U0001f600"}
    assert agent.post(f"/errands/{errand}/notes", {"text": "已办好\ud83d"}).status_code == 400, "he corrects it"
