"""Eight write and eight pull: no committed change is ever skipped by any cursor.

``DAIBAN_TEST_FEED_SECONDS=30`` writes for so long; in the suite each writer writes a few times only.
"""
import os
import random
import threading
import time

from backend.core import sql, transaction
from backend.core.actor import AGENT, TOWNSHIP, Actor
from backend.errands.actions import carrying
from backend.sync.actions import feed
from tests import cast

WRITERS, PULLERS, TIMES = 8, 8, 12
SECONDS = float(os.environ.get("DAIBAN_TEST_FEED_SECONDS", "0"))


def account(username):
    found = sql.row("SELECT id, name, role, unit_code FROM account WHERE username = ?", (username,))
    return Actor(found["id"], found["name"], found["role"], found["unit_code"])


class Thread(threading.Thread):
    """Runs ``work`` on a connection of its own and keeps what went wrong."""

    def __init__(self, work, *args):
        super().__init__()
        self.work, self.args, self.failed = work, args, None

    def run(self):
        try:
            self.work(*self.args)
        except Exception as error:
            self.failed = error
        finally:
            transaction.drop_connection()


def write(number, errands, who, now):
    """Notes and trips on errands that others write on, too."""
    chance, until, times = random.Random(number), time.monotonic() + SECONDS, 0
    while times < TIMES or time.monotonic() < until:
        one, times = chance.choice(errands), times + 1
        if chance.random() < 0.7:
            carrying.note(one, text=f"{number}-{times}", actor=who, now=now)
        else:
            carrying.trip(one, made_on=now.date(), where="乡镇", actor=who, now=now)
        time.sleep(chance.random() / 100)


def pull(number, who, over, notes, versions, now):
    """Pull until all have written and there is nothing more."""
    chance, cursor = random.Random(number), None
    while True:
        last = over.is_set()
        told = feed.page(cursor, chance.choice((1, 3, 20, 500)), actor=who, now=now)
        cursor = told["cursor"]
        for change in told["changes"]:
            if change["type"] == "note":
                notes.add(change["id"])
            elif change["type"] == "errand":
                assert versions.get(change["id"], 0) <= change["version"]
                versions[change["id"]] = change["version"]
        if last and not told["has_more"]:
            return


def test_no_committed_change_is_skipped_by_any_cursor(agent, now):
    people = [cast.errand()["resident"] | {"id_number": cast.id_number(n)} for n in range(1, 5)]
    errands = [agent.post("/errands", cast.errand(resident=person)).json["id"] for person in people]
    who, office = account(cast.AGENT), account(cast.OFFICE_OF_TOWNSHIP)
    assert (who.role, office.role) == (AGENT, TOWNSHIP)
    over = threading.Event()
    seen = [(set(), {}) for _ in range(PULLERS)]
    writers = [Thread(write, number, errands, who, now) for number in range(WRITERS)]
    pullers = [
        Thread(pull, number, (who, office)[number % 2], over, *held, now) for number, held in enumerate(seen)
    ]
    for thread in (*pullers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    for thread in pullers:
        thread.join()
    assert [thread.failed for thread in (*pullers, *writers) if thread.failed] == []
    notes = {row["id"] for row in sql.rows("SELECT id FROM errand_note")}
    versions = {row["id"]: row["version"] for row in sql.rows("SELECT id, version FROM errand")}
    assert len(notes) > WRITERS and all(held == (notes, versions) for held in seen)
