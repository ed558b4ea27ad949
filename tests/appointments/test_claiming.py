"""A claim takes all the cells of a service at one desk or none, in few statements."""
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.appointments.actions import booking, claiming, turning
from backend.appointments.models import Cell
from backend.appointments.rules import persons, seats, states
from backend.appointments.rules.offer import Service
from backend.appointments.rules.starts import NoSuchSlot
from backend.core import sql
from backend.core.actor import OPERATOR, Actor
from backend.core.problems import Gone, Invalid
from backend.core.transaction import transaction
from tests import cast
from tests.appointments.booked import DAY, SYSTEM, UNIT, appointment, check_books, offer, rules
from tests.statements import count_statements

GENERAL = Service("general", "综合业务", 60, 30)
FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def cell(minute: int, *, desk: str = "", seats: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "unit_code": UNIT, "day_on": DAY, "minute": minute, "desk": desk, "wanted": seats, "wanted_self": seats,
        "capacity": seats, "self_capacity": seats, "booked": 0, "booked_self": 0, "services": [], "staff": None,
    } | more


@pytest.fixture
def lay(database: str, now: Any) -> Iterator[Any]:
    @transaction
    def _lay(*laid: dict[str, Any], actor: Any = SYSTEM, now: Any = now) -> None:
        for each in laid:
            sql.insert(Cell, **each)

    return lambda *laid: _lay(*laid, actor=SYSTEM, now=now)


@pytest.fixture
def claim(now: Any) -> Any:
    def _claim(row_id: str, start: int, service: Service = GENERAL, *, self_service: bool = False) -> Any:
        return claiming.claim(
            row_id, UNIT, DAY, start, service, grid=30, self_service=self_service, actor=SYSTEM, now=now
        )

    return _claim


def test_the_gap_is_taken_so_far_as_its_cells_exist(lay, claim):
    """Window 09:00–12:30, 10:00–11:00 taken: 11:30 is free, 09:00 and 10:30 are not."""
    lay(*(cell(minute) for minute in range(540, 750, 30)))
    assert claim("a", 600, Service("plain", "", 60)) == ("", (600, 630))
    assert claim("b", 540) is None
    assert claim("b", 630) is None
    assert claim("b", 690) == ("", (690, 720))
    with pytest.raises(NoSuchSlot):
        claim("c", 720)


def test_the_desk_with_most_free_seats_is_taken_ties_by_name(lay, claim):
    for desk, number in (("1", 1), ("2", 2), ("3", 2)):
        lay(*(cell(minute, desk=desk, seats=number) for minute in (540, 570, 600)))
    assert [claim(str(turn), 540).desk for turn in range(5)] == ["2", "3", "1", "2", "3"]
    assert claim("6", 540) is None


def test_a_service_sits_at_one_desk(lay, claim):
    lay(cell(540, desk="1"), cell(570, desk="2"), cell(540, desk="2"), cell(600, desk="2"))
    assert claim("a", 540).desk == "2"
    with pytest.raises(NoSuchSlot):
        claim("b", 600)


def test_who_is_on_duty_decides_where_not_all_are_qualified(lay, claim, now):
    """Two on duty, one for everything, one for social insurance only."""
    lay(*(cell(minute, seats=2, staff=[[], ["social"]]) for minute in (540, 570)))
    other, social = Service("other", "", 60), Service("social", "", 60)
    books = {"unit_code": UNIT, "day_on": DAY, "start_minute": 540, "channel": "desk", "actor": SYSTEM, "now": now}

    @transaction
    def book(row_id, service, *, actor, now):
        seat = claim(row_id, 540, service)
        return seat and claiming_row(row_id, seat, service)

    def claiming_row(row_id, seat, service):
        from_phone = {"name": "王桂香", "phone": f"1380576000{row_id}"}
        return booking.row.insert(row_id, seat, service=service, person=from_phone, **books)

    assert book("1", other, actor=SYSTEM, now=now)
    assert not book("2", other, actor=SYSTEM, now=now)
    assert book("3", social, actor=SYSTEM, now=now)
    check_books()


def test_a_freed_cell_shrinks_to_what_is_wanted(lay, claim, now):
    lay(cell(540, seats=2), cell(570, seats=2))
    claim("a", 540, Service("x", "", 60), self_service=True)
    claim("b", 540, Service("x", "", 60))
    sql.run("UPDATE cell SET wanted = 1, wanted_self = 0")
    freed = claiming.release("a", self_service=True, actor=SYSTEM, now=now)
    assert freed == [(UNIT, DAY, 540, ""), (UNIT, DAY, 570, "")]
    found = sql.rows("SELECT booked, booked_self, capacity, self_capacity FROM cell")
    assert [tuple(row.values()) for row in found] == [(1, 0, 1, 0)] * 2
    assert claiming.release("a", self_service=True, actor=SYSTEM, now=now) == []


@pytest.fixture
def clerk(district: str, now: Any) -> Actor:
    offer(rules(), now)
    return Actor(id="clerk", name="受理员", role=OPERATOR, unit_code=UNIT)


def given_body(serial: int, **changes: Any) -> dict[str, Any]:
    body = appointment(serial, **changes)
    return body | {"date": DAY, "start": 540, "protected": False, "hold": False}


def test_a_claim_is_at_most_twelve_statements(clerk, now):
    """Its notice and the ledger's four included; what begins and ends a transaction is not counted."""
    booking.book(given_body(1), actor=clerk, now=now)
    body = given_body(2, service="long")
    body["person"] = body["person"] | {"id_number": cast.id_number(9)}
    with count_statements() as run:
        booking.book(body, actor=clerk, now=now)
    own = [text for text in run if not text.lstrip().startswith(FRAME)]
    assert len(own) <= 12, own
    with count_statements() as run, pytest.raises(seats.SlotFull):
        booking.book(given_body(3), actor=clerk, now=now)
    own = [text for text in run if not text.lstrip().startswith(FRAME)]
    assert len(own) <= 12, own


def test_a_move_whose_row_was_changed_meanwhile_is_whole_or_not_at_all(clerk, now, monkeypatch):
    made = booking.book(given_body(1), actor=clerk, now=now)
    monkeypatch.setattr(turning.row, "moved", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        turning.reschedule(made, day_on=DAY, start=600, actor=clerk, now=now)
    check_books()
    assert sql.value("SELECT booked FROM cell WHERE minute = 540 AND unit_code = ?", (UNIT,)) == 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans()), min_size=1, max_size=4), st.booleans())
@settings(max_examples=60)
def test_a_desk_is_as_free_as_its_fullest_cell(laid, self_service):
    cells = [
        {"desk": "", "minute": 540 + 30 * n, "capacity": room, "booked": 0, "self_capacity": own, "booked_self": 0,
         "services": [] if admits else ["other"], "staff": None}
        for n, (room, own, admits) in enumerate(laid)
    ]
    wish = seats.Wish("general", (540, 570), (600,))
    found = seats.places(wish, cells, self_service=self_service)
    possible = len(laid) > 1 and laid[0][2] and laid[1][2]
    assert bool(found) == possible
    if found:
        rooms = [min(room, own) if self_service else room for room, own, _ in laid[:3]]
        assert found[0].free == min(rooms) and len(found[0].minutes) == min(3, len(laid))


@pytest.mark.parametrize(("name", "surname", "initials"), [
    ("王桂香", "王", "wgx"), ("欧阳娜", "欧阳", "oyn"), ("曾伟", "曾", "zw"),
    ("John Smith", "Smith", "johnsmith"),
])
def test_a_name_is_listed_by_its_surname(name, surname, initials):
    assert (persons.surname(name), persons.initials(name)[:9]) == (surname, initials)


def test_a_person_is_her_id_number_else_name_and_phone():
    plain = persons.normal({"name": "王 桂香", "phone": "138 0576 1234"}, date(2026, 2, 12))
    assert persons.identity(plain) == persons.identity({"name": "王桂香", "phone": "13805761234"})
    with pytest.raises(Invalid) as refused:
        persons.normal({"name": "王", "phone": "1"}, date(2026, 2, 12), "caller")
    assert list(refused.value.errors or {}) == ["caller.phone"]


def test_a_hold_lapses_at_its_very_moment(now):
    states.check_hold("held", now + timedelta(microseconds=1), now)
    for state, until in (("held", now), ("expired", None)):
        with pytest.raises(Gone):
            states.check_hold(state, until, now)
    with pytest.raises(states.GraceRuns):
        states.check_missed(now - timedelta(minutes=14, seconds=59), now)
    states.check_missed(now - timedelta(minutes=15), now)
