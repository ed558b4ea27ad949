"""Every command of ``python -m backend.cli``: what it does, what it refuses, how it ends."""
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend import cli, scheduler, schema, settings
from backend.core import clock, db, ids, sql, transaction
from backend.core.actor import system
from backend.people.actions import residents
from backend.people.rules import passwords
from tests import cast

ROOT = Path(__file__).parents[1]
DISTRICT = ROOT / "backend/sample/huangyan"
YEARS = ROOT / "backend/clocks/years"
HEAD = "code,name,level,parent_code\n"
PASSWORD = "a-long-enough-password"


@pytest.fixture
def run(database, keys, tmp_path, monkeypatch, capsys):
    """Run a command on this test's database; its exit code, what it said, what it complained of."""
    monkeypatch.setenv("DAIBAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DAIBAN_DATABASE_URL", database)
    monkeypatch.setenv("DAIBAN_KEY_FILE", str(keys))

    def _run(*arguments):
        code = cli.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out.strip(), said.err.strip()

    return _run


@pytest.fixture
def bare(store, monkeypatch, run):
    """The address of a database without tables, which the commands use from now on."""
    url = store._new("bare_" + ids.new(clock.EPOCH)[-12:])
    monkeypatch.setenv("DAIBAN_DATABASE_URL", url)
    yield url
    transaction.drop_connection()
    store.drop(url)


@pytest.fixture
def written(tmp_path):
    def _written(text, name="input"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return _written


def test_upgrade_names_what_it_applied_and_a_second_has_nothing_to_do(run, bare):
    code, said, _ = run("upgrade")
    assert (code, said.splitlines()) == (0, schema.known())
    assert run("upgrade") == (0, "nothing to do", "")


@pytest.mark.parametrize("command", [
    ("import-divisions", DISTRICT / "divisions.csv"), ("import-catalogue", DISTRICT / "service-items.json"),
    ("import-calendar", YEARS / "2026.json"), ("run-job", "checkpoint"), ("backup", "folder"), ("verify",),
    ("create-account", "a", "--name", "甲", "--role", "admin", "--unit", cast.DISTRICT),
])
def test_on_a_database_without_tables_a_command_says_to_upgrade(run, bare, command):
    code, said, complained = run(*command)
    assert code == (cli.NOT_VERIFIED if command[0] == "verify" else cli.REFUSED)
    assert (said, complained) == ("", "daiban: the database is not at the present schema: run upgrade first")


def test_the_imports_tell_counts_and_a_second_changes_nothing(run):
    units = sum(1 for _ in (DISTRICT / "divisions.csv").open(encoding="utf-8")) - 1
    for counts in ({"added": units, "unchanged": 0}, {"added": 0, "unchanged": units}):
        code, said, _ = run("import-divisions", DISTRICT / "divisions.csv")
        assert (code, json.loads(said)) == (0, {"read": units, "changed": 0, **counts})
    for counts in ({"created": 40, "unchanged": 0}, {"created": 0, "unchanged": 40}):
        code, said, _ = run("import-catalogue", DISTRICT / "service-items.json")
        assert (code, json.loads(said)) == (0, {"changed": 0, **counts})


def test_importing_a_year_tells_the_days_that_change(run):
    code, said, _ = run("import-calendar", YEARS / "2026.json")
    told = json.loads(said)
    assert (code, told["year"]) == (0, 2026)
    assert {"date": "2026-02-14", "before": "rest", "after": "makeup", "name": "春节"} in told["difference"]
    assert json.loads(run("import-calendar", YEARS / "2026.json")[1])["difference"] == []


@pytest.mark.parametrize(("rows", "line"), [
    ("331003000000,黄岩区,county,\n331003001000,东城街道,parish,331003000000\n", "Line 3"),
    ("331003000000,黄岩区,county\n", "Line 2"), ("33100300000x,黄岩区,county,\n", "Line 2"),
    ("331003000000,,county,\n", "Line 2"),
])
@pytest.mark.one_engine
def test_a_bad_row_is_named_by_its_line_and_nothing_is_imported(run, written, rows, line):
    code, said, complained = run("import-divisions", written(HEAD + rows))
    assert (code, said) == (cli.REFUSED, "")
    assert complained.startswith("daiban: " + line)
    assert sql.value("SELECT count(*) FROM unit") == 0


@pytest.mark.parametrize("command", ["import-divisions", "import-catalogue", "import-calendar"])
@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "\x00", '{"year": 2026}', "名称"])
@pytest.mark.one_engine
def test_a_file_of_another_kind_is_refused_in_a_line_or_two(run, written, command, text):
    code, said, complained = run(command, written(text))
    assert (code, said) == (cli.REFUSED, "")
    assert complained.startswith("daiban: ") and "Traceback" not in complained


@pytest.mark.parametrize("command", ["import-divisions", "import-catalogue", "import-calendar", "restore"])
@pytest.mark.one_engine
def test_a_file_that_is_not_there_is_named(run, tmp_path, command):
    code, _, complained = run(command, tmp_path / "nowhere")
    assert code == cli.REFUSED and "nowhere" in complained


@pytest.fixture
def typed(monkeypatch):
    """What comes on standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def created(run, *more, role="admin", unit=cast.DISTRICT):
    return run("create-account", "zhou", "--name", "周", "--role", role, "--unit", unit, *more)


def test_an_account_is_made_with_a_password_from_standard_input(run, typed):
    run("import-divisions", DISTRICT / "divisions.csv")
    typed(PASSWORD + "\n")
    code, account_id, _ = created(run)
    kept = sql.row("SELECT id, role, sample, password_hash FROM account WHERE username = 'zhou'")
    assert (code, kept["id"], kept["role"], bool(kept["sample"])) == (0, account_id, "admin", False)
    assert passwords.is_password(PASSWORD, kept["password_hash"])
    typed(PASSWORD + "\n")
    assert created(run)[0] == cli.REFUSED


@pytest.mark.parametrize(("password", "more", "told"), [
    ("short", {}, "8–128"), ("", {}, "8–128"), (PASSWORD, {"unit": "331003999999"}, "unit_code"),
    (PASSWORD, {"role": "handler"}, "department_code"), (PASSWORD, {"role": "agent"}, "unit_code"),
])
@pytest.mark.one_engine
def test_an_account_that_cannot_be_is_refused_by_field(run, typed, password, more, told):
    run("import-divisions", DISTRICT / "divisions.csv")
    typed(password)
    code, said, complained = created(run, **more)
    assert (code, said) == (cli.REFUSED, "") and told in complained
    assert sql.value("SELECT count(*) FROM account") == 0


def test_every_job_of_the_timetable_runs_by_hand(run):
    for job in scheduler.timetable(settings.from_environment()):
        assert run("run-job", job.name) == (0, "", "")
    code, _, complained = run("run-job", "nonsense")
    assert code == cli.REFUSED and "no job 'nonsense'; there are give-cards" in complained



def test_verify_ends_with_what_it_found(run, tmp_path):
    run("import-divisions", DISTRICT / "divisions.csv")
    run("run-job", "checkpoint")
    seq, last = sql.execute("SELECT seq, hash FROM ledger_entry ORDER BY seq DESC LIMIT 1").fetchone()
    receipt = f"{seq}.{bytes(last).hex()}"
    assert run("verify", "--receipt", receipt)[0] == 0
    assert run("verify", "--receipt", f"{seq + 1}.{bytes(last).hex()}")[0] == 3
    assert run("verify", "--receipt", "nonsense")[0] == 3
    assert run("verify", "--anchor", tmp_path / "nowhere")[0] == 3
    loosen()
    sql.run("UPDATE ledger_entry SET action = 'x' WHERE seq = 1")
    code, said, _ = run("verify")
    assert code == 1 and "1" in said
    sql.run("DELETE FROM ledger_entry WHERE seq = 1")
    assert run("verify")[0] == 2


def loosen():
    """What somebody who holds the database could do first."""
    if db.is_sqlite():
        for (name,) in sql.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            sql.run(f'DROP TRIGGER "{name}"')
    else:
        sql.run("ALTER TABLE ledger_entry DISABLE TRIGGER ALL")


def test_doctor_ends_with_1_where_something_must_be_mended(run, bare):
    db.connect(bare)
    code, said, _ = run("doctor")
    assert code == 1 and "run upgrade" in said
    run("upgrade")
    assert "error" not in {line.split()[0] for line in run("doctor")[1].splitlines() if "ledger" in line}


def test_a_backup_restores_into_an_empty_database_only(run, store, monkeypatch, tmp_path):
    run("import-divisions", DISTRICT / "divisions.csv")
    code, made, _ = run("backup", tmp_path / "backups")
    assert code == 0 and Path(made).exists()
    code, said, complained = run("restore", tmp_path / "backups")
    assert (code, said) == (cli.REFUSED, "") and "not empty" in complained
    url = store._new("back_" + ids.new(clock.EPOCH)[-12:])
    monkeypatch.setenv("DAIBAN_DATABASE_URL", url)
    code, said, _ = run("restore", tmp_path / "backups")
    told = json.loads(said)
    assert (code, told["restored"], told["erased"], told["lost"]) == (0, Path(made).name, 0, 0)
    assert run("verify")[0] == 0
    assert sql.value("SELECT count(*) FROM unit") == 368
    transaction.drop_connection()
    store.drop(url)


@pytest.mark.one_engine
def test_restoring_makes_no_keys_and_asks_for_those_of_the_backup(run, monkeypatch, tmp_path):
    key_file = tmp_path / "other" / "keys.json"
    monkeypatch.setenv("DAIBAN_KEY_FILE", str(key_file))
    code, _, complained = run("restore", tmp_path)
    assert code == cli.REFUSED and "key file" in complained and not key_file.exists()


@pytest.mark.one_engine
def test_a_folder_without_a_backup_is_refused(run, bare, tmp_path):
    code, _, complained = run("restore", tmp_path)
    assert code == cli.REFUSED and "no backup in" in complained


@pytest.mark.one_engine
def test_a_bad_setting_is_one_line(run, monkeypatch):
    monkeypatch.setenv("DAIBAN_PORT", "many")
    code, _, complained = run("upgrade")
    assert code == cli.REFUSED and complained.count("\n") == 0 and "DAIBAN_PORT" in complained


def test_a_database_that_does_not_answer_is_one_line(run, monkeypatch, engine, tmp_path):
    gone = {"sqlite": f"sqlite:///{tmp_path}/no/such/folder/daiban.db",
            "postgresql": "postgresql://nobody@127.0.0.1:1/none"}[engine]
    monkeypatch.setenv("DAIBAN_DATABASE_URL", gone)
    code, _, complained = run("verify")
    assert code == cli.NOT_VERIFIED and complained.count("\n") == 0


@pytest.mark.parametrize(("arguments", "code"), [(["nonsense"], 2), ([], 2), (["--help"], 0)])
def test_what_the_commands_are_is_told(arguments, code, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    said = capsys.readouterr()
    assert ended.value.code == code and "COMMAND" in said.out + said.err


def test_the_module_runs_as_a_program(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DAIBAN_")}
    environment["DAIBAN_DATA_DIR"] = str(tmp_path / "data")

    def program(*arguments, typed=""):
        return subprocess.run(
            [sys.executable, "-m", "backend.cli", *arguments], cwd=ROOT, env=environment, input=typed,
            capture_output=True, text=True, check=False,
        )

    assert program("upgrade").returncode == 0
    assert program("import-divisions", str(DISTRICT / "divisions.csv")).returncode == 0
    made = program(
        "create-account", "zhou", "--name", "周", "--role", "admin", "--unit", cast.DISTRICT, typed=PASSWORD + "\n"
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert program("verify").stdout.startswith("whole: ")


def test_a_resident_is_erased_by_her_id_and_a_stranger_refused(run):
    run("import-divisions", DISTRICT / "divisions.csv")
    resident = residents.register(
        township_code=cast.TOWNSHIP, name="王桂香", id_number=cast.id_number(1), phone="13805761234", address=None,
        actor=system("test"), now=clock.SystemClock().now(),
    )
    code, said, _ = run("erase-resident", resident, "--reason", "应本人要求")
    assert (code, json.loads(said)) == (0, {"resident": resident, "erased": 1})
    assert sql.value("SELECT name FROM resident") == ""
    assert run("erase-resident", resident, "--reason", "再来一次")[1] == json.dumps({"resident": resident, "erased": 0})
    assert run("erase-resident", "nobody", "--reason", "x")[0] == cli.REFUSED
