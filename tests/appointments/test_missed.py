"""Who does not come: grace, walk-ins, blocks that never bind phone or desk, appeals (rules 5.8); reminders."""
from datetime import datetime, timedelta

import pytest

from backend.appointments.actions import blocking, reminding, waiting
from backend.appointments.jobs import lapsing
from backend.appointments.jobs import waiting as jobs
from backend.appointments.queries import blocks as queries
from backend.appointments.queries import bookings
from backend.appointments.rules import blocks, persons, seats, states
from backend.appointments.rules.horizon import CutoffPassed
from backend.core import clock, sql
from backend.core.actor import system
from backend.core.problems import Forbidden, IllegalMove
from tests.appointments import stored, waits
from tests.appointments.offers import rule, service_body
from tests.appointments.waits import DESK, OFFICE, book, cancel, offered_to, opened, person, wait
from tests.statements import count_statements

pytestmark = pytest.mark.usefixtures("district")
JOB = system("test")


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=clock.ZONE)


def miss(appointment_id, now):
    return waits.turning.miss(appointment_id, actor=DESK, now=now)


def missed_three(now, name="甲"):
    """Three services of one morning, none kept."""
    opened(now, services=[service_body(code) for code in "abc"])
    for code, start in (("a", 540), ("b", 570)):
        miss(book(name, now, start, service=code), at("02-13 10:00"))
    return miss(book(name, now, 540, service="c"), at("02-13 10:05"))


def identity_of(name):
    return persons.identity(person(name))


def test_a_seat_serves_walk_ins_from_the_sixteenth_minute_on(now):
    opened(now)
    late = book("甲", now)
    with pytest.raises(seats.SlotFull):
        book("乙", at("02-13 09:14"), channel="desk")
    come = book("乙", at("02-13 09:15"), channel="desk")
    assert bookings.any_row(come)["state"] == "booked" and bookings.any_row(late)["state"] == "booked"
    assert waits.is_sound()
    waits.turning.check_in(late, actor=DESK, now=at("02-13 09:20"))
    assert bookings.any_row(late)["state"] == "checked_in"


def test_who_is_here_keeps_her_seat(now):
    opened(now)
    waits.turning.check_in(book("甲", now), actor=DESK, now=at("02-13 08:58"))
    with pytest.raises(seats.SlotFull):
        book("乙", at("02-13 09:20"), channel="desk")


def test_a_cutoff_holds_for_the_telephone_and_not_for_who_stands_at_the_desk(now):
    opened(now)
    with pytest.raises(CutoffPassed):
        book("乙", at("02-13 09:05"))
    with pytest.raises(CutoffPassed):
        book("乙", at("02-13 09:31"), channel="desk")
    book("乙", at("02-13 09:05"), channel="desk")


def test_what_a_walk_in_leaves_of_a_late_persons_time_goes_to_who_waits(now):
    opened(now)
    book("甲", now, service="b")
    waiter = wait("乙", now, 570, 600)
    book("丙", at("02-13 09:20"), channel="desk")
    assert offered_to(waiter)["start_minute"] == 570 and waits.is_sound()


def test_nobody_is_a_no_show_within_the_grace(now):
    opened(now)
    appointment = book("甲", now)
    with pytest.raises(states.GraceRuns):
        miss(appointment, at("02-13 09:14"))
    miss(appointment, at("02-13 09:15"))
    assert waits.is_sound()


def test_three_no_shows_block_booking_by_oneself_alone(now):
    missed_three(now)
    then = at("02-13 10:06")
    block = queries.blocking(identity_of("甲"), then)
    assert block["no_shows"] == 3 and block["until_at"] == at("02-13 10:05") + timedelta(days=30)
    with pytest.raises(blocks.Blocked):
        queries.check(identity_of("甲"), then)
    queries.check(identity_of("乙"), then)
    queries.check(identity_of("甲"), block["until_at"])
    waits.booking.book(waits.given("甲", date=waits.DAY + timedelta(days=11)), actor=DESK, now=then)
    told = sql.row("SELECT template FROM notice WHERE template = 'booking_blocked'")
    assert told and sql.value("SELECT count(*) FROM call_task WHERE reason = 'booking_blocked'") == 1


def test_a_block_under_appeal_does_not_bind_and_another_decides(now):
    missed_three(now)
    then = at("02-13 10:06")
    block_id = queries.blocking(identity_of("甲"), then)["id"]
    blocking.appeal(block_id, reason="住院", actor=OFFICE, now=then)
    assert queries.blocking(identity_of("甲"), then) is None
    with pytest.raises(IllegalMove):
        blocking.appeal(block_id, reason="又", actor=DESK, now=then)
    with pytest.raises(Forbidden):
        blocking.decide(block_id, upheld=True, reason="情况属实", actor=OFFICE, now=then)
    other = waits.Actor(id="other", name="other", role="township", unit_code=waits.UNIT)
    blocking.decide(block_id, upheld=False, reason="没有证明", actor=other, now=then)
    assert queries.blocking(identity_of("甲"), then)["id"] == block_id
    shown = queries.one(block_id, actor=DESK, now=then)
    assert (shown["state"], shown["binding"], shown["surname"]) == ("kept", True, "甲")


def test_an_upheld_appeal_lifts_the_block_and_its_no_shows_count_no_more(now):
    missed_three(now)
    then = at("02-13 10:06")
    block_id = queries.blocking(identity_of("甲"), then)["id"]
    blocking.appeal(block_id, reason="住院", actor=DESK, now=then)
    blocking.decide(block_id, upheld=True, reason="情况属实", actor=OFFICE, now=then)
    assert queries.blocking(identity_of("甲"), then) is None
    monday = waits.DAY + timedelta(days=11)
    again = book("甲", then, date=monday)
    miss(again, at("02-24 09:20"))
    assert sql.value("SELECT count(*) FROM booking_block") == 1


def test_blocks_are_listed_within_ones_reach_in_three_statements(now):
    missed_three(now)
    query = {"state": [], "unit_code": [], "limit": 50, "cursor": None}
    with count_statements() as seen:
        page = queries.listed(query, actor=OFFICE, now=now)
    assert len(page.items) == 1 and len(seen) <= 3
    far = waits.Actor(id="far", name="far", role="township", unit_code="331003002000")
    assert queries.listed(query, actor=far, now=now).items == []


def reminded():
    return sql.value("SELECT count(*) FROM call_task WHERE reason = 'appointment_reminder'")


def test_a_person_is_reminded_the_working_day_before_exactly_once(now):
    early = now - timedelta(days=1)
    opened(early)
    book("甲", early)
    late = book("乙", early, 570)
    assert jobs.remind(actor=JOB, now=now - timedelta(seconds=1)) == 0
    cancel(late, now)
    assert jobs.remind(actor=JOB, now=now) == 1
    assert jobs.remind(actor=JOB, now=now + timedelta(minutes=1)) == 0
    assert reminded() == 1
    assert sql.value("SELECT count(*) FROM notice WHERE template = 'appointment_reminder'") == 1


@pytest.mark.parametrize("turn", [
    lambda it, now: cancel(it, now),
    lambda it, now: waits.turning.reschedule(it, day_on=waits.DAY, start=570, actor=DESK, now=now),
    lambda it, now: waits.turning.check_in(it, actor=DESK, now=now),
])
def test_nobody_is_rung_to_be_reminded_of_what_is_cancelled_moved_or_kept(now, turn):
    opened(now - timedelta(days=1))
    appointment_id = book("甲", now - timedelta(days=1))
    jobs.remind(actor=JOB, now=now)
    assert waits.to_ring(appointment_id) == ["appointment_reminder"]
    turn(appointment_id, now)
    assert waits.to_ring(appointment_id) == []


def test_who_books_after_the_moment_or_moves_to_that_day_is_not_reminded_again(now):
    early = now - timedelta(days=1)
    opened(early)
    moving = book("甲", early, date=waits.DAY + timedelta(days=11))
    book("乙", now + timedelta(hours=1))
    waits.turning.reschedule(moving, day_on=waits.DAY, start=570, actor=DESK, now=now + timedelta(hours=1))
    assert jobs.remind(actor=JOB, now=now + timedelta(hours=2)) == 0


def test_who_is_moved_before_the_moment_is_reminded_of_the_new_hour_alone(now):
    early = now - timedelta(days=1)
    opened(early)
    moving = book("甲", early)
    waits.turning.reschedule(moving, day_on=waits.DAY, start=570, actor=DESK, now=early)
    assert jobs.remind(actor=JOB, now=now) == 1
    assert reminding.remind([moving], actor=JOB, now=now) == 0
    assert reminded() == 1


def test_a_landline_is_rung_and_gets_no_message(now):
    early = now - timedelta(days=1)
    opened(early)
    book("甲", early, person={"name": "甲", "phone": "0576-84110001"})
    jobs.remind(actor=JOB, now=now)
    assert reminded() == 1 and sql.value("SELECT count(*) FROM notice") == 0


def test_waits_and_blocks_are_forgotten_with_time(now):
    opened(now)
    book("甲", now)
    waiter = wait("乙", now, to_minute=570)
    block = stored.block(waits.UNIT, appeal="住院")
    assert lapsing.forget_persons(actor=JOB, now=now + timedelta(days=300)) == 0
    assert lapsing.forget_persons(actor=JOB, now=now + timedelta(days=400)) == 3
    left = sql.row("SELECT person_sealed, person_key FROM waiting WHERE id = ?", (waiter,))
    assert left == {"person_sealed": None, "person_key": ""}
    assert sql.row("SELECT person_key, appeal FROM booking_block WHERE id = ?", (block,))["appeal"] is None
    assert lapsing.forget_persons(actor=JOB, now=now + timedelta(days=400)) == 0
    assert jobs.sweep_waiting(actor=JOB, now=now) == 0


def test_what_the_unit_cannot_keep_must_be_told_and_what_a_person_cancels_need_not(now):
    opened(now)
    kept, own = book("甲", now), book("乙", now, 570)
    cancel(own, now)
    opened(now, rule("09:00", "10:00"), rule(kind="closure", on="2026-02-13"))
    waiting.lay(waits.UNIT, waits.DAY, actor=JOB, now=now)
    cancel(kept, now)
    told = sql.rows("SELECT subject_id, template FROM notice WHERE template NOT LIKE '%booked'")
    assert {each["subject_id"]: each["template"] for each in told} == {
        own: "appointment_cancelled", kept: "appointment_called_off",
    }
    rung = sql.rows("SELECT subject_id FROM call_task WHERE reason = 'appointment_called_off'")
    assert [each["subject_id"] for each in rung] == [kept]
