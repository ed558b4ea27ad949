"""Both keys of personal data are rotated while others read and write, and nobody is lost on the way."""
import json
import shutil
from datetime import timedelta

import pytest

from backend.core import blinding, db, keyring, ledger, rekeying, rotation, secrets, sql, vault, verification
from backend.core.actor import system
from backend.core.problems import Conflict
from backend.core.transaction import transaction
from backend.people.actions import residents as writing
from backend.people.models import Account
from backend.people.queries import indexed, residents
from tests import cast
from tests.core.book import WHO

PAUSE = timedelta(seconds=60)


@pytest.fixture
def key_file(keys, tmp_path):
    """This process on a key file of its own, which may be rotated."""
    path = tmp_path / "own" / "keys.json"
    path.parent.mkdir()
    shutil.copy(keys, path)
    secrets.load(path)
    yield path
    secrets.load(keys)


@pytest.fixture
def work(key_file, tmp_path):
    return rekeying.Work(key_file, tmp_path / "files", PAUSE)


def resident(serial, now, **more):
    return writing.register(**{
        "township_code": cast.TOWNSHIP, "name": "王", "id_number": cast.id_number(serial), "phone": "13805761234",
        "address": "1幢", "actor": WHO, "now": now,
    } | more)


def found(serial, now):
    _, indexes = residents.blind_indexes(id_number=cast.id_number(serial), now=now)
    return sql.value("SELECT count(*) FROM resident WHERE id_number_index IN (?, ?)", indexes)


def carry(work, now, *, until):
    """Work on until a phase is reached; how late it is then."""
    for _ in range(20):
        if work.carry_on(actor=WHO, now=now) == until:
            return now
        now += PAUSE
    raise AssertionError(f"never {until}")


def test_a_rotation_goes_through_its_phases_and_is_put_away(key_file, now):
    first = secrets.present()
    assert keyring.state(key_file) is None and keyring.begin(key_file, now) == "k2"
    assert secrets.present().phase == secrets.ANNOUNCED and secrets.present().index == first.index
    with pytest.raises(keyring.NoSuchStep):
        keyring.begin(key_file, now)
    with pytest.raises(keyring.NoSuchStep):
        keyring.retire(key_file)
    keyring.switch(key_file, now)
    keyring.switch(key_file, now)
    held = secrets.present()
    assert (held.current, held.phase, held.other) == ("k2", secrets.SWITCHED, first.index)
    keyring.finish(key_file, now)
    assert secrets.present().other == held.index and keyring.retire(key_file) == ["k1"]
    assert json.loads(key_file.read_text()).keys() == {"current", "fields", "index", "server", "signing"}
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_a_key_file_gone_bad_leaves_the_keys_as_they_were(key_file):
    held = secrets.present()
    key_file.write_text("{")
    assert secrets.present() is held
    assert secrets.unseal(secrets.seal("a", "t|c|1"), "t|c|1") == "a"


def test_what_is_sealed_under_a_key_announced_a_moment_ago_opens(key_file, now):
    keyring.begin(key_file, now)
    ahead = secrets.Keys(secrets.content_of(key_file) | {"current": "k2"})
    nonce = b"0" * 12
    blob = b"\x02k2" + nonce + ahead.fields["k2"].encrypt(nonce, b"a", b"t|c|1")
    assert secrets.unseal(blob, "t|c|1") == "a"


def test_residents_are_found_in_every_phase_and_nothing_is_left_under_the_old_keys(database, key_file, work, now):
    vault.put(work.files, b"photo")
    secret = secrets.seal("ABC", "account|totp_sealed|a1")
    sql.insert(Account, id="a1", username="a", name="甲", role="admin", password_hash="", totp_sealed=secret,
               made_at=now, version=1, password_generation=1, totp_step=0, sample=False)
    first = [resident(serial, now) for serial in range(1, 31)][0]
    keyring.begin(key_file, now)
    assert work.carry_on(actor=WHO, now=now) == secrets.ANNOUNCED, "the pause is kept"
    resident(31, now)
    later = carry(work, now + PAUSE, until=secrets.SWITCHED)
    assert found(1, now) == found(31, now) == 1
    assert resident(1, now) == first, "no second row for one who is known"
    resident(32, now)
    carry(work, later, until=secrets.DONE)
    assert keyring.retire(key_file) == ["k1"]
    for column in rotation.columns():
        text = f'SELECT {column.key}, {column.name} FROM "{column.table}" WHERE {column.name} IS NOT NULL'
        for row_id, blob in sql.execute(text).fetchall():
            assert secrets.key_name(blob) == "k2" and secrets.unseal(blob, column.place(row_id))
    for row in sql.rows(indexed._ROWS, ("", 100)):
        assert indexed.indexes(row) == {name: bytes(row[name]) for name in ("id_number_index", "phone_index")}
    assert all(found(serial, now) == 1 for serial in range(1, 33)) and verification.verify().code == 0
    assert len(list(vault.all_in(work.files))) == 1 and list(rotation.files(work.files)) == []


def test_while_rows_stand_under_two_keys_no_number_is_given_to_two(database, key_file, now):
    resident(1, now)
    other = resident(2, now)
    keyring.begin(key_file, now)
    keyring.switch(key_file, now)
    admin = cast_admin()
    with pytest.raises(Conflict):
        writing.edit(other, {"id_number": cast.id_number(1)}, actor=admin, now=now)
    writing.edit(other, {"id_number": cast.id_number(3)}, actor=admin, now=now)
    assert (found(1, now), found(2, now), found(3, now)) == (1, 0, 1)


def cast_admin():
    actor = system("x")
    return type(actor)(id="admin", name="管", role="admin", unit_code=cast.DISTRICT)


def test_the_switch_waits_for_whoever_looked_under_the_old_key(database, key_file, now):
    if db.is_sqlite():
        return
    keyring.begin(key_file, now)

    @transaction
    def look(*, actor, now):
        blinding.searched("phone", "1")
        return sql.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'")

    assert look(actor=WHO, now=now) == 1
    keyring.switch(key_file, now)
    assert look(actor=WHO, now=now) == 0


def test_a_pass_that_failed_begins_anew(database, key_file, work, now, monkeypatch):
    resident(1, now)
    keyring.begin(key_file, now)
    keyring.switch(key_file, now)

    def dies(*args, **kwargs):
        raise OSError("disk")

    with monkeypatch.context() as broken:
        broken.setattr(rotation, "rotate", dies)
        with pytest.raises(OSError):
            work.carry_on(actor=WHO, now=now + PAUSE)
    assert work.running is None and found(1, now) == 1
    carry(work, now + PAUSE, until=secrets.DONE)
    assert ledger.history("keys", "k2")[-1]["action"] == "keys.finish"
