"""Whatever happens, a phone that follows the feed holds exactly what a new one is told at once.

``DAIBAN_TEST_WALKS=60`` walks longer: so many days drawn at random.
"""
import os
import random
from datetime import timedelta

import pytest

from backend.core import sql
from backend.core.actor import system
from backend.errands.actions import erasing
from tests import cast
from tests.appointments import booked
from tests.sync.pulls import Phone
from tests.visits import calls
from tests.visits.calls import sent

WALKS = int(os.environ.get("DAIBAN_TEST_WALKS", "2"))
ROUNDS = 30
SYSTEM = system("test")


class Day:
    """What people of a township do, drawn at random; refusals are part of it."""

    def __init__(self, seed, agent, operator, township, clock):
        self.chance, self.clock = random.Random(seed), clock
        self.agent, self.operator, self.township = agent, operator, township
        self.errands, self.visits, self.appointments, self.serial = [], [], [], 0
        self.operator_id = calls.me(operator)

    def act(self):
        self.chance.choice([
            self.register, self.note, self.move, self.move, self.move, self.visit, self.schedule, self.go, self.edit,
            self.photo, self.book, self.cancel, self.later, self.erase,
        ])()

    def register(self):
        self.serial += 1
        resident = cast.errand()["resident"] | {"id_number": cast.id_number(1 + self.serial % 3)}
        who, unit = self.chance.choice(((self.agent, cast.VILLAGE), (self.operator, cast.TOWNSHIP)))
        made = sent(who.post("/errands", cast.errand(resident=resident, unit_code=unit)), 201)
        self.errands.append((who, made["id"], made["resident"]["id"]))

    def _one(self, pool):
        return self.chance.choice(pool) if pool else None

    def note(self):
        if one := self._one(self.errands):
            one[0].post(f"/errands/{one[1]}/notes", {"text": f"第{self.serial}次联系"})

    def move(self):
        if one := self._one(self.errands):
            noun, body = self.chance.choice((
                ("acceptance", {}), ("acceptance", {}), ("completion", {"outcome": "granted", "result": "已办"}),
                ("delivery", {"method": "collected", "received_by": "本人"}), ("closing", {}), ("withdrawal", {}),
            ))
            one[0].put(f"/errands/{one[1]}/{noun}", body)

    def visit(self):
        self.serial += 1
        day = (self.clock.at + timedelta(days=3 + self.serial)).date().isoformat()
        window = {"date": day, "from": "09:00", "to": "12:00"}
        self.visits.append(calls.asked(self.agent, window=window)["id"])

    def schedule(self):
        if one := self._one(self.visits):
            whom = self.chance.choice((calls.me(self.agent), self.operator_id))
            body = {"agent_id": whom, "start": "09:00", "duration_minutes": 30, "travel_minutes": 10}
            self.agent.put(f"/visits/{one}/schedule", body)

    def go(self):
        if one := self._one(self.visits):
            noun = self.chance.choice(("departure", "arrival", "completion", "cancellation", "failure"))
            body = {"reason": "无人在家"} if noun in ("failure", "cancellation") else {}
            self.chance.choice((self.agent, self.operator)).put(f"/visits/{one}/{noun}", body)

    def edit(self):
        if one := self._one(self.errands):
            self.serial += 1
            self.township.patch(f"/residents/{one[2]}", {"phone": f"138{57000000 + self.serial}"})

    def photo(self):
        calls.photo(self.agent)

    def book(self):
        self.serial += 1
        day = booked.DAY if self.clock.at.date() < booked.DAY else self.clock.at.date() + timedelta(days=1)
        made = self.operator.post("/appointments", booked.appointment(self.serial, date=day.isoformat()))
        if made.status_code == 201:
            self.appointments.append(made.json["id"])

    def cancel(self):
        if one := self._one(self.appointments):
            self.operator.put(f"/appointments/{one}/cancellation", {"reason": "来电取消"})

    def later(self):
        self.clock.advance(days=self.chance.choice((1, 1, 20, 40)))

    def erase(self):
        if self.errands and self.chance.random() < 0.4:
            now = self.clock.now()
            erasing.erase(self.chance.choice(self.errands)[2], reason="本人要求", actor=SYSTEM, now=now)


def shelved(phone, today):
    """What the phone holds after dropping by itself what it need keep no longer."""
    for key, (_, data) in list(phone.held.items()):
        if data.get("keep_until") and data["keep_until"] < today:
            del phone.held[key]
    phone._sweep()


@pytest.mark.parametrize("seed", range(WALKS))
def test_a_phone_that_follows_holds_what_a_new_one_is_told(
    seed, agent, neighbour, operator, township, fixed_clock, district
):
    booked.offer(booked.rules(), fixed_clock.now())
    sql.execute("UPDATE session SET expires_at = expires_at * 2")
    phones = [Phone(who) for who in (agent, neighbour, operator, township)]
    day = Day(seed, agent, operator, township, fixed_clock)
    for turn in range(ROUNDS):
        for _ in range(day.chance.randint(1, 4)):
            day.act()
        for phone in phones:
            if day.chance.random() < 0.4 or turn == ROUNDS - 1:
                phone.limit = day.chance.choice((1, 3, 200))
                phone.pull()
    today = fixed_clock.now().date().isoformat()
    for phone in phones:
        shelved(phone, today)
        assert phone.check().status_code == 200, phone.check().json
        new = Phone(phone.caller, limit=7)
        new.pull()
        assert new.held == phone.held
