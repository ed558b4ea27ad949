"""Statements straight to libpq answer what psycopg answers."""
import uuid

import psycopg
import pytest

from backend.core import db, sql, straight


@pytest.fixture(autouse=True)
def on_postgresql(engine, database):
    if engine == "sqlite":
        pytest.skip("of PostgreSQL")


def often(text, params=()):
    """The last answer of a statement that has been prepared meanwhile; the first may have opened the connection."""
    for _ in range(straight.THRESHOLD + 1):
        answer = sql.execute(text, params)
    assert isinstance(answer, straight.Answer)
    return answer


def test_values_come_back_as_psycopg_reads_them():
    text = "SELECT ?::text, ?::bigint, ?::bytea, ?::boolean, ?::text, 'a%b'"
    params = ("王桂香", 2**40, b"\x00\xff", True, None)
    first = sql.execute(text, params)
    assert not isinstance(first, straight.Answer)
    told, again = first.fetchall(), often(text, params)
    assert again.fetchall() == told == [("王桂香", 2**40, b"\x00\xff", True, None, "a%b")]
    assert [column[0] for column in again.description] == [column[0] for column in first.description]


def test_rows_are_fetched_one_by_one_all_at_once_or_in_turn():
    answer = often("SELECT * FROM generate_series(1, ?)", (1200,))
    assert answer.rowcount == 1200 and answer.fetchone() == (1,) and answer.fetchmany(2) == [(2,), (3,)]
    assert often("SELECT 1").fetchone() == (1,)
    assert [row[0] for row in answer] == list(range(4, 1201)) and answer.fetchone() is None
    assert len(often("SELECT * FROM generate_series(1, ?)", (7,)).fetchall()) == 7


def test_a_number_may_grow_out_of_its_type():
    assert [often("SELECT ? + 0", (n,)).fetchone()[0] for n in (1, 2**20, 2**40)] == [1, 2**20, 2**40]


def test_a_write_says_how_many_rows_it_touched():
    for _ in range(4):
        assert sql.run("UPDATE ledger_head SET seq = seq WHERE id = ?", (1,)) == 1
        assert sql.run("UPDATE ledger_head SET seq = seq WHERE id = ?", (2,)) == 0
    assert often("SELECT 1").statusmessage == "SELECT 1"


def test_a_refused_statement_is_told_as_ever():
    insert = "INSERT INTO denial (account_id, hour_at, times) VALUES (?, 0, 1) ON CONFLICT DO NOTHING"
    often(insert, ("a",))
    with pytest.raises(db.peewee.IntegrityError):
        for _ in range(4):
            sql.execute("INSERT INTO denial (account_id, hour_at, times) VALUES (?, 0, 1)", ("a",))
    with pytest.raises(db.peewee.DataError) as refused:
        for number in (1, 1, 1, 0):
            sql.execute("SELECT 1 / ?", (number,))
    assert isinstance(db.cause_of(refused.value), psycopg.errors.DivisionByZero)


def test_scripts_of_several_statements_are_left_to_psycopg():
    for _ in range(5):
        assert not isinstance(sql.execute("SELECT 1; SELECT 2"), straight.Answer)


def test_the_server_keeps_a_bounded_number_of_statements():
    for _ in range(straight.THRESHOLD):
        for number in range(straight.MOST_PREPARED + 20):
            sql.execute(f"SELECT {number} AS n{number}")
    assert sql.value("SELECT count(*) FROM pg_prepared_statements") <= straight.MOST_PREPARED + 1
    assert often("SELECT 0 AS n0").fetchone() == (0,)


def test_a_rollback_leaves_what_is_prepared():
    name = f"t_{uuid.uuid4().hex}"
    often("SELECT 5")
    sql.execute("BEGIN")
    sql.execute(f"CREATE TABLE {name} (a int)")
    often(f"SELECT count(*) FROM {name}")
    sql.execute("ROLLBACK")
    with pytest.raises(db.peewee.ProgrammingError):
        sql.execute(f"SELECT count(*) FROM {name}")
    assert often("SELECT 5").fetchone() == (5,)
