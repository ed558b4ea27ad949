"""Phones belong to one account, are shown to its township, and can be taken away."""
from tests import cast
from tests.sync.phones import Phone


def test_a_phone_is_seen_by_its_owner_and_those_who_answer_for_him(district_app, agent, neighbour, township, stranger):
    phone = Phone(agent, "旧手机")
    Phone(neighbour)
    assert [each["id"] for each in agent.get("/sync/devices").json["items"]] == [phone.id]
    assert len(township.get("/sync/devices").json["items"]) == 2
    far = cast.sign_in(district_app.test_client(), cast.FAR_OFFICE)
    assert far.get("/sync/devices").json["items"] == []
    path = f"/sync/devices/{phone.id}"
    assert township.get(path).json["account"]["name"] == agent.get("/me").json["name"]
    assert neighbour.get(path).status_code == 404 == far.get(path).status_code
    assert neighbour.delete(path).status_code == 404 == far.delete(path).status_code
    page = township.get("/sync/devices?limit=1").json
    assert len(township.get(f"/sync/devices?limit=1&cursor={page['next_cursor']}").json["items"]) == 1


def test_a_phone_that_was_taken_away_is_signed_out_and_no_longer_heard(district_app, agent, township):
    phone = Phone(agent)
    phone.registered()
    other = cast.sign_in(district_app.test_client(), cast.AGENT)
    assert township.delete(f"/sync/devices/{phone.id}").status_code == 204
    assert agent.get("/me").status_code == 401, "its session has ended"
    assert other.get("/me").status_code == 200, "another device's has not"
    refused = other.post("/sync/push", {"device_id": phone.id, "mutations": []})
    assert refused.status_code == 403 and refused.json["type"] == "/problems/device-revoked"
    assert township.delete(f"/sync/devices/{phone.id}").status_code == 204
    assert township.get("/sync/devices?revoked=true").json["items"][0]["revoked_at"]


def test_a_sign_in_that_registered_another_phone_still_ends_with_the_one_taken_away(district_app, agent, township):
    stolen = Phone(agent, "丢失的手机")
    Phone(agent, "另一部").registered()
    assert township.delete(f"/sync/devices/{stolen.id}").status_code == 204
    assert agent.get("/sync/changes").status_code == 401


def test_what_names_its_unit_is_never_filed_at_the_unit_its_agent_was_moved_to(agent, admin, township):
    """docs/sync.md: noted in one village, sent from another; the township finds it in its inbox."""
    phone = Phone(agent)
    noted = phone.did("errand.register", None, cast.errand(unit_code=cast.VILLAGE))
    me = agent.get("/me").json["id"]
    assert admin.patch(f"/accounts/{me}", {"unit_code": cast.NEIGHBOUR}).status_code == 200
    assert phone.push(noted)[0]["problem"]["errors"].keys() == {"unit_code"}
    assert [each["type"] for each in township.get("/sync/inbox").json["items"]] == ["errand.register"]
    assert township.get("/errands?state=all").json["items"] == []
