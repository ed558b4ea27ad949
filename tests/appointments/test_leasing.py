"""Seats kept for phones: never sold twice, ended by owner, clock or what they become (rules 5.3, 9)."""
from datetime import timedelta

import pytest

from backend.appointments.actions import leasing, waiting
from backend.appointments.jobs import lapsing
from backend.appointments.queries import leases as queries
from backend.appointments.queries import slots
from backend.appointments.rules import leases
from backend.appointments.rules.horizon import CutoffPassed
from backend.appointments.rules.leases import LeaseUsed, TooManyLeases
from backend.appointments.rules.seats import AlreadyBooked, SlotFull
from backend.appointments.rules.starts import NoSuchSlot
from backend.core import sql
from backend.core.actor import AGENT, Actor
from backend.core.problems import Invalid, NotFound
from tests import cast
from tests.appointments.booked import SYSTEM, check_books
from tests.appointments.offers import rule, service_body
from tests.appointments.waits import DAY, UNIT, book, cancel, offered_to, opened, person, wait

pytestmark = pytest.mark.usefixtures("district")
AGENT_OF_VILLAGE = Actor(id="agent", name="agent", role=AGENT, unit_code=cast.VILLAGE)
OTHER = Actor(id="other", name="other", role=AGENT, unit_code=cast.VILLAGE)


def take(now, *, actor=AGENT_OF_VILLAGE, device="phone", **more):
    wish = {"device_id": device, "unit_code": UNIT, "date": DAY, "service": "a", "start": 540, "count": 1}
    with leasing.alternatives(wish | more, now):
        return leasing.take(wish | more, actor=actor, now=now)


def redeem(lease_id, now, name="王一", *, actor=AGENT_OF_VILLAGE, appointment_id=None, **more):
    promise = {"lease_id": lease_id, "person": person(name), "caller": None, "channel": "phone", "protected": False}
    return leasing.redeem(promise | more, appointment_id=appointment_id, actor=actor, now=now)


def state(lease_id):
    return queries.any_row(lease_id)["state"]


def free(now):
    return {slot.start: slot.free for slot in slots.free(UNIT, DAY, DAY, ["a"], now)}


def test_a_leased_seat_is_nobody_elses(now):
    opened(now)
    (lease_id,) = take(now)
    assert free(now) == {570: 1}
    with pytest.raises(SlotFull) as full:
        book("李二", now)
    assert full.value.extra["alternatives"][0]["start"] == "09:30"
    with pytest.raises(SlotFull):
        take(now, actor=OTHER, device="another")
    check_books()
    leasing.give_back(lease_id, actor=AGENT_OF_VILLAGE, now=now)
    leasing.give_back(lease_id, actor=AGENT_OF_VILLAGE, now=now)
    assert state(lease_id) == "returned" and free(now) == {540: 1, 570: 1}
    book("李二", now)
    check_books()


def test_a_promise_becomes_an_appointment_under_the_phones_id(now):
    opened(now)
    (lease_id,) = take(now)
    assert redeem(lease_id, now, appointment_id="made-by-the-phone") == "made-by-the-phone"
    assert (state(lease_id), queries.any_row(lease_id)["appointment_id"]) == ("redeemed", "made-by-the-phone")
    made = sql.row("SELECT * FROM appointment WHERE id = 'made-by-the-phone'")
    assert (made["state"], made["start_minute"], made["unit_code"]) == ("booked", 540, UNIT)
    check_books()
    with pytest.raises(LeaseUsed):
        redeem(lease_id, now, "李二")
    with pytest.raises(LeaseUsed):
        leasing.give_back(lease_id, actor=AGENT_OF_VILLAGE, now=now)
    cancel("made-by-the-phone", now)
    assert free(now) == {540: 1, 570: 1}
    check_books()


def test_without_a_time_different_times_are_kept_and_as_many_as_there_are(now):
    opened(now, rule("09:00", "10:00", capacity=2))
    kept = take(now, start=None, count=3)
    assert sorted(queries.any_row(each)["start_minute"] for each in kept) == [540, 540, 570]
    assert len(take(now, start=None, count=5)) == 1
    with pytest.raises(SlotFull):
        take(now, start=None)
    check_books()


def test_a_phone_keeps_ten_seats_and_an_account_twenty(now):
    opened(now, rule("09:00", "10:00", capacity=30))
    assert len(take(now, count=10)) == 10
    with pytest.raises(TooManyLeases) as many:
        take(now)
    assert many.value.extra == {"open": 10}
    assert len(take(now, device="second", count=10)) == 10
    with pytest.raises(TooManyLeases):
        take(now, device="third")
    assert len(take(now, actor=OTHER, device="another")) == 1
    later = now + leases.LONGEST
    assert len(take(later - timedelta(hours=6), start=570, count=1, actor=OTHER)) == 1


def test_a_lease_ends_by_the_clock_and_its_seat_is_free_whatever_the_job_did(now):
    opened(now)
    (lease_id,) = take(now, start=570)
    until = queries.any_row(lease_id)["expires_at"]
    assert until == min(now + timedelta(hours=24), queries.any_row(lease_id)["order_at"])
    sql.execute("UPDATE seat_lease SET expires_at = ? WHERE id = ?", (int((now.timestamp() + 60) * 1e6), lease_id))
    after = now + timedelta(minutes=1)
    assert free(now) == {540: 1} and free(after) == {540: 1, 570: 1}
    assert queries.shown(queries.any_row(lease_id), after)["state"] == "lapsed"
    book("李二", after, 570)
    assert state(lease_id) == "lapsed"
    check_books()


def test_the_job_of_the_holds_ends_leases_and_who_waits_has_the_seat(now):
    opened(now, rule("09:00", "09:30"))
    (lease_id,) = take(now)
    third = wait("张三", now)
    sql.execute("UPDATE seat_lease SET expires_at = ? WHERE id = ?", (int((now.timestamp() + 60) * 1e6), lease_id))
    assert lapsing.lapse_holds(actor=SYSTEM, now=now) == 0
    assert lapsing.lapse_holds(actor=SYSTEM, now=now + timedelta(minutes=1)) == 1
    assert offered_to(third)["start_minute"] == 540
    check_books()


def lapsed(now, **more):
    """A lease that has lapsed, its seat given back."""
    (lease_id,) = take(now, **more)
    sql.execute("UPDATE seat_lease SET expires_at = ? WHERE id = ?", (int(now.timestamp() * 1e6), lease_id))
    assert lapsing.lapse_holds(actor=SYSTEM, now=now) == 1
    return lease_id


def test_a_promise_that_comes_late_counts_where_the_seat_is_still_free(now):
    opened(now)
    lease_id = lapsed(now)
    made = redeem(lease_id, now + timedelta(hours=1))
    assert sql.value("SELECT start_minute FROM appointment WHERE id = ?", (made,)) == 540
    assert state(lease_id) == "redeemed"
    check_books()


def test_a_promise_that_comes_late_and_finds_the_seat_taken_names_the_nearest(now):
    opened(now)
    lease_id = lapsed(now)
    book("李二", now)
    with pytest.raises(SlotFull) as full:
        redeem(lease_id, now)
    assert full.value.extra["alternatives"][0]["start"] == "09:30"
    assert state(lease_id) == "lapsed"
    check_books()


def test_nothing_is_promised_once_the_time_has_begun(now):
    opened(now)
    (lease_id,) = take(now)
    with pytest.raises(CutoffPassed):
        redeem(lease_id, queries.any_row(lease_id)["order_at"])


def test_one_person_has_one_appointment_a_day_and_the_lease_stays(now):
    opened(now)
    book("王一", now, 570)
    (lease_id,) = take(now)
    with pytest.raises(AlreadyBooked):
        redeem(lease_id, now)
    assert state(lease_id) == "open"
    check_books()


def test_what_is_promised_is_what_was_kept(now):
    opened(now)
    (lease_id,) = take(now)
    for other in ({"start": 570}, {"service": "b"}, {"unit_code": cast.VILLAGE}, {"date": DAY + timedelta(1)}):
        with pytest.raises(Invalid):
            redeem(lease_id, now, **other)
    redeem(lease_id, now, start=540, service="a", unit_code=UNIT, date=DAY)


def test_a_strangers_lease_is_not_there(now):
    opened(now)
    (lease_id,) = take(now)
    for act in (redeem, lambda each, now, actor: leasing.give_back(each, actor=actor, now=now)):
        with pytest.raises(NotFound):
            act(lease_id, now, actor=OTHER)
    far = Actor(id="far", name="far", role=AGENT, unit_code=cast.FAR_VILLAGE)
    with pytest.raises(Invalid):
        take(now, actor=far)
    with pytest.raises(NoSuchSlot):
        take(now, service="none")


def test_cut_hours_end_leases_before_any_appointment(now):
    opened(now, rule("09:00", "10:00", capacity=2))
    (lease_id,) = take(now)
    book("李二", now)
    opened(now, rule("09:00", "10:00", capacity=1))
    waiting.lay(UNIT, DAY, actor=SYSTEM, now=now)
    assert state(lease_id) == "withdrawn"
    assert sql.value("SELECT count(*) FROM booking_conflict") == 0
    check_books()
    with pytest.raises(SlotFull):
        redeem(lease_id, now)


def test_a_phone_that_is_given_up_gives_its_seats_back(now):
    opened(now)
    take(now, start=None, count=2)
    assert leasing.give_back_all("phone", actor=SYSTEM, now=now) == 2
    assert free(now) == {540: 1, 570: 1}
    check_books()


def test_what_became_of_a_lease_is_forgotten_after_half_a_year(now):
    opened(now)
    lapsed(now)
    (standing,) = take(now)
    assert lapsing.forget_persons(actor=SYSTEM, now=now + leases.KEPT - timedelta(hours=1)) == 0
    assert lapsing.forget_persons(actor=SYSTEM, now=now + leases.KEPT) == 1
    assert [row["id"] for row in sql.rows("SELECT id FROM seat_lease")] == [standing]


def test_who_is_on_duty_serves_what_is_leased_too(now):
    """One who serves everything, one who serves b alone: a lease of a takes the first."""
    opened(now, rule("09:00", "10:00", capacity=2), services=[service_body("a"), service_body("b")])
    book("李二", now)
    sql.execute("UPDATE cell SET staff = '[[], [\"b\"]]'")
    take(now, start=570)
    with pytest.raises(SlotFull):
        take(now, start=570)
    assert len(take(now, start=570, service="b")) == 1
