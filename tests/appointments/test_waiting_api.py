"""The waiting list and blocks over HTTP: shapes, ETags, refusals, pages."""
import pytest

from tests import cast
from tests.appointments import stored
from tests.appointments.offers import body, rule, service_body
from tests.statements import count_statements

UNIT, DAY = cast.TOWNSHIP, "2026-02-13"


@pytest.fixture
def counter(township):
    """The township's counter: one seat each half hour from 09:00 to 10:00."""
    given = body(rule("09:00", "10:00"), services=[service_body("a")])
    assert township.put(f"/units/{UNIT}/booking-rules", given).status_code == 200
    return township


def person(name, phone):
    return {"name": name, "phone": phone}


def booked(operator, name="甲甲", phone="13805760001", start="09:00"):
    made = operator.post("/appointments", {
        "unit_code": UNIT, "date": DAY, "start": start, "service": "a", "person": person(name, phone),
        "channel": "phone", "protected": False, "hold": False,
    })
    assert made.status_code == 201, made.json
    return made.json["id"]


WISH = {
    "unit_code": UNIT, "service": "a", "date": DAY, "from": "09:00", "to": "09:30",
    "person": person("王桂香", "13805761234"), "protected": False,
}


def test_a_lapsed_seat_for_which_somebody_waits_is_nowhere_called_free(counter, operator, stranger, fixed_clock):
    first = booked(operator)
    for name, phone in (("王桂香", "13805761234"), ("李四", "13805765678")):
        assert operator.post("/waiting-list", WISH | {"person": person(name, phone)}).status_code == 201
    operator.put(f"/appointments/{first}/cancellation")
    fixed_clock.advance(minutes=31)
    free = stranger.get(f"/units/{UNIT}/slots?from={DAY}&to={DAY}").json["items"]
    assert [slot["start"] for slot in free] == ["09:30"]
    refused = operator.post("/appointments", {
        "unit_code": UNIT, "date": DAY, "start": "09:00", "service": "a", "person": person("赵六", "13805769999"),
        "channel": "phone",
    })
    assert refused.json["type"] == "/problems/slot-full"
    assert [slot["date"] for slot in refused.json["alternatives"] if slot["start"] == "09:00"] != [DAY]


def test_a_person_waits_is_offered_a_seat_and_takes_it(counter, operator):
    first = booked(operator)
    made = operator.post("/waiting-list", WISH)
    assert made.status_code == 201 and made.json["state"] == "waiting" and made.json["offer"] is None
    assert made.json["person"] == {"name": "王桂香", "phone": "138****1234", "id_number": None}
    path = f"/waiting-list/{made.json['id']}"
    early = operator.put(f"{path}/offer/acceptance")
    assert early.status_code == 409 and early.json["type"] == "/problems/illegal-move"
    assert operator.put(f"/appointments/{first}/cancellation", {"reason": "有事"}).status_code == 200
    seen = operator.get(path)
    offer = seen.json["offer"]
    assert seen.json["state"] == "offered"
    assert (offer["date"], offer["start"], offer["expires_at"]) == (DAY, "09:00", "2026-02-12T10:30:00+08:00")
    held = operator.get(f"/appointments/{offer['appointment_id']}").json
    assert (held["state"], held["held_until"]) == ("held", offer["expires_at"])
    assert operator.put(f"{path}/offer/acceptance", etag=made.headers["ETag"]).status_code == 412
    assert operator.put(f"{path}/offer/acceptance", etag=None).status_code == 428
    taken = operator.put(f"{path}/offer/acceptance", etag=seen.headers["ETag"])
    assert taken.status_code == 200 and taken.json["state"] == "accepted" and taken.json["offer"] is None
    assert operator.get(f"/appointments/{offer['appointment_id']}").json["state"] == "booked"
    assert operator.get("/waiting-list").json["items"] == []
    assert [each["id"] for each in operator.get("/waiting-list?state=all").json["items"]] == [made.json["id"]]


def test_an_offer_that_lapsed_is_gone(counter, operator, fixed_clock):
    first = booked(operator)
    path = f"/waiting-list/{operator.post('/waiting-list', WISH).json['id']}"
    operator.put(f"/appointments/{first}/cancellation")
    fixed_clock.advance(minutes=30)
    late = operator.put(f"{path}/offer/acceptance")
    assert late.status_code == 410 and late.json["type"] == "/problems/offer-lapsed"
    assert operator.get(path).json["state"] == "lapsed"


def test_a_repeated_request_puts_a_person_on_the_list_once(counter, operator):
    booked(operator)
    first, again = (operator.post("/waiting-list", WISH, key="waiting-0001") for _ in range(2))
    assert again.status_code == 201 and again.json["id"] == first.json["id"]
    assert again.headers["Idempotent-Replayed"] == "true"
    twice = operator.post("/waiting-list", WISH)
    assert twice.status_code == 409 and twice.json["type"] == "/problems/already-waiting"


@pytest.mark.parametrize("change", [
    {"from": "9:00"}, {"to": "09:00"}, {"person": {"name": "甲"}}, {"channel": "self"}, {"more": 1},
    {"unit_code": cast.FAR_TOWNSHIP},
])
def test_what_makes_no_sense_is_refused(counter, operator, change):
    assert operator.post("/waiting-list", WISH | change).status_code == 422


def test_a_list_is_paged_in_two_statements_whatever_its_length(counter, operator, township):
    made = [stored.entry(UNIT) for _ in range(5)]
    stored.entry(cast.FAR_TOWNSHIP)
    offered = stored.entry(cast.VILLAGE, "offered", offered_id="none")
    for caller, expected in ((operator, made), (township, [*made, offered])):
        with count_statements() as seen:
            first = caller.get("/waiting-list?limit=3").json
        assert len(seen) <= 4, seen
        rest = caller.get(f"/waiting-list?limit=3&cursor={first['next_cursor']}").json
        assert [each["id"] for each in first["items"] + rest["items"]] == expected and rest["next_cursor"] is None
    assert [each["id"] for each in township.get(f"/waiting-list?unit_code={cast.VILLAGE}").json["items"]] == [offered]
    assert operator.get("/waiting-list?state=odd").status_code == 422


def test_a_block_is_appealed_against_and_decided_by_the_township(counter, operator, township):
    block_id = stored.block(UNIT)
    path = f"/booking-blocks/{block_id}"
    assert [each["id"] for each in operator.get("/booking-blocks").json["items"]] == [block_id]
    assert operator.get(path).json["binding"] is True
    assert operator.put(f"{path}/decision", {"upheld": True, "reason": "属实"}).status_code == 403
    early = township.put(f"{path}/decision", {"upheld": True, "reason": "属实"})
    assert early.status_code == 409
    made = operator.post(f"{path}/appeals", {"reason": "住院"})
    assert made.status_code == 201 and made.json["state"] == "appealed" and made.json["binding"] is False
    decided = township.put(f"{path}/decision", {"upheld": True, "reason": "情况属实"}, etag=made.headers["ETag"])
    assert decided.status_code == 200 and decided.json["state"] == "lifted"
    assert decided.json["answer"] == "情况属实" and decided.json["decided_by"]["name"]
    assert operator.post(f"{path}/appeals", {"reason": "再次"}).status_code == 409
    assert operator.get("/booking-blocks").json["items"] == []
