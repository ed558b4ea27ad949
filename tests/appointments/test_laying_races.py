"""Rules are changed while seats of the same day are taken and given back, by several at once."""
import os
from collections import Counter
from datetime import date

from backend.appointments.actions import building, freeing, offers
from backend.core import sql
from backend.core.actor import Actor, Call
from tests import cast
from tests.appointments.offers import body, rule
from tests.appointments.seats import ACTOR, booked

DAY = date(2026, 11, 4)
ROUNDS = int(os.environ.get("DAIBAN_TEST_ROUNDS", "4"))
MINUTES = (540, 570, 600)


def admin():
    return Actor("admin", "admin", "admin", cast.DISTRICT, call=Call())


def rules(number):
    """Three seats, or one, or hours that no longer cover the last cell."""
    return (
        body(rule("09:00", "10:30", capacity=3)), body(rule("09:00", "10:30", capacity=1)),
        body(rule("09:00", "10:00", capacity=2)),
    )[number % 3]


def test_what_is_booked_is_what_is_allocated_and_who_lacks_a_seat_is_a_conflict(district, now, together):
    moment = now.replace(month=11, day=2)
    offers.change(cast.VILLAGE, rules(0), actor=admin(), now=moment)
    building.ensure(cast.VILLAGE, DAY, actor=ACTOR.calling(Call()), now=moment)

    def work(number):
        for step in range(ROUNDS):
            if number == 0:
                offers.change(cast.VILLAGE, rules(step + 1), actor=admin(), now=moment)
            elif number == 1:
                building.ensure(cast.VILLAGE, DAY, actor=ACTOR.calling(Call()), now=moment)
            else:
                minute = MINUTES[(number + step) % 3]
                if minute not in standing():
                    continue
                made = booked(DAY, minute, f"赵{number}{step}", now=moment)
                if made and (number + step) % 2:
                    freeing.free(made, actor=ACTOR.calling(Call()), now=moment)

    answers = together(work, 6)
    assert [answer for answer in answers if isinstance(answer, Exception) and "NoSuchSlot" not in repr(answer)] == []
    building.rebuild(cast.VILLAGE, DAY, anew=True, actor=ACTOR.calling(Call()), now=moment)
    taken = Counter(minute for (minute,) in sql.execute("SELECT minute FROM allocation").fetchall())
    cells = sql.plain("SELECT minute, booked, wanted, capacity FROM cell")
    assert {cell["minute"]: cell["booked"] for cell in cells if cell["booked"]} == dict(taken)
    assert all(cell["capacity"] == max(cell["wanted"], cell["booked"]) for cell in cells)
    excess = sum(max(0, cell["booked"] - cell["wanted"]) for cell in cells)
    assert sql.value("SELECT count(*) FROM booking_conflict WHERE state = 'open'") == excess


def standing():
    return {minute for (minute,) in sql.execute("SELECT minute FROM cell").fetchall()}
