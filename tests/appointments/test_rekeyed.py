"""Appointments, waits and blocks are found while the key of their indexes is rotated, and none doubles."""
import shutil
from datetime import timedelta

import pytest

from backend.appointments.queries import blocks as queries
from backend.appointments.queries import bookings, personal
from backend.appointments.rules import persons, seats
from backend.appointments.rules import waiting as rules
from backend.appointments.rules.blocks import Blocked
from backend.core import keyring, rotation, secrets, sql
from tests.appointments import booked, stored, waits
from tests.appointments.test_missed import missed_three

pytestmark = pytest.mark.usefixtures("district")
KEYS = {"appointment": "person_key, phone_key, active_key", "waiting": "person_key, active_key",
        "booking_block": "person_key"}


@pytest.fixture
def key_file(keys, tmp_path):
    path = tmp_path / "keys.json"
    shutil.copy(keys, path)
    secrets.load(path)
    yield path
    secrets.load(keys)


def held():
    return {table: sql.execute(f"SELECT id, {names} FROM {table} ORDER BY id").fetchall()
            for table, names in KEYS.items()}


def turn(now):
    list(rotation.indexes(2, actor=booked.SYSTEM, now=now))


def test_a_person_is_the_same_under_both_keys(key_file, now):
    waits.opened(now)
    taken = waits.book("甲", now)
    waiting = waits.wait("乙", now)
    identity = persons.identity(waits.person("甲"))
    before = held()
    keyring.begin(key_file, now)
    assert bookings.active(identity, "a", booked.DAY)["id"] == taken
    keyring.switch(key_file, now)
    assert bookings.active(identity, "a", booked.DAY)["id"] == taken
    with pytest.raises(seats.AlreadyBooked):
        waits.book("甲", now, 570)
    with pytest.raises(rules.AlreadyWaiting):
        waits.wait("乙", now)
    assert personal.waits(waits.person("乙")) == [waiting]
    turn(now)
    after = held()
    assert all(old != new for table in before for old, new in zip(before[table], after[table]))
    turn(now)
    assert held() == after
    keyring.finish(key_file, now)
    assert bookings.active(identity, "a", booked.DAY)["id"] == taken
    assert personal.waits(waits.person("乙")) == [waiting]


def test_a_block_goes_on_binding_and_one_of_a_forgotten_person_ends(key_file, now):
    missed_three(now)
    alone = stored.block(booked.UNIT)
    later = now + timedelta(days=2)
    identity = persons.identity(waits.person("甲"))
    keyring.begin(key_file, now)
    keyring.switch(key_file, now)
    for _ in range(2):
        with pytest.raises(Blocked):
            queries.check(identity, later)
        turn(now)
    keyring.finish(key_file, now)
    with pytest.raises(Blocked):
        queries.check(identity, later)
    assert sql.value("SELECT person_key FROM booking_block WHERE id = ?", (alone,)) == ""
