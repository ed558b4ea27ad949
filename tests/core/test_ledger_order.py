"""The numbers of the ledger are the order of its commits: who reads on from the last one skips nothing."""
import random
import threading
import time
from contextlib import suppress

from backend.core import ledger, sql, transaction, verification
from backend.core.actor import system
from backend.core.transaction import transaction as transactional

WRITERS, EACH = 6, 40


class Refused(Exception):
    pass


@transactional
def write(entries, pause, fails, *, actor, now):
    """Some entries, work before them, and sometimes a failure after all was said."""
    time.sleep(pause)
    for number in range(entries):
        ledger.record("order.write", "order", f"{actor.name}-{number}", detail={"n": number})
    if fails:
        raise Refused()


def writing(number, now, failed):
    chance = random.Random(number)
    try:
        for _ in range(EACH):
            with suppress(Refused):
                write(chance.randint(1, 4), chance.random() / 300, chance.random() < 0.2,
                      actor=system(f"w{number}"), now=now)
    except Exception as error:
        failed.append(error)
    finally:
        transaction.drop_connection()


def polling(done, seen, failed):
    """Read on from the last number seen, as a phone's feed or a job does, until all have written."""
    last = 0
    try:
        while True:
            over = done.is_set()
            rows = sql.rows("SELECT seq FROM ledger_entry WHERE seq > ? ORDER BY seq", (last,))
            seen += [row["seq"] for row in rows]
            last = seen[-1] if seen else 0
            if over:
                return
    except Exception as error:
        failed.append(error)
    finally:
        transaction.drop_connection()


def test_a_reader_that_goes_on_from_the_last_number_never_skips_one(database, now):
    done, failed, readings = threading.Event(), [], [[], []]
    readers = [threading.Thread(target=polling, args=(done, seen, failed)) for seen in readings]
    writers = [threading.Thread(target=writing, args=(number, now, failed)) for number in range(WRITERS)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert failed == []
    last = ledger.head()[0]
    assert last > WRITERS * EACH
    for seen in readings:
        assert seen == list(range(1, last + 1))
    assert verification.verify().code == 0
