"""The sender is killed thirty times while it sends: nothing is lost, and what must not go twice does not."""
import multiprocessing
import random
import time
from collections import Counter

import pytest

from backend.core import db, secrets, sql, transaction
from backend.notifications import rules
from tests.notifications import worker
from tests.notifications.conftest import new_resident, post, send, settings_of, state, tasks
from tests.server import until

KILLS = 30
EACH = 3


@pytest.fixture
def kill_worker(district, keys, gateway, tmp_path):
    """Run a sender from ``now`` on, and kill it some hundredths of a second later, or after it began to send."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.notifications.worker"])

    def run(now, seconds, sending):
        before = len(gateway.seen)
        ready = context.Event()
        process = context.Process(target=worker.work, args=(district, settings_of(tmp_path, gateway), keys, now, ready))
        process.start()
        assert ready.wait(300)
        if sending:
            until(lambda: len(gateway.seen) > before)
        time.sleep(seconds)
        process.kill()
        process.join()

    return run


def test_nothing_is_lost_and_nothing_harmful_goes_twice(kill_worker, gateway, district, fixed_clock):
    assert secrets.keys() and db.database.obj is not None
    resident = new_resident("13805761234", fixed_clock.now())
    chance = random.Random(7)

    def answer(message):
        roll = chance.random()
        if roll < 0.2:
            return 500 if roll < 0.1 else 503
        time.sleep(chance.uniform(0.005, 0.03))
        return "late" if roll < 0.3 else 200

    gateway.answer = answer
    notices = {}
    for round_number in range(KILLS):
        for n in range(EACH):
            once = n % 2 == 0
            key = f"{round_number}-{n}"
            notices[post("errand_refused", resident, fixed_clock.now(), key, at_most_once=once)] = once
        transaction.drop_connection()
        kill_worker(fixed_clock.now(), chance.uniform(0.0, 0.08), sending=round_number % 2)
        fixed_clock.advance(seconds=rules.LEASE.total_seconds() + 5)
    gateway.release.set()
    gateway.answer = lambda message: 200
    for _ in range(4):
        send(fixed_clock.now())
        fixed_clock.advance(minutes=40)
    check(notices, Counter(gateway.taken))


def check(notices, taken):
    """The gateway's own record against ours."""
    for notice, once in notices.items():
        found = state(notice)
        if once:
            assert taken[notice] <= 1, "an at-most-once notice went twice"
            assert found in ("sent", "unknown")
            assert found == "unknown" or taken[notice] == 1
        else:
            assert found == "sent" and taken[notice] >= 1
    unknown = sum(state(notice) == "unknown" for notice in notices)
    assert len(tasks()) == unknown
    assert 0 < unknown < len(notices)
    assert sql.value("SELECT count(*) FROM notice") == len(notices)
