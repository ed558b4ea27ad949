"""The floor: a bare WSGI program that writes and reads the same rows with hand-written SQL.

Same server, engine and durability; on SQLite its writers take turns too, on PostgreSQL it takes
the same head lock. No framework, no schema, no scope, no replay. What it registers are the same
rows of the same sizes, sealed columns being random bytes (nothing is encrypted), and it answers
with four fields. Its work list answers what ours does, byte for byte: open errands due first, the
same fields, numbers opened and masked (:mod:`tests.benchmarks.bare_list`).

    python -m tests.benchmarks.bare DATABASE_URL PORT THREADS KEY_FILE
"""
import ctypes
import hashlib
import os
import signal
import sys
import threading
import time
from typing import Any

import apsw
import orjson
import psycopg
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from tests.benchmarks import bare_list
from tests.benchmarks.fair import Turns

_local = threading.local()
_turns = Turns()
URL = ""
NEVER = 253402128000000000


class Sqlite:
    begin = "BEGIN IMMEDIATE"

    def __init__(self, url: str) -> None:
        self.connection = apsw.Connection(url.removeprefix("sqlite:///"))
        self.connection.setbusytimeout(10000)
        for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=1", "cache_size=-16000"):
            self.connection.execute(f"PRAGMA {pragma}").fetchall()

    def run(self, text: str, params: tuple[Any, ...] = ()) -> Any:
        return self.connection.execute(text, params)


class Postgres:
    begin = "BEGIN"

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.texts: dict[str, str] = {}

    def run(self, text: str, params: tuple[Any, ...] = ()) -> Any:
        known = self.texts.get(text)
        if known is None:
            known = self.texts[text] = text.replace("?", "%s")
        return self.connection.execute(known, params)


def store() -> Any:
    found = getattr(_local, "store", None)
    if found is None:
        found = _local.store = Sqlite(URL) if URL.startswith("sqlite") else Postgres(URL)
    return found


def inserting(table: str, columns: str, rows: int = 1) -> str:
    marks = "(" + ", ".join("?" * len(columns.split())) + ")"
    return f"INSERT INTO {table} ({', '.join(columns.split())}) VALUES {', '.join([marks] * rows)}"


SESSION = (
    "SELECT a.id, a.unit_code FROM session s JOIN account a ON a.id = s.account_id WHERE s.token_hash = ?"
)
KEY = inserting("idempotency_key", "scope key route digest made_at")
SETTLE = "UPDATE idempotency_key SET ref = ?, receipt = ? WHERE scope = ? AND key = ?"
RESIDENT = inserting(
    "resident",
    "id township_code name pinyin initials id_number_sealed id_number_index phone_sealed phone_index "
    "address_sealed made_at version",
)
READER = inserting("resident_reader", "resident_id reader_code name pinyin initials")
SERIAL = (
    "INSERT INTO number_series (tail, day_on, last) VALUES (?, ?, 1) "
    "ON CONFLICT (tail, day_on) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)
ERRAND = inserting(
    "errand",
    "id number state item_code item_number quantity unit_code township_code district_code resident_id "
    "channel first_receiver_id agent_id mandate_given_by mandate_expires_on received_at order_at "
    "provisional trips paid_fen version stops silence_at acted_at",
)
PAPERS = inserting("errand_material", "errand_id position name required may_defer received_at", 4)
ENTRY = inserting(
    "ledger_entry",
    "seq recorded_at happened_at actor role unit device action subject_type subject_id scope outcome "
    "fields commitment prev_hash hash", 2,
)
DETAIL = inserting("ledger_detail", "seq salt sealed", 2)
HEAD = "SELECT seq, hash FROM ledger_head WHERE id = 1"
ADVANCE = "UPDATE ledger_head SET seq = ?, hash = ? WHERE id = 1"


def register(environ: dict[str, Any]) -> bytes:
    body = orjson.loads(environ["wsgi.input"].read())
    token = environ["HTTP_AUTHORIZATION"][7:]
    own = store()
    account, unit = own.run(SESSION, (hashlib.sha256(token.encode()).hexdigest(),)).fetchone()
    turn = _turns.taken() if own.begin == Sqlite.begin else _NoTurn()
    with turn:
        own.run(own.begin)
        try:
            errand = _write(own, body, environ["HTTP_IDEMPOTENCY_KEY"], account, unit)
            own.run("COMMIT")
        except BaseException:
            own.run("ROLLBACK")
            raise
    return orjson.dumps(errand)


class _NoTurn:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def _write(own: Any, body: dict[str, Any], key: str, account: str, unit: str) -> dict[str, Any]:
    now = time.time_ns() // 1000
    errand_id, resident_id = _id(now), _id(now)
    township, district, blob = unit[:9] + "000", unit[:6] + "000000", os.urandom(50)
    resident = body["resident"]
    own.run(KEY, (account, key, "POST /api/v1/errands", blob[:32], now))
    index = hashlib.sha256(resident["id_number"].encode()).digest()[:16]
    own.run(RESIDENT, (
        resident_id, township, resident["name"], "wangguixiang", "wgx", blob, index, blob, index, blob, now, 1,
    ))
    own.run(READER, (resident_id, unit, resident["name"], "wangguixiang", "wgx"))
    serial = own.run(SERIAL, (unit[6:], "2026-02-12")).fetchone()[0]
    own.run(ERRAND, (
        errand_id, f"{unit[6:]}-260212-{serial:04d}-0", "registered", body["item_code"], 1, 1, unit, township,
        district, resident_id, body["channel"], account, account, body["mandate"]["given_by"],
        body["mandate"]["expires_on"], now, NEVER, False, 0, 0, 1, 0, now + 600_000_000_000, now,
    ))
    papers: list[Any] = []
    for place, paper in enumerate(body["materials"]):
        papers += [errand_id, place, paper["name"], True, False, now]
    own.run(PAPERS, tuple(papers))
    lock = "" if own.begin == Sqlite.begin else " FOR UPDATE"
    seq, last = own.run(HEAD + lock).fetchone()
    entries: list[Any] = []
    for step, (kind, subject) in enumerate((("resident", resident_id), ("errand", errand_id)), 1):
        digest = hashlib.sha256(bytes(last) + blob).digest()
        entries += [
            seq + step, now, now, account, "agent", unit, "", f"{kind}.register", kind, subject, unit, "done",
            "state,number,resident_id", digest, bytes(last), digest,
        ]
        last = digest
    own.run(ENTRY, tuple(entries))
    own.run(DETAIL, (seq + 1, blob[:16], blob * 4, seq + 2, blob[:16], blob * 4))
    own.run(ADVANCE, (seq + 2, digest))
    own.run(SETTLE, (errand_id, digest.hex(), account, key))
    return {"id": errand_id, "state": "registered", "unit_code": unit, "version": 1}


def _id(now: int) -> str:
    """An id that sorts by time, as ours do."""
    text = f"{now // 1000:012x}7{os.urandom(10).hex()[:19]}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def work_list(environ: dict[str, Any]) -> bytes:
    own = store()
    token = environ["HTTP_AUTHORIZATION"][7:]
    _, unit = own.run(SESSION, (hashlib.sha256(token.encode()).hexdigest(),)).fetchone()
    return bare_list.answer(own.run, unit)


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    answer = register(environ) if environ["REQUEST_METHOD"] == "POST" else work_list(environ)
    status = "201 Created" if environ["REQUEST_METHOD"] == "POST" else "200 OK"
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]


def _load() -> Any:
    """In the worker, which ends with its parent."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    bare_list.load(sys.argv[4], store().run)
    return application


def main() -> None:
    global URL
    URL = sys.argv[1]
    Server(
        "bare", address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.WSGI, workers=1,
        blocking_threads=int(sys.argv[3]), blocking_threads_idle_timeout=600,
        websockets=False, log_level=LogLevels.warning,
    ).serve(target_loader=_load, wrap_loader=False)


if __name__ == "__main__":
    main()
