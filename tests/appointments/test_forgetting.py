"""Nothing is left of a person who was erased, or whose appointment is long over."""
from datetime import timedelta

import pytest

from backend.appointments.jobs import lapsing
from backend.core import adjustable, sql, verification
from backend.core.problems import Invalid
from backend.errands.actions import erasing
from tests import cast
from tests.appointments.booked import SYSTEM, appointment, cells, check_books, offer, rules
from tests.errands.test_erased import everything

SECRET = "家有卧床老人"


@pytest.fixture(autouse=True)
def centre(district_app, now):
    offer(rules(), now)
    yield
    check_books()


def booked(operator, serial=1, **changes):
    body = appointment(serial, caller={"name": "李小四", "phone": "13705760001"}, **changes)
    body["person"] |= {"name": "赵翠花"}
    return body, operator.post("/appointments", body).json


def test_erasing_a_resident_erases_her_appointments_and_cancels_what_is_to_come(operator, agent, township, now):
    case = agent.post("/errands", cast.errand(resident={
        "name": "赵翠花", "id_number": cast.id_number(5), "phone": "13857610001",
    })).json
    body, by_phone = booked(operator)
    body = appointment(1, start="10:00", service="long", person=body["person"] | {"id_number": cast.id_number(5)})
    by_number = operator.post("/appointments", body).json
    assert by_number["resident_id"] == case["resident"]["id"] and by_phone["resident_id"] is None
    operator.put(f"/appointments/{by_phone['id']}/cancellation", {"reason": SECRET})
    assert SECRET in everything() and "赵翠花" in everything()
    asked = {"reason": "应本人要求", "actor": SYSTEM, "now": now}
    erasing.erase(case["resident"]["id"], **asked)
    left = everything()
    assert [line[:200] for line in left.splitlines() if SECRET in line or "赵" in line or "zch" in line] == []
    assert set(cells().values()) == {(0, 0)}
    shown = township.get(f"/appointments/{by_number['id']}").json
    assert (shown["state"], shown["person"]["name"], shown["caller"]) == ("cancelled", None, None)
    assert erasing.erase(case["resident"]["id"], **asked) == 0
    assert verification.verify().code == 0


def test_persons_are_forgotten_a_year_after_their_appointment(operator, now):
    booked(operator, 1)
    booked(operator, 2, date="2026-02-24")
    after = now + timedelta(days=1 + 365)
    assert lapsing.forget_persons(actor=SYSTEM, now=after) == 1
    assert lapsing.forget_persons(actor=SYSTEM, now=after) == 0
    kept = "SELECT day_on FROM appointment WHERE person_sealed IS NOT NULL"
    assert [row["day_on"].isoformat() for row in sql.rows(kept)] == ["2026-02-24"]


def test_how_long_is_the_districts_to_decide(operator, now):
    booked(operator)
    adjustable.decide(
        "appointment-retention", value={"days": 90}, valid_from=None, actor=SYSTEM, now=now
    )
    assert lapsing.forget_persons(actor=SYSTEM, now=now + timedelta(days=92)) == 1
    with pytest.raises(Invalid):
        adjustable.decide("appointment-retention", value={"days": 1}, valid_from=None, actor=SYSTEM, now=now)


def test_lapsed_holds_give_their_seat_back_without_anybody_asking(operator, now):
    operator.post("/appointments", appointment(1, hold=True))
    operator.post("/appointments", appointment(2))
    assert lapsing.lapse_holds(actor=SYSTEM, now=now + timedelta(minutes=4)) == 0
    assert lapsing.lapse_holds(actor=SYSTEM, now=now + timedelta(minutes=5)) == 1
    assert cells()[540] == (1, 0)
