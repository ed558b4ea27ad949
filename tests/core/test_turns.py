"""Writers take turns in order of arrival."""
import threading

import pytest
from peewee import OperationalError

from backend.core import clock, turns


def test_writers_go_in_order_of_arrival():
    lock, order, threads = turns.Turns(), [], []

    def write(number):
        with lock.taken():
            order.append(number)

    with lock.taken():
        for number in range(20):
            thread = threading.Thread(target=write, args=(number,))
            thread.start()
            threads.append(thread)
            while len(lock._waiting) <= number:
                clock.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_never_two_at_once():
    lock, inside, most = turns.Turns(), [], []

    def write():
        for _ in range(200):
            with lock.taken():
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=write) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert set(most) == {1} and len(most) == 1600


def test_who_waits_too_long_gives_up_and_leaves_the_queue(monkeypatch):
    monkeypatch.setattr(turns, "BUSY_SECONDS", 0.02)
    lock, refused = turns.Turns(), []

    def write():
        with pytest.raises(OperationalError), lock.taken():
            raise AssertionError("had a turn")
        refused.append(1)

    with lock.taken():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert refused and not lock._waiting
    with lock.taken():
        pass


def test_a_turn_is_given_back_after_a_fault():
    lock = turns.Turns()
    with pytest.raises(ValueError), lock.taken():
        raise ValueError
    with lock.taken():
        pass
