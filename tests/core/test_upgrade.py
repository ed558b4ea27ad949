"""A database of the last release, with something in every table, comes to the present schema whole."""
import uuid
from datetime import date
from typing import Any

import orjson
import pytest

from backend import sample, schema
from backend.clocks import jobs as clocks
from backend.clocks.rules import ladder
from backend.core import clock, db, sql, transaction
from backend.core.actor import system
from backend.errands.jobs import following, silence
from tests import cast
from tests.conftest import START
from tests.core.test_schema import all_models, described
from tests.errands import projections

RELEASED = "0007_errands"
MICROS = clock.to_micros(START)
HOUR = 3_600_000_000
MARKS = {"VARCHAR": "x", "TEXT": "{}", "CHARACTER VARYING": "x", "BLOB": b"x", "BYTEA": b"x"}
ERRAND = {
    "number": "001001-260212-0001-3", "state": "registered", "item_code": "MZ-003", "item_number": 1, "quantity": 1,
    "unit_code": cast.VILLAGE, "township_code": cast.TOWNSHIP, "district_code": cast.DISTRICT, "channel": "counter",
    "first_receiver_id": "agent", "agent_id": "agent", "resident_id": "r", "mandate_given_by": "signature",
    "mandate_expires_on": "2026-12-31", "received_at": MICROS, "order_at": clock.to_micros(clock.NEVER),
    "provisional": False, "trips": 0, "paid_fen": 0, "version": 1,
}
DONE = {"accepted_at": MICROS + HOUR, "due_at": MICROS + 9 * HOUR, "order_at": MICROS + 9 * HOUR}
STATES: dict[str, dict[str, Any]] = {
    "registered": {}, "accepted": DONE, "completed": DONE | {"finished_at": MICROS + 2 * HOUR, "outcome": "refused",
                                                             "reason": "收入高于标准"},
    "delivered": DONE | {"finished_at": MICROS + 2 * HOUR, "delivered_at": MICROS + 3 * HOUR, "outcome": "granted"},
    "closed": DONE | {"finished_at": MICROS + 2 * HOUR, "delivered_at": MICROS + 3 * HOUR, "outcome": "granted",
                      "closed_at": MICROS + 4 * HOUR},
    "declined": {"finished_at": MICROS + HOUR, "reason": "户籍不在本区", "referral": '{"where": "临海"}'},
    "withdrawn": DONE | {"finished_at": MICROS + 2 * HOUR}, "dropped": {"finished_at": MICROS + HOUR},
}
GIVEN = {"unit": {"code": cast.VILLAGE}, "call_task": {"errand_id": "completed"}}
"""What the database's own checks ask for."""
NAMES = {"dropped": "withdrawn"}


def put(table, values):
    columns = ", ".join(f'"{name}"' for name in values)
    sql.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join("?" * len(values))})', list(values.values()))


def value_of(column):
    if column.data_type.upper() in ("BOOLEAN", "BOOL"):
        return False
    if column.name.endswith("_on"):
        return "2026-01-01"
    return next((mark for kind, mark in MARKS.items() if column.data_type.upper().startswith(kind)), 1)


def anything(table):
    """A row of this table that was there before: each column filled with what it takes."""
    return {column.name: value_of(column) for column in db.database.get_columns(table)}


def fill_tables_that_are_empty():
    for table in db.database.get_tables():
        if table != "schema_migration" and sql.value(f'SELECT count(*) FROM "{table}"') == 0:
            put(table, anything(table) | GIVEN.get(table, {}))


def counted():
    return {table: sql.value(f'SELECT count(*) FROM "{table}"') for table in db.database.get_tables()}


@pytest.fixture
def released(store):
    """The last release's database: the sample's calendar and catalogue by its own actions, all else by SQL."""
    url = store._new("released" + uuid.uuid4().hex[:10])
    try:
        db.connect(url)
        schema.upgrade(RELEASED)
        fill()
        yield url
    finally:
        transaction.drop_connection()
        store.drop(url)
        db.connect(store.url)


def fill():
    sample.load_calendar(START)
    put("item_version", anything("item_version") | {
        "id": "MZ-003:1", "item_code": "MZ-003", "number": 1, "promised_days": 7, "legal_days": 20,
        "valid_from_on": "2026-01-01", "kind": "promise",
        "body": orjson.dumps({
            "name": "临时救助", "kind": "promise", "promised_days": 7, "legal_days": 20, "department": "MZ",
        }).decode(),
    })
    for name, more in STATES.items():
        case = {"id": name, "number": f"n-{name}", "state": NAMES.get(name, name)}
        put("errand", ERRAND | case | more)
    ledger = anything("ledger_entry") | {
        "seq": 100_000, "subject_type": "errand", "subject_id": "declined", "action": "errand.decline",
        "actor": "operator",
    }
    put("ledger_entry", ledger)
    fill_tables_that_are_empty()


def errands():
    return {row.pop("id"): row for row in sql.plain("SELECT * FROM errand")}


def test_what_was_there_survives_and_is_filled(released):
    before, rows = counted(), errands()
    assert schema.upgrade()[0] == "0008_turns" and schema.is_current()
    after = counted()
    assert {table: after[table] for table in before if table != "schema_migration"} == {
        table: count for table, count in before.items() if table != "schema_migration"
    }
    found = errands()
    assert all(found[name].items() >= row.items() for name, row in rows.items())
    never = clock.to_micros(clock.NEVER)
    assert {name: row["acted_at"] for name, row in found.items()} == {
        "registered": MICROS, "accepted": MICROS + HOUR, "completed": MICROS + 2 * HOUR,
        "delivered": MICROS + 3 * HOUR, "closed": never, "declined": never, "withdrawn": never, "dropped": never,
    }
    assert {name: (row["duty_at"], row["duty_days"]) for name, row in found.items()} == {
        name: (MICROS + HOUR, 7) if "accepted_at" in more else (None, None) for name, more in STATES.items()
    }
    assert {name: (row["last_move"], row["previous_state"]) for name, row in found.items()} == {
        "registered": (None, None), "accepted": ("accept", "registered"), "completed": ("complete", "accepted"),
        "delivered": (None, None), "closed": (None, None), "declined": ("decline", "registered"),
        "withdrawn": ("withdraw", "accepted"), "dropped": ("withdraw", "registered"),
    }


def test_earlier_refusals_stand_in_the_register(released):
    schema.upgrade()
    found = sql.rows("SELECT errand_id, kind, reason, account_id, made_at FROM refusal ORDER BY errand_id")
    assert [(row["errand_id"], row["kind"], row["reason"], row["account_id"]) for row in found] == [
        ("completed", "refused", "收入高于标准", "agent"), ("declined", "declined", "户籍不在本区", "operator"),
    ]


def test_the_jobs_then_lay_clocks_and_silence(released):
    schema.upgrade()
    following.reproject(actor=system("reproject-errands"), now=START)
    assert projections.wrong() == []
    laid = sql.rows("SELECT subject_id, kind, budget_days, due_at FROM clock ORDER BY subject_id")
    assert {row["subject_id"] for row in laid} >= {"accepted"}
    found = errands()
    assert clock.wire_micros(found["registered"]["silence_at"]) == "2026-02-26T17:30:00+08:00"
    assert clock.wire_micros(found["accepted"]["due_at"]) == "2026-02-28T17:30:00+08:00"
    later = clock.from_micros(found["registered"]["silence_at"])
    assert silence.accept_in_silence(actor=system("accept-in-silence"), now=later) == 1
    assert errands()["registered"]["accepted_at"] == MICROS


def test_upgraded_late_each_open_errand_gets_each_card_once_and_a_finished_one_none(released):
    """Rules 4: moments long past are given at once with their own effective times, however late they are seen."""
    schema.upgrade()
    later, job = clock.at_local(date(2026, 4, 20), 14), system("upgrade")
    for _ in range(2):
        given = [clocks.give_cards(actor=job, now=later)]
        following.reproject(actor=job, now=later)
        silence.accept_in_silence(actor=job, now=later)
        given.append(clocks.give_cards(actor=job, now=later))
    assert given == [0, 0] and projections.wrong() == []
    found = sql.rows("SELECT subject_id, rung, effective_at, detected_at FROM card ORDER BY subject_id, effective_at")
    assert [(row["subject_id"], row["rung"]) for row in found] == [
        (name, rung) for name in ("accepted", "registered") for rung in ladder.RUNGS
    ]
    assert {row["detected_at"] for row in found} == {later}
    told = [clock.wire(row["effective_at"])[:10] for row in found[:5]]
    assert told == ["2026-02-26", "2026-02-27", "2026-02-28", "2026-03-03", "2026-03-18"]


def test_a_database_of_the_last_release_ends_with_the_present_schema(released, store):
    schema.upgrade()
    upgraded = {model._meta.table_name: described(db.database, model._meta.table_name) for model in all_models()}
    db.connect(store.url)
    fresh = {model._meta.table_name: described(db.database, model._meta.table_name) for model in all_models()}
    db.connect(released)
    assert upgraded == fresh
