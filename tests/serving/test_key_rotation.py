"""Both keys are rotated under eight writers while their process is killed: nobody is lost, nothing left behind.

``DAIBAN_TEST_RESIDENTS=100000 DAIBAN_TEST_KILLS=5`` is the figure that is promised.
"""
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from backend.core import ids, keyring, rotation, secrets, sql, verification
from backend.people.models import Resident
from backend.people.queries import indexed
from tests import cast
from tests.server import ROOT
from tests.serving.turning import now, number, seen

RESIDENTS = int(os.environ.get("DAIBAN_TEST_RESIDENTS", "120"))
LONG = RESIDENTS > 1000
KILLS = int(os.environ.get("DAIBAN_TEST_KILLS", "3")) if LONG else 1


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


@pytest.fixture
def key_file(keys, tmp_path):
    path = tmp_path / "data" / "keys.json"
    path.parent.mkdir()
    shutil.copy(keys, path)
    secrets.load(path)
    yield path
    secrets.load(keys)


def test_nobody_is_lost_while_both_keys_are_rotated_under_writers_and_kills(database, key_file, tmp_path, capsys):
    fill()
    env = {key: value for key, value in os.environ.items() if not key.startswith("DAIBAN_")} | {
        "DAIBAN_DATA_DIR": str(key_file.parent), "DAIBAN_DATABASE_URL": database,
        "DAIBAN_KEY_PAUSE_SECONDS": "3" if LONG else "1",
    }
    begun = time.monotonic()
    keyring.begin(key_file, now())
    for run in range(KILLS + 1):
        command = [sys.executable, "-m", "tests.serving.turning", str(tmp_path), str(run), str(RESIDENTS)]
        turning = subprocess.Popen([*command, "0.005" if LONG else "0.05"], cwd=ROOT, env=env)
        if run == KILLS:
            written = len(list(tmp_path.glob("acknowledged-*")))
            assert written >= KILLS, "every run that was killed had begun"
            assert turning.wait(1800) == 0
            break
        begun_files = f"acknowledged-{run}-*"
        while turning.poll() is None and not any(path.stat().st_size for path in tmp_path.glob(begun_files)):
            time.sleep(0.02)
        time.sleep(random.uniform(2, 6) if LONG else random.uniform(0.2, 2))
        turning.send_signal(signal.SIGKILL)
        turning.wait()
    took = time.monotonic() - begun
    assert not (tmp_path / "wrong").exists(), (tmp_path / "wrong").read_text()[:500]
    assert keyring.state(key_file)["phase"] == secrets.DONE and keyring.retire(key_file) == ["k1"]
    rounds = check(tmp_path)
    if LONG:
        with capsys.disabled():
            sys.stdout.write(f"\n{RESIDENTS} residents, {KILLS} kills: {took:.0f} s, {rounds} rounds of 8 writers\n")


def check(folder):
    """Everybody acknowledged is found under the new keys, everything is under them, the ledger is whole; how many."""
    fresh = [int(line) for path in folder.glob("acknowledged-*") for line in path.read_text().splitlines()]
    assert fresh and all(len(seen(serial)) == 1 for serial in fresh)
    for column in rotation.columns():
        assert not rotation._old(column, None, 1), column
    after, count = "", 0
    while rows := sql.rows(indexed._ROWS, (after, 1000)):
        for row in rows:
            assert indexed.indexes(row) == {name: bytes(row[name]) for name in ("id_number_index", "phone_index")}
        after, count = rows[-1]["id"], count + len(rows)
    assert count >= RESIDENTS + len(fresh) and verification.verify().code == 0
    return len(fresh)
