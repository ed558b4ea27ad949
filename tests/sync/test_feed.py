"""The change feed: what a phone is told, and that it then holds what it should."""
from tests import cast
from tests.sync.pulls import Phone
from tests.visits.calls import sent


def test_a_cold_start_tells_an_errand_with_its_resident_and_then_nothing_more(agent):
    case = sent(agent.post("/errands", cast.errand()), 201)
    phone = Phone(agent)
    told = phone.pull()
    assert [(change["type"], change["op"]) for change in told] == [("resident", "put"), ("errand", "put")]
    assert told[1]["id"] == case["id"] and told[1]["data"]["resident"]["phone"] == "13805761234"
    assert phone.pull() == []
    assert sent(phone.check())["budget"]["state"] == "ok"


def test_what_happens_is_told_once_in_its_latest_form(agent):
    phone = Phone(agent)
    phone.pull()
    case = sent(agent.post("/errands", cast.errand()), 201)
    path = f"/errands/{case['id']}"
    sent(agent.post(f"{path}/notes", {"text": "已联系"}), 201)
    sent(agent.put(f"{path}/acceptance"))
    told = phone.pull()
    assert [(change["type"], change["op"]) for change in told] == [
        ("note", "put"), ("resident", "put"), ("errand", "put"),
    ]
    assert phone.of("errand")[case["id"]]["state"] == "accepted"
    assert sent(phone.check())
