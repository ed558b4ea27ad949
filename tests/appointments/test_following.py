"""Without account: what bears a number is followed and cancelled by it and four digits, whatever it is."""
from datetime import date

import pytest

from backend.core import sql
from backend.errands.rules import numbers
from tests import cast
from tests.appointments.booked import UNIT, appointment, cells, check_books, offer, rules
from tests.statements import count_statements


@pytest.fixture(autouse=True)
def centre(district_app, now):
    offer(rules(), now)
    yield
    check_books()


@pytest.fixture
def made(operator):
    body = appointment(1)
    body["person"]["id_number"] = cast.id_number(3)
    return operator.post("/appointments", body).json


def asked(made, **changes):
    return {"number": made["number"], "phone_last4": "0001"} | changes


def test_she_follows_it_by_the_number_and_four_digits(stranger, made, operator):
    operator.put(f"/appointments/{made['id']}/rescheduling", {"date": made["date"], "start": "10:00"})
    shown = stranger.post("/progress", asked(made))
    assert shown.status_code == 200
    assert shown.json == {
        "number": made["number"], "kind": "appointment", "state": "booked", "state_name": "已预约", "item": "综合业务",
        "due_at": "2026-02-13T10:00:00+08:00",
        "steps": [{"at": "2026-02-12T10:00:00+08:00", "what": what} for what in ("预约", "改期")],
    }
    last4 = cast.id_number(3)[-4:]
    assert stranger.post("/progress", {"number": made["number"], "id_last4": last4}).status_code == 200


def test_an_unknown_number_and_wrong_digits_are_one_answer_at_one_price(stranger, made, agent):
    case = agent.post("/errands", cast.errand()).json
    unknown = numbers.number(UNIT, date(2026, 2, 12), 9)
    wrong = [
        asked(made, phone_last4="9999"), {"number": case["number"], "phone_last4": "9999"},
        {"number": unknown, "phone_last4": "0001"},
    ]
    answers, prices = [], []
    for body in wrong:
        with count_statements() as run:
            answers.append(stranger.post("/progress", body))
        prices.append(len([text for text in run if text.lstrip().startswith("SELECT")]))
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.get_data() for answer in answers}) == 1
    assert len(set(prices)) == 1
    assert stranger.post("/progress", {"number": case["number"], "phone_last4": "1234"}).json["kind"] == "errand"


def test_she_cancels_it_herself(stranger, made, operator):
    assert stranger.put("/progress/cancellation", asked(made, phone_last4="0002"), etag=None).status_code == 404
    gone = stranger.put("/progress/cancellation", asked(made, reason="身体不适"), etag=None)
    assert (gone.status_code, gone.json["state"], gone.json["kind"]) == (200, "cancelled", "appointment")
    assert cells()[540] == (0, 0)
    again = stranger.put("/progress/cancellation", asked(made), etag=None)
    assert (again.status_code, again.json["type"]) == (409, "/problems/illegal-move")
    event = operator.get(f"/appointments/{made['id']}/events").json["items"][-1]
    assert (event["actor"]["name"], event["role"], event["detail"]) == ("群众", "anonymous", {"reason": "身体不适"})


def test_a_lost_answer_is_asked_for_again(stranger, made):
    headers = {"Idempotency-Key": "a-phones-own-key"}
    for replayed in (None, "true"):
        gone = stranger.put("/progress/cancellation", asked(made), etag=None, headers=headers)
        assert (gone.status_code, gone.headers.get("Idempotent-Replayed")) == (200, replayed)
    assert sql.value("SELECT count(*) FROM ledger_entry WHERE action = 'appointment.cancel'") == 1


def test_guessing_to_cancel_is_slowed_down_as_guessing_to_see(stranger, made):
    wrong = asked(made, phone_last4="9999")
    found = [stranger.put("/progress/cancellation", wrong, etag=None).status_code for _ in range(4)]
    found += [stranger.post("/progress", wrong).status_code for _ in range(5)]
    assert found == [404] * 8 + [429]
    assert stranger.put("/progress/cancellation", asked(made), etag=None).status_code == 429


def test_an_errand_is_not_cancelled_this_way(stranger, agent):
    case = agent.post("/errands", cast.errand()).json
    body = {"number": case["number"], "phone_last4": "1234"}
    assert stranger.put("/progress/cancellation", body, etag=None).status_code == 404
