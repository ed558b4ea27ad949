"""The doctor finds what would hurt, says it in a line, and is content with a sound installation."""
import shutil
from dataclasses import replace

import psycopg
import pytest

from backend import doctor
from backend.core import db, jobs, secrets, sql, transaction
from backend.core.actor import system
from backend.notifications.actions import outbox
from backend.settings import Settings
from tests.core.book import tamper, write
from tests.stores import on_database


@pytest.fixture
def settings(database, tmp_path, keys):
    return Settings(data_dir=tmp_path / "data", database_url=database, key_file=keys,
                    anchor_file=tmp_path / "place" / "anchors.log")


def seen(settings, what, level=None):
    return [f for f in doctor.examine(settings) if f.what == what and level in (None, f.level)]


def test_a_sound_installation_has_no_errors(settings, now):
    write(3, now=now)
    jobs.take_lease("me")
    found = doctor.examine(settings)
    assert [f for f in found if f.level == doctor.ERROR] == []
    assert doctor.exit_code(found) == 0
    assert all("\n" not in finding.told for finding in found)
    assert seen(settings, "jobs", "ok")


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 40, 1), True), ((3, 44, 5), True), ((3, 44, 6), False), ((3, 45, 0), True), ((3, 49, 2), True),
        ((3, 50, 6), True), ((3, 50, 7), False), ((3, 51, 0), True), ((3, 51, 2), True), ((3, 51, 3), False),
        ((3, 52, 0), False), ((3, 54, 1), False), ((4, 0, 0), False), ((3, 7, 0), True),
    ],
)
def test_versions_with_the_wal_reset_defect_are_known(version, affected):
    """SQLite: fixed in 3.51.3, and back-ported to 3.50.7 and 3.44.6."""
    assert doctor.has_wal_reset_defect(version) is affected


def test_an_affected_engine_is_refused(settings, engine, monkeypatch):
    if engine != "sqlite":
        pytest.skip("SQLite's own defect")
    monkeypatch.setattr(doctor.apsw, "sqlite_lib_version", lambda: "3.51.2")
    assert doctor.exit_code(doctor.examine(settings)) == 1
    assert seen(settings, "engine", "error")


def test_a_key_file_that_others_may_read_is_an_error(settings, tmp_path, keys):
    loose = tmp_path / "loose.json"
    shutil.copy(keys, loose)
    loose.chmod(0o644)
    assert "chmod 600" in seen(replace(settings, key_file=loose), "keys", "error")[0].told


@pytest.mark.parametrize("content", [None, "", "[]", '{"current": "k1"}'])
def test_a_missing_or_odd_key_file_is_an_error(settings, tmp_path, content):
    path = tmp_path / "odd.json"
    if content is not None:
        path.write_text(content)
        path.chmod(0o600)
    assert len(seen(replace(settings, key_file=path), "keys", "error")) == 1


def test_keys_that_do_not_open_what_is_sealed_are_an_error(settings, tmp_path, now, keys):
    write(1, now=now)
    secrets.make_key_file(tmp_path / "other.json")
    try:
        assert seen(replace(settings, key_file=tmp_path / "other.json"), "sealed values", "error")
    finally:
        secrets.load(keys)


def test_a_folder_that_cannot_be_written_is_an_error(settings, tmp_path):
    (tmp_path / "file").write_text("x")
    assert seen(replace(settings, data_dir=tmp_path / "file" / "data"), "data folder", "error")


def test_little_space_is_said(settings, monkeypatch):
    settings.data_dir.mkdir()
    usage = shutil.disk_usage(settings.data_dir)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage._replace(free=100 << 20))
    assert seen(settings, "disk", "error")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage._replace(free=1 << 30))
    assert seen(settings, "disk", "warning")


def test_anchors_beside_the_data_are_warned_of(settings):
    assert seen(replace(settings, anchor_file=settings.data_dir / "anchors.log"), "second place", "warning")


def test_a_migration_not_applied_is_an_error(settings):
    sql.execute("DELETE FROM schema_migration WHERE name LIKE '0004%'")
    assert "0004" in seen(settings, "migrations", "error")[0].told


def test_a_database_of_a_later_version_is_an_error(settings):
    sql.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01 00:00:00')")
    assert "9999_future" in seen(settings, "migrations", "error")[0].told


def test_missing_triggers_are_an_error(settings, engine):
    if engine == "sqlite":
        sql.execute("DROP TRIGGER ledger_entry_no_update")
    else:
        sql.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_append_only")
    assert seen(settings, "ledger", "error")


def test_a_lease_that_ran_out_is_warned_of(settings):
    assert seen(settings, "jobs", "warning")
    jobs.take_lease("me")
    sql.execute("UPDATE lease SET expires = expires - 300")
    assert "ran out" in seen(settings, "jobs", "warning")[0].told


def test_a_database_that_does_not_answer_is_one_error(settings, tmp_path):
    transaction.drop_connection()
    url = "postgresql://nobody@127.0.0.1:1/none" if not db.is_sqlite() else f"sqlite:///{tmp_path}/no/such.db"
    db.connect(url)
    try:
        found = doctor.examine(replace(settings, database_url=url))
        assert [f.level for f in found if f.what == "database"] == ["error"]
    finally:
        db.connect(settings.database_url)


def test_a_superuser_is_warned_of_and_a_plain_role_is_not(settings, engine, store):
    if engine != "postgresql":
        pytest.skip("SQLite knows no roles")
    assert seen(settings, "role", "warning")
    name = settings.database_url.partition("?")[0].rpartition("/")[2]
    own = on_database(store.server, name)
    with psycopg.connect(own, autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS daiban_plain")
        admin.execute("CREATE ROLE daiban_plain")
        admin.execute("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO daiban_plain")
    try:
        sql.execute("SET ROLE daiban_plain")
        assert seen(settings, "role", "ok")
        sql.execute("RESET ROLE")
        sql.execute("GRANT DELETE ON ledger_entry TO daiban_plain")
        sql.execute("SET ROLE daiban_plain")
        assert "DELETE on ledger_entry" in seen(settings, "role", "warning")[0].told
    finally:
        sql.execute("RESET ROLE")
        sql.execute("DROP OWNED BY daiban_plain")
        sql.execute("DROP ROLE daiban_plain")


def test_a_damaged_database_file_is_an_error(settings, engine, now):
    if engine != "sqlite":
        pytest.skip("SQLite's own check")
    write(200, now=now)
    tamper("PRAGMA writable_schema = ON",
           "UPDATE sqlite_master SET rootpage = 3 WHERE name = 'ledger_entry'")
    transaction.drop_connection()
    levels = {finding.what: finding.level for finding in doctor.examine(settings)}
    assert levels["integrity"] == "error"


def test_dead_letters_are_noted(settings, now):
    assert seen(settings, "notices", "ok")
    made = outbox.post(
        "card", to="a", subject_type="errand", subject_id="e", unit_code="331003001001", dedupe="k",
        values={"rung": "黄牌", "number": "1", "item": "救助", "due": "今天"}, actor=system("test"), now=now,
    )
    sql.run("UPDATE notice SET state = 'dead' WHERE id = ?", (made,))
    assert "1 notices could not be sent" in seen(settings, "notices", "warning")[0].told
