"""Whatever happens in whatever order: seats go to who waits as a plain model says, and none is lost or sold twice."""
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.appointments.rules import seats
from backend.core import db, sql
from tests.appointments import waits
from tests.appointments.offers import rule
from tests.appointments.waits import DESK, book, cancel, opened

pytestmark = pytest.mark.usefixtures("district")

STARTS = (540, 570, 600)
NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
WAIT = st.tuples(st.just("wait"), st.sampled_from(STARTS), st.sampled_from((1, 3)), st.booleans())
ACTS = st.lists(st.one_of(
    st.tuples(st.just("book"), st.sampled_from(STARTS)), WAIT,
    st.tuples(st.just("cancel"), st.integers(0, 9)), st.tuples(st.just("withdraw"), st.integers(0, 9)),
    st.tuples(st.just("accept"), st.integers(0, 9)), st.tuples(st.just("time"), st.sampled_from((1, 10, 31))),
), min_size=4, max_size=16)


class Model:
    """A counter of one desk with one seat per half hour, and its list, as one would keep them on paper.

    It knows of no noon, over which an offer stands: it is kept in the morning.
    """

    def __init__(self):
        self.seats = {}
        self.queue = []
        self.offers = {}

    def free(self):
        return [start for start in STARTS if start not in self.seats]

    def pass_on(self, start, now):
        for key in sorted(self.queue):
            first, last = key[2]
            if first <= start and start + 30 <= last:
                self.queue.remove(key)
                self.seats[start] = key[3]
                self.offers[key[3]] = (start, now + timedelta(minutes=30))
                return
        self.seats.pop(start, None)

    def leave(self, start, now):
        del self.seats[start]
        self.pass_on(start, now)

    def lapse(self, now):
        due = sorted((until, start, name) for name, (start, until) in self.offers.items() if until <= now)
        for _, start, name in due:
            del self.offers[name]
            self.leave(start, now)


def act(model, names, people, move, now):
    """Do one thing in the product and on paper."""
    kind, *how = move
    if kind == "book":
        name = next(names)
        if how[0] in model.seats:
            with pytest.raises(seats.SlotFull):
                book(name, now, how[0])
        else:
            people[name] = ("appointment", book(name, now, how[0]))
            model.seats[how[0]] = name
    elif kind == "wait":
        name, (first, count, protected) = next(names), how
        last = min(first + 30 * count, 630)
        if not any(first <= start and start + 30 <= last for start in model.free()):
            people[name] = ("wait", waits.wait(name, now, first, last, protected=protected))
            model.queue.append((0 if protected else 1, len(people), (first, last), name))
    elif kind == "cancel":
        booked = [start for start, name in sorted(model.seats.items()) if name not in model.offers]
        if booked:
            start = booked[how[0] % len(booked)]
            cancel(people[model.seats[start]][1], now)
            model.leave(start, now)
    elif kind == "withdraw" and (model.queue or model.offers):
        waiting = [*sorted(key[3] for key in model.queue), *sorted(model.offers)]
        name = waiting[how[0] % len(waiting)]
        waits.keeping.withdraw(people[name][1], actor=DESK, now=now)
        model.queue = [key for key in model.queue if key[3] != name]
        if name in model.offers:
            model.leave(model.offers.pop(name)[0], now)
    elif kind == "accept" and model.offers:
        name = sorted(model.offers)[how[0] % len(model.offers)]
        waits.keeping.accept(people[name][1], actor=DESK, now=now)
        people[name] = ("appointment", waits.entry(people[name][1])["offered_id"])
        del model.offers[name]


def taken():
    """Who sits where by the product's tables."""
    found = sql.rows("""
        SELECT a.minute, p.surname FROM allocation a JOIN appointment p ON p.id = a.appointment_id
        WHERE p.state IN ('held', 'booked')
    """)
    return {each["minute"]: each["surname"] for each in found}


def clear():
    for table in ("waiting", "appointment", "allocation", "cell", "cell_day", "booking_rules", "notice", "call_task"):
        sql.execute(f"DELETE FROM {table}")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(waiting=st.lists(WAIT, min_size=2, max_size=6), acts=ACTS)
def test_seats_go_to_who_waits_as_on_paper(waiting, acts, now):
    clear()
    opened(now, rule("09:00", "10:30"))
    noon = now.replace(hour=11, minute=29)
    model, people, names = Model(), {}, iter(NAMES)
    for move in [*(("book", start) for start in STARTS), *waiting, *acts]:
        now += timedelta(seconds=1)
        if move[0] == "time":
            if now + timedelta(minutes=move[1]) > noon:
                continue
            now += timedelta(minutes=move[1])
            model.lapse(now)
            for _ in range(3):
                waits.lapse(now)
        else:
            act(model, names, people, move, now)
        assert taken() == model.seats, (move, db.is_sqlite())
        assert waits.is_sound()
