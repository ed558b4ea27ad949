"""Both keys are rotated under writers while the process that does it is killed: nobody is lost, nothing left behind.

``DAIBAN_TEST_RESIDENTS=100000 DAIBAN_TEST_KILLS=5`` is the figure that is promised.
"""
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest

from backend.core import ids, keyring, rotation, secrets, sql, transaction, verification
from backend.core.actor import Actor, system
from backend.people.actions import residents as writing
from backend.people.models import Resident
from backend.people.queries import indexed, residents
from tests import cast
from tests.server import ROOT

RESIDENTS = int(os.environ.get("DAIBAN_TEST_RESIDENTS", "150"))
KILLS = int(os.environ.get("DAIBAN_TEST_KILLS", "1")) if RESIDENTS > 150 else 1
WRITERS = 8
WHO = system("test")
DESK = Actor(id="desk", name="受理员", role="operator", unit_code=cast.TOWNSHIP)


def number(serial):
    """A valid ID number for each serial below some ten millions."""
    day, rest = divmod(serial, 999)
    return cast.id_number(rest + 1, f"{1930 + day // 336}{day // 28 % 12 + 1:02d}{day % 28 + 1:02d}")


def now():
    return datetime.now(UTC)


def fill():
    """Residents as registrations leave them, a thousand at a time."""
    for start in range(0, RESIDENTS, 1000):
        rows = []
        for serial in range(start, min(start + 1000, RESIDENTS)):
            key, plain = ids.new(now()), {"id_number": number(serial), "phone": f"138{serial:08d}"}
            rows.append({
                "id": key, "township_code": cast.TOWNSHIP, "name": "王", "pinyin": "wang", "initials": "w",
                "address_sealed": secrets.seal("1幢", f"resident|address|{key}"), "made_at": now(), "version": 1,
                "takes_sms": True, "erased_at": None,
            } | {f"{name}_sealed": secrets.seal(text, f"resident|{name}|{key}") for name, text in plain.items()} | {
                f"{name}_index": secrets.blind(name, text) for name, text in plain.items()
            })
        sql.insert_many(Resident, rows)


def work(writer, stop, wrong, counts):
    """Look people up, register them again, take new ones in, change phones; what is not found is wrong."""
    chance, fresh = random.Random(writer), RESIDENTS + writer * 100_000

    def seen(serial):
        return [row["id"] for row in residents.looked_up(DESK, id_number=number(serial), now=now())]

    try:
        while not stop.is_set():
            serial, told = chance.randrange(RESIDENTS), {"township_code": cast.TOWNSHIP, "name": "王", "address": None}
            found = seen(serial)
            if len(found) != 1:
                wrong.append(("look-up", serial, found))
                continue
            again = writing.register(**told, id_number=number(serial), phone=None, actor=WHO, now=now())
            fresh, phone = fresh + 1, f"139{writer}{counts[writer] % 10**7:07d}"
            made = writing.register(**told, id_number=number(fresh), phone=phone, actor=WHO, now=now())
            office = Actor(id="office", name="乡", role="township", unit_code=cast.TOWNSHIP)
            writing.edit(made, {"phone": phone[:3] + "8" + phone[4:]}, actor=office, now=now())
            if [again] != found or seen(fresh) != [made]:
                wrong.append(("registration", serial, again, made))
            counts[writer] += 1
            time.sleep(0.004 if RESIDENTS > 150 else 0.03)
    except Exception as error:
        wrong.append((type(error).__name__, str(error)))
    finally:
        transaction.drop_connection()


@pytest.fixture
def key_file(keys, tmp_path):
    path = tmp_path / "data" / "keys.json"
    path.parent.mkdir()
    shutil.copy(keys, path)
    secrets.load(path)
    yield path
    secrets.load(keys)


def test_nobody_is_lost_while_both_keys_are_rotated_under_writers_and_kills(database, key_file, capsys):
    fill()
    env = {key: value for key, value in os.environ.items() if not key.startswith("DAIBAN_")} | {
        "DAIBAN_DATA_DIR": str(key_file.parent), "DAIBAN_DATABASE_URL": database, "DAIBAN_KEY_PAUSE_SECONDS": "1",
    }
    stop, wrong, counts = threading.Event(), [], [0] * WRITERS
    writers = [threading.Thread(target=work, args=(n, stop, wrong, counts)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    begun, killed = time.monotonic(), 0
    keyring.begin(key_file, now())
    try:
        while True:
            turning = subprocess.Popen([sys.executable, "-m", "tests.serving.turning"], cwd=ROOT, env=env)
            if killed == KILLS:
                assert turning.wait(1800) == 0
                break
            until = time.monotonic() + random.uniform(2.0, 4.0 if RESIDENTS > 150 else 2.5)
            while turning.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
            turning.send_signal(signal.SIGKILL)
            turning.wait()
            killed += 1
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    took = time.monotonic() - begun
    assert not wrong, wrong[:3]
    assert min(counts) > 0 and keyring.state(key_file)["phase"] == secrets.DONE
    assert keyring.retire(key_file) == ["k1"]
    check(RESIDENTS + sum(counts))
    if RESIDENTS > 150:
        with capsys.disabled():
            sys.stdout.write(f"\n{RESIDENTS} residents, {killed} kills: {took:.0f} s, {sum(counts)} writers' rounds\n")


def check(least):
    """Every sealed value and every index stands under the new keys, and the ledger is whole."""
    assert sql.value("SELECT count(*) FROM resident") >= least
    for column in rotation.columns():
        assert not rotation._old(column, None, 1), column
    after = ""
    while rows := sql.rows(indexed._ROWS, (after, 1000)):
        for row in rows:
            held = {name: bytes(row[name]) for name in ("id_number_index", "phone_index")}
            assert indexed.indexes(row) == held
        after = rows[-1]["id"]
    assert verification.verify().code == 0
