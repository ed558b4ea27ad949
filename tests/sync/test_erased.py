"""An erasure finds what phones pushed of a resident; sealed things are under the key of today."""
import pytest

from backend.core import rotation, sql
from backend.core.actor import system
from backend.errands.actions import erasing
from tests import cast
from tests.sync import pulls
from tests.sync.phones import Phone, conflicting


def held():
    return [bytes(blob) for (blob,) in sql.execute(
        "SELECT payload_sealed FROM sync_result WHERE payload_sealed IS NOT NULL "
        "UNION ALL SELECT values_sealed FROM sync_conflict WHERE values_sealed IS NOT NULL"
    ).fetchall()]


def copy_of(township, resident_id):
    """What she is handed of what is held of her, by table; of each the last."""
    answer = township.post(f"/residents/{resident_id}/copies", {"reason": "本人申请"})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return {
        each["table"]: {said["name"]: said["value"] for said in each["values"]} for each in answer.json["held"]
    }


def test_nothing_of_her_is_left_in_rejected_work_and_conflicts(district_app, agent, township, fixed_clock):
    fresh = Phone(agent)
    number = {"id_number": cast.id_number(9), "name": "王桂香", "phone": "057684110001"}
    early = fresh.one("errand.register", None, cast.errand(resident=number, item_code="none"))
    assert early["status"] == "rejected", "she has no row yet"
    phone, resident_id, result = conflicting(agent, township)
    phone.one("resident.edit", resident_id, {"phone": "1"}, base_version=1)
    phone.one("errand.register", None, cast.errand(resident=number, item_code="none"))
    phone.one("errand.register", None, cast.errand(item_code="none"))
    assert len(held()) == 5
    shown = copy_of(township, resident_id)
    assert {"sync_result", "sync_conflict"} <= set(shown) and "13900000002" in shown["sync_conflict"]["values"]
    problem = phone.one("problem.report", None, {"text": "王桂香家没有电"})["data"]["id"]
    erasing.erase(resident_id, reason="本人要求", actor=system("test"), now=fixed_clock.now())
    assert len(held()) == 1, "what is another's stays"
    assert township.get(f"/sync/conflicts/{result['data']['conflict_id']}").json["state"] == "resolved"
    assert township.get(f"/sync/devices/{phone.id}").json["conflicts"] == 0
    items = township.get("/sync/inbox").json["items"]
    assert [each["sent"] is None for each in items].count(True) == 3
    assert township.get(f"/problems/{problem}").status_code == 200
    again = phone.one("resident.edit", resident_id, {"phone": "13900000005"}, base_version=1)
    assert again["problem"]["status"] == 404 and len(held()) == 1, "of an erased one nothing is kept"


def test_what_a_phone_brings_after_the_erasure_is_blanked_by_a_second_one(district_app, agent, township, fixed_clock):
    """It was noted before, in the hills; her errand is open, so it counts and is kept. Other phones are told."""
    asked = {"reason": "本人要求", "actor": system("test"), "now": fixed_clock.now()}
    phone = Phone(agent)
    errand = phone.registered(serial=9)
    resident_id = agent.get(f"/errands/{errand['id']}").json["resident"]["id"]
    erasing.erase(resident_id, **asked)
    assert phone.one("errand.note", errand["id"], {"text": "王桂香家住百花3幢"})["status"] == "applied"
    problem = {"text": "王桂香家没有电", "errand_id": errand["id"]}
    assert phone.one("problem.report", None, problem)["status"] == "applied"
    other = pulls.Phone(township)
    other.pull()
    assert [note["text"] for note in other.of("note").values()] == ["王桂香家住百花3幢"]
    assert erasing.erase(resident_id, **asked) >= 2 and erasing.erase(resident_id, **asked) == 0
    other.pull()
    assert [note["text"] for note in other.of("note").values()] == [""] and other.check().status_code == 200
    assert [each["text"] for each in township.get("/problems").json["items"]] == [""]


def test_nothing_of_her_is_left_in_what_the_township_said_of_rejected_work(district_app, agent, township, fixed_clock):
    phone = Phone(agent)
    number = {"id_number": cast.id_number(9), "name": "王桂香", "phone": "057684110001"}
    phone.one("errand.register", None, cast.errand(resident=number, item_code="none"))
    errand = phone.registered(serial=9)
    resident_id = agent.get(f"/errands/{errand['id']}").json["resident"]["id"]
    phone.one("resident.edit", resident_id, {"phone": "1"}, base_version=1)
    for item in township.get("/sync/inbox").json["items"]:
        answer = township.put(f"/sync/inbox/{item['id']}/settlement", {"note": "王桂香的电话是13805761234"})
        assert answer.status_code == 200, answer.json
    erasing.erase(resident_id, reason="本人要求", actor=system("test"), now=fixed_clock.now())
    said = "SELECT e.seq FROM ledger_entry e JOIN ledger_detail d ON d.seq = e.seq WHERE e.action = 'sync.settle'"
    assert len(sql.execute(said).fetchall()) == 2
    assert sql.execute(said + " AND d.sealed IS NOT NULL").fetchall() == []
    assert {each["note"] for each in township.get("/sync/inbox?state=settled").json["items"]} == {None}


@pytest.mark.parametrize("table", ["sync_result", "sync_conflict"])
def test_keys_are_rotated_there_too(table):
    assert {column.name for column in rotation.columns() if column.table == table}
