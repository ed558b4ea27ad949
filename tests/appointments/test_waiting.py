"""Freed seats go to the waiting list inside the freeing transaction: who is offered what, and until when."""
from datetime import datetime, timedelta

import pytest

from backend.appointments.actions import waiting
from backend.appointments.jobs import waiting as jobs
from backend.appointments.queries import waits as shown
from backend.appointments.rules import seats, starts
from backend.appointments.rules import waiting as rules
from backend.appointments.rules.horizon import CutoffPassed, NotYetOpen
from backend.core import clock, sql
from backend.core.actor import system
from backend.core.problems import Conflict, IllegalMove, Invalid, NotFound
from tests.appointments import waits
from tests.appointments.offers import rule, service_body
from tests.appointments.waits import book, cancel, entry, offered_to, opened, wait
from tests.statements import count_statements

pytestmark = pytest.mark.usefixtures("district")
JOB = system("test")


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=clock.ZONE)


def test_a_freed_seat_is_held_for_who_waits_in_the_same_transaction(now):
    opened(now)
    first = book("甲", now)
    waiter = wait("乙", now, to_minute=570)
    assert entry(waiter)["state"] == "waiting"
    cancel(first, now)
    held = offered_to(waiter)
    assert (held["state"], held["start_minute"], held["surname"]) == ("held", 540, "乙")
    assert held["hold_until_at"] == entry(waiter)["offer_until_at"] == now + timedelta(minutes=30)
    with pytest.raises(seats.SlotFull):
        book("丙", now)
    assert waits.is_sound()


def test_the_protected_come_first_then_who_came_first(now):
    opened(now)
    first = book("甲", now)
    late = wait("乙", now)
    elder = wait("丙", now + timedelta(seconds=5), protected=True)
    other_elder = wait("丁", now + timedelta(seconds=6), protected=True)
    assert [each["id"] for each in shown.queue.in_turn(waits.UNIT, waits.DAY)] == [elder, other_elder, late]
    cancel(first, now)
    assert entry(elder)["state"] == "offered"
    assert entry(late)["state"] == entry(other_elder)["state"] == "waiting"
    assert offered_to(elder)["protected"]


def test_an_offer_that_is_taken_is_booked(now):
    opened(now)
    first, waiter = book("甲", now), wait("乙", now)
    cancel(first, now)
    later = now + timedelta(minutes=29)
    assert waits.to_ring(entry(waiter)["offered_id"]) == ["appointment_offered"]
    waits.keeping.accept(waiter, actor=waits.DESK, now=later)
    assert entry(waiter)["state"] == "accepted" and offered_to(waiter)["state"] == "booked"
    assert waits.to_ring(entry(waiter)["offered_id"]) == [], "she has said yes: nobody rings her to ask"
    told = sql.rows("SELECT template FROM notice WHERE subject_id = ?", (entry(waiter)["offered_id"],))
    assert {each["template"] for each in told} == {"appointment_offered", "appointment_booked"}
    with pytest.raises(IllegalMove):
        waits.keeping.withdraw(waiter, actor=waits.DESK, now=later)
    assert waits.is_sound()


def test_an_offer_lapses_by_the_clock_and_goes_to_the_next(now):
    opened(now)
    first, waiter, following = book("甲", now), wait("乙", now, to_minute=570), wait("丙", now, to_minute=570)
    cancel(first, now)
    late, lapsing = now + timedelta(minutes=30), entry(waiter)["offered_id"]
    with pytest.raises(rules.OfferLapsed):
        waits.keeping.accept(waiter, actor=waits.DESK, now=late)
    assert shown.one(waiter, actor=waits.DESK, now=late)["state"] == "lapsed"
    with pytest.raises(seats.SlotFull):
        book("丁", late)
    waits.lapse(late)
    assert waits.to_ring(lapsing) == [] and waits.to_ring(entry(following)["offered_id"]) == ["appointment_offered"]
    assert entry(waiter)["state"] == "lapsed" and entry(following)["state"] == "offered"
    assert offered_to(following)["start_minute"] == 540
    with pytest.raises(rules.OfferLapsed):
        waits.keeping.accept(waiter, actor=waits.DESK, now=late)
    assert sql.value("SELECT count(*) FROM notice WHERE template = 'appointment_offer_lapsed'") == 1
    assert waits.is_sound()


def test_who_declines_passes_the_seat_on_at_once(now):
    opened(now)
    first, waiter, following = book("甲", now), wait("乙", now), wait("丙", now)
    cancel(first, now)
    waits.keeping.withdraw(waiter, actor=waits.DESK, now=now)
    assert entry(waiter)["state"] == "withdrawn" and entry(following)["state"] == "offered"
    waits.keeping.withdraw(following, actor=waits.DESK, now=now)
    book("丁", now)
    assert waits.is_sound()


def test_who_leaves_the_list_before_is_offered_nothing(now):
    opened(now)
    first, waiter = book("甲", now), wait("乙", now)
    waits.keeping.withdraw(waiter, actor=waits.DESK, now=now)
    cancel(first, now)
    assert offered_to(waiter) is None
    assert wait("乙", now) != waiter


def test_an_offer_fits_only_where_all_cells_of_the_service_are_free(now):
    opened(now)
    first, second = book("甲", now, 540), book("乙", now, 570)
    long = wait("丙", now, service="b")
    short = wait("丁", now, 570, 600)
    cancel(first, now)
    assert entry(long)["state"] == entry(short)["state"] == "waiting"
    cancel(second, now)
    assert entry(long)["state"] == "offered" and offered_to(long)["start_minute"] == 540
    assert entry(short)["state"] == "waiting"
    assert waits.is_sound()


def test_a_stretch_bounds_where_the_appointment_begins_and_ends(now):
    opened(now, rule("09:00", "11:00"))
    taken = [book(name, now, start) for name, start in zip("甲乙丙丁", (540, 570, 600, 630))]
    waiter = wait("戊", now, 570, 630)
    cancel(taken[0], now)
    cancel(taken[3], now)
    assert entry(waiter)["state"] == "waiting"
    cancel(taken[2], now)
    assert offered_to(waiter)["start_minute"] == 600


def test_nobody_is_offered_a_seat_after_its_cutoff_and_an_offer_ends_with_it(now):
    cutoff = {"kind": "minutes_before", "value": 60}
    opened(now, services=[service_body("a", cutoff=cutoff)])
    first, second = book("甲", now, 540), book("乙", now, 570)
    waiter = wait("丙", now)
    early = at("02-13 08:00")
    cancel(first, early)
    assert entry(waiter)["state"] == "waiting"
    cancel(second, at("02-13 08:20"))
    assert entry(waiter)["offer_until_at"] == at("02-13 08:30")


def test_several_seats_freed_are_offered_to_several(now):
    opened(now)
    both = book("甲", now, service="b")
    waiters = [wait("乙", now), wait("丙", now), wait("丁", now)]
    cancel(both, now)
    assert [entry(each)["state"] for each in waiters] == ["offered", "offered", "waiting"]
    assert [offered_to(each)["start_minute"] for each in waiters[:2]] == [540, 570]


def test_moving_an_appointment_frees_its_old_seat_for_who_waits(now):
    opened(now)
    first, waiter = book("甲", now), wait("乙", now, to_minute=570)
    waits.turning.reschedule(first, day_on=waits.DAY, start=570, actor=waits.DESK, now=now)
    assert offered_to(waiter)["start_minute"] == 540 and waits.is_sound()


def test_a_hold_that_lapses_goes_to_who_waits_before_anybody_else(now):
    opened(now)
    book("甲", now, hold=True)
    waiter = wait("乙", now, to_minute=570)
    late = now + timedelta(minutes=5)
    with pytest.raises(seats.SlotFull):
        book("丙", late)
    assert waits.lapse(late) == [True]
    assert offered_to(waiter)["state"] == "held" and waits.is_sound()


def test_a_confirmation_by_the_appointments_own_way_takes_the_offer_too(now):
    opened(now)
    first, waiter = book("甲", now), wait("乙", now)
    cancel(first, now)
    waits.turning.confirm(entry(waiter)["offered_id"], actor=waits.DESK, now=now)
    assert shown.one(waiter, actor=waits.DESK, now=now)["state"] == "accepted"
    jobs.sweep_waiting(actor=JOB, now=now)
    assert entry(waiter)["state"] == "accepted"


def test_a_wait_ends_when_nothing_can_be_offered_any_more(now):
    opened(now)
    book("甲", now)
    waiter = wait("乙", now, to_minute=570)
    assert jobs.sweep_waiting(actor=JOB, now=at("02-13 08:59")) == 0
    assert jobs.sweep_waiting(actor=JOB, now=at("02-13 09:00")) == 1
    assert entry(waiter)["state"] == "lapsed"
    assert jobs.sweep_waiting(actor=JOB, now=at("02-13 09:01")) == 0


def test_more_seats_by_a_new_rule_are_offered_to_who_waits(now):
    opened(now)
    book("甲", now)
    waiter = wait("乙", now, to_minute=570)
    opened(now, rule("09:00", "10:00", capacity=2))
    assert waiting.lay(waits.UNIT, waits.DAY, actor=JOB, now=now) > 0
    assert offered_to(waiter)["start_minute"] == 540


def test_who_waits_for_one_slot_that_has_just_got_free_is_offered_it_at_once(now):
    opened(now)
    waiter = wait("乙", now, to_minute=570)
    assert entry(waiter)["state"] == "offered"


def test_what_is_free_otherwise_is_offered_by_the_job(now):
    opened(now)
    waiter = wait("乙", now)
    assert entry(waiter)["state"] == "waiting"
    assert jobs.sweep_waiting(actor=JOB, now=now) == 1
    assert entry(waiter)["state"] == "offered" and jobs.sweep_waiting(actor=JOB, now=now) == 0


@pytest.mark.parametrize(("change", "refusal"), [
    ({"date": waits.DAY + timedelta(days=20)}, NotYetOpen), ({"date": waits.DAY - timedelta(days=1)}, CutoffPassed),
    ({"service": "z"}, starts.NoSuchSlot), ({"to": 560}, starts.NoSuchSlot), ({"to": 540}, Invalid),
    ({"date": waits.DAY + timedelta(days=2)}, starts.NoSuchSlot), ({"unit_code": "331003002000"}, Invalid),
    ({"person": {"name": "乙", "phone": "12"}}, Invalid),
])
def test_a_wait_for_what_cannot_be_is_refused(now, change, refusal):
    opened(now)
    wish = waits.given("乙") | {"from": 540, "to": 600} | change
    with pytest.raises(refusal):
        waits.keeping.ask(wish, actor=waits.DESK, now=now + timedelta(hours=7, minutes=31))
    assert sql.value("SELECT count(*) FROM waiting") == 0


def test_a_person_waits_once_and_not_for_what_she_has(now):
    opened(now)
    book("甲", now)
    with pytest.raises(seats.AlreadyBooked):
        wait("甲", now)
    wait("乙", now)
    with pytest.raises(rules.AlreadyWaiting):
        wait("乙", now)
    wait("乙", now, service="b")


def test_who_has_booked_otherwise_meanwhile_is_passed_over(now):
    opened(now)
    first = book("甲", now, 540)
    waiter, following = wait("乙", now), wait("丙", now)
    book("乙", now, 570)
    cancel(first, now)
    assert entry(waiter)["state"] == "waiting" and entry(following)["state"] == "offered"


def test_what_is_another_units_is_not_found(now):
    opened(now)
    book("甲", now)
    waiter = wait("乙", now)
    other = waits.Actor(id="x", name="x", role="operator", unit_code="331003002000")
    for act in (waits.keeping.accept, waits.keeping.withdraw):
        with pytest.raises(NotFound):
            act(waiter, actor=other, now=now)
    with pytest.raises(IllegalMove):
        waits.keeping.accept(waiter, actor=waits.DESK, now=now)
    assert issubclass(rules.AlreadyWaiting, Conflict)


def test_passing_on_costs_two_statements_where_nobody_waits_and_few_where_somebody_does(now):
    opened(now)
    first, second = book("甲", now, 540), book("乙", now, 570)
    freed = [(waits.UNIT, waits.DAY, 540, "")]
    with count_statements() as idle:
        waiting.pass_on(freed, actor=JOB, now=now)
    assert len([text for text in idle if "waiting" in text or "cell_day" in text]) <= 2
    wait("丙", now, 570, 600)
    with count_statements() as alone:
        cancel(first, now)
    with count_statements() as offering:
        cancel(second, now)
    assert len(offering) - len(alone) <= 12, offering


def test_the_list_is_swept_in_few_statements_however_many_wait(now):
    opened(now)
    book("甲", now)
    for name in "乙丙丁戊己":
        wait(name, now, to_minute=600, service="b")
    with count_statements() as seen:
        assert jobs.sweep_waiting(actor=JOB, now=now) == 0
    assert len(seen) <= 5, seen
