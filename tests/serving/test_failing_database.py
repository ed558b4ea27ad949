"""A database that fails: 503 with Retry-After, nothing half-written, well again without a restart."""
import logging

import psycopg
import pytest
from peewee import OperationalError

from backend.core import db, ledger, logs, sql, transaction
from tests.serving import failing
from tests.stores import on_database


@pytest.fixture
def errand_id(agent):
    return failing.register(agent, "before-0001").json["id"]


@pytest.fixture
def admin_of(engine, district, request):
    """Runs statements beside the product, on the server's own database."""
    if engine != "postgresql":
        pytest.skip("of PostgreSQL")
    with psycopg.connect(request.getfixturevalue("postgresql"), autocommit=True) as session:
        yield session


def counts():
    tables = ("errand", "resident", "idempotency_key", "ledger_entry", "ledger_detail")
    return [sql.value(f"SELECT count(*) FROM {table}") for table in tables]


def name_of(url):
    return url.partition("?")[0].rpartition("/")[2]


def end_sessions(admin, url):
    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name_of(url),))


def test_a_database_that_takes_no_connections(agent, errand_id, admin_of, district):
    before = counts()
    admin_of.execute(f"ALTER DATABASE {name_of(district)} ALLOW_CONNECTIONS false")
    end_sessions(admin_of, district)
    for answer in (*failing.reads(agent, errand_id), *failing.writes(agent, errand_id)):
        failing.is_unavailable(answer)
    assert agent.client.get("/healthz").status_code == 200
    assert agent.client.get("/readyz").json["missing"] == ["database"]
    assert "daiban_database_up 0" in agent.client.get("/metrics").text
    admin_of.execute(f"ALTER DATABASE {name_of(district)} ALLOW_CONNECTIONS true")
    db.database.obj.failed_at = -1.0
    assert counts() == before
    failing.is_well(agent, "failing-0001")


def test_a_connection_lost_between_two_requests_is_made_anew_without_a_word(agent, errand_id, admin_of, district):
    for answer in failing.reads(agent, errand_id):
        assert answer.status_code < 500
        end_sessions(admin_of, district)
    failing.is_well(agent, "after-0001")


def test_a_connection_lost_within_a_transaction(agent, errand_id, admin_of, district, monkeypatch):
    before, append = counts(), ledger.append
    monkeypatch.setattr(ledger, "append", lambda block: end_sessions(admin_of, district) or append(block))
    failing.is_unavailable(failing.register(agent, "lost-0001"))
    monkeypatch.undo()
    assert counts() == before
    failing.is_well(agent, "lost-0001")


@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
def test_a_head_that_another_session_holds(limit, agent, errand_id, admin_of, district):
    before = counts()
    with psycopg.connect(on_database(district, name_of(district))) as other:
        other.execute("SELECT * FROM ledger_head FOR UPDATE")
        sql.execute(f"SET {limit} = '100ms'")
        failing.is_unavailable(failing.register(agent, "held-0001"))
        other.rollback()
    assert counts() == before
    failing.is_well(agent, "held-0001")


def test_a_database_that_may_only_be_read(agent, errand_id, admin_of, district):
    before = counts()
    admin_of.execute(f"ALTER DATABASE {name_of(district)} SET default_transaction_read_only = on")
    transaction.drop_connection()
    failing.is_unavailable(failing.register(agent, "readonly-0001"))
    assert agent.get(f"/errands/{errand_id}").status_code == 200
    admin_of.execute(f"ALTER DATABASE {name_of(district)} RESET default_transaction_read_only")
    assert counts() == before
    failing.register(agent, "readonly-0001")
    failing.is_well(agent, "readonly-0001")


def test_a_session_that_slept_in_its_transaction(agent, errand_id, admin_of, monkeypatch):
    record = ledger.record

    def late(*args, **kwargs):
        sql.execute("SET LOCAL idle_in_transaction_session_timeout = '20ms'")
        transaction.clock.sleep(0.2)
        record(*args, **kwargs)

    monkeypatch.setattr(ledger, "record", late)
    failing.is_unavailable(failing.register(agent, "asleep-0001"))
    monkeypatch.undo()
    failing.is_well(agent, "asleep-0001")


def test_a_commit_whose_answer_was_lost_is_told_truly_to_the_same_key(agent, errand_id, monkeypatch):
    execute = sql.execute

    def lost(text, params=()):
        cursor = execute(text, params)
        if text == "COMMIT":
            raise OperationalError("server closed the connection unexpectedly")
        return cursor

    monkeypatch.setattr(sql, "execute", lost)
    failing.is_unavailable(failing.register(agent, "commit-0001"))
    monkeypatch.undo()
    before = counts()
    again = failing.register(agent, "commit-0001")
    assert again.status_code == 201 and again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Ledger-Receipt"]
    assert counts() == before


def test_a_commit_that_did_not_happen_is_told_truly_to_the_same_key(agent, errand_id, monkeypatch):
    before, execute = counts(), sql.execute

    def lost(text, params=()):
        if text == "COMMIT":
            raise OperationalError("server closed the connection unexpectedly")
        return execute(text, params)

    monkeypatch.setattr(sql, "execute", lost)
    failing.is_unavailable(failing.register(agent, "commit-0002"))
    monkeypatch.undo()
    assert counts() == before
    again = failing.register(agent, "commit-0002")
    assert again.status_code == 201 and "Idempotent-Replayed" not in again.headers


@pytest.mark.parametrize("failing_at", ["BEGIN", "ROLLBACK"])
def test_a_beginning_or_an_undoing_that_fails_leaves_no_connection_behind(
    failing_at, agent, errand_id, monkeypatch
):
    before, execute = counts(), sql.execute

    def run(text, params=()):
        if text.startswith(failing_at):
            raise OperationalError("disk I/O error")
        return execute(text, params)

    monkeypatch.setattr(sql, "execute", run)
    if failing_at == "ROLLBACK":
        monkeypatch.setattr(ledger, "append", lambda block: execute("SELECT nothing FROM nowhere"))
        assert failing.register(agent, "begin-0001").status_code in (500, 503)
    else:
        failing.is_unavailable(failing.register(agent, "begin-0001"))
    monkeypatch.undo()
    assert counts() == before
    failing.is_well(agent, "begin-0001")


class Lines(logging.Handler):
    """What would stand in the log."""

    def __init__(self):
        super().__init__()
        self.setFormatter(logs.Formatter(logs.FORMAT))
        self.text = ""

    def emit(self, record):
        self.text += self.format(record) + "\n"


@pytest.fixture
def lines():
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


WRONG = {
    "a wrong statement": ("SELECT nothing FROM unit WHERE name = ?", ("王桂香",)),
    "a wrong value": ("SELECT CAST(? AS INTEGER) + nowhere(?)", ("王桂香", "王桂香")),
    "a missing value": ("INSERT INTO category (code, name) VALUES ('x', NULLIF(?, ?))", ("王桂香", "王桂香")),
    "a broken constraint": ("INSERT INTO category (code, name) VALUES (?, 'x'), (?, 'x')", ("王桂香", "王桂香")),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_our_own_faults_are_told_in_the_log_without_values(wrong, agent, errand_id, monkeypatch, lines):
    monkeypatch.setattr(ledger, "append", lambda block: sql.execute(*WRONG[wrong]) and None)
    answer = failing.register(agent, "wrong-0001")
    assert answer.status_code == (409 if "constraint" in wrong else 500)
    assert "王桂香" not in lines.text
    assert "File " in lines.text or "constraint" in wrong
    monkeypatch.undo()
    failing.is_well(agent, "wrong-0001")


def test_texts_of_exceptions_do_not_reach_the_log(agent, monkeypatch, lines):
    name, number = "王桂香", "33100319500307001X"

    def fail(block):
        try:
            int(number)
        except ValueError as error:
            raise KeyError(name) from error

    monkeypatch.setattr(ledger, "append", fail)
    assert failing.register(agent, "wrong-0002").status_code == 500
    assert "KeyError" in lines.text and "ValueError" in lines.text and "in fail" in lines.text
    assert name not in lines.text and number not in lines.text
