"""Free slots of a unit for 14 days with 20 cells a day, against the same rows read by hand; the job over many units.

    python -m tests.benchmarks.slots [--postgresql] [--units 2000]
"""
import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from backend import app as application
from backend import sample, schema
from backend.appointments.actions import offers
from backend.appointments.jobs import laying
from backend.core import clock, db, secrets, sql
from backend.core.actor import Actor, Call, system
from backend.core.transaction import transaction
from backend.settings import Settings
from tests import cast
from tests.appointments.offers import body, rule, service_body
from tests.benchmarks.errands import databases

NOW = datetime.fromisoformat("2026-11-02T08:00:00+08:00")
BARE = (
    "SELECT day_on, minute, wanted, wanted_self, booked, booked_self FROM cell "
    "WHERE unit_code = ? AND day_on BETWEEN ? AND ? ORDER BY day_on, minute"
)
RULES = body(
    rule("08:30", "18:30", capacity=3, self_capacity=2, weekdays=[1, 2, 3, 4, 5, 6, 7]),
    rule("08:30", "18:30", kind="weekend_duty", capacity=1), services=[service_body("a", 60, gap_minutes=30)],
)


def admin() -> Actor:
    return Actor("admin", "admin", "admin", cast.DISTRICT, call=Call())


def bare(first: str, last: str) -> bytes:
    """Each free cell as JSON: one statement, no gaps, no horizon, no cutoff."""
    found = sql.execute(BARE, (cast.VILLAGE, first, last)).fetchall()
    return orjson.dumps({"items": [
        {"date": day, "start": f"{minute // 60:02d}:{minute % 60:02d}", "capacity": wanted, "free": wanted - booked,
         "free_self": min(wanted - booked, own - booked_self)}
        for day, minute, wanted, own, booked, booked_self in found if wanted > booked
    ], "next_cursor": None})


def measured(work: Callable[[], Any], times: int = 200) -> float:
    """The median milliseconds of ``work``."""
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


@transaction
def with_rules(codes: list[str], *, actor: Actor, now: datetime) -> None:
    for code in codes:
        offers.change(code, RULES, actor=actor, now=now)


class Standing:
    def now(self) -> datetime:
        return NOW


def run(url: str, folder: Path, units: int) -> None:
    made = application.create_app(Settings(folder, url, key_file=folder / "keys.json"), Standing())
    schema.upgrade()
    sample.load_calendar(NOW)
    sample.load("huangyan", cast.PASSWORD, NOW)
    offers.change(cast.VILLAGE, RULES, actor=admin(), now=NOW)
    offers.lay(cast.VILLAGE, actor=admin(), now=NOW)
    today = clock.local_date(NOW)
    span = (today.isoformat(), (today + timedelta(days=13)).isoformat())
    client, path = made.test_client(), f"/api/v1/units/{cast.VILLAGE}/slots?from={span[0]}&to={span[1]}"
    assert client.get(path).status_code == 200
    fresh, by_hand = measured(lambda: client.get(path)), measured(lambda: bare(*span))
    statement = measured(lambda: sql.execute(BARE, (cast.VILLAGE, *span)).fetchall())
    empty = measured(lambda: client.get("/api/v1/calendar/days?from=2026-11-02&to=2026-11-02"))
    sql.execute("UPDATE booking_rules SET number = number + 1")
    stale = measured(lambda: client.get(path))
    print(f"  GET slots {fresh:.2f} ms, stale {stale:.2f} ms, an empty answer {empty:.2f} ms")
    print(f"  by hand {by_hand:.2f} ms (statement alone {statement:.2f} ms): {by_hand / fresh:.2f} of it")
    job(units, today)


def job(units: int, today: date) -> None:
    codes = [code for (code,) in sql.execute("SELECT code FROM unit ORDER BY code LIMIT ?", (units,)).fetchall()]
    with_rules([code for code in codes if code != cast.VILLAGE], actor=admin(), now=NOW)
    actor, begun, days = system("bench"), time.perf_counter(), 0
    while count := laying.lay_days(actor=actor, now=NOW):
        days += count
    took = time.perf_counter() - begun
    idle = measured(lambda: laying.lay_days(actor=actor, now=NOW), 5)
    sql.execute("UPDATE calendar_stamp SET version = version + 1")
    begun = time.perf_counter()
    laying.lay_days(actor=actor, now=NOW)
    bumped = time.perf_counter() - begun
    print(f"  job: {days} days of {len(codes)} units, {took / days * 1000:.2f} ms a day; nothing to do {idle:.2f} ms;")
    print(f"  after a change of the calendar that concerns none of them {bumped * 1000:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--units", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        secrets.make_key_file(Path(folder) / "keys.json")
        url = databases(Path(folder), given.postgresql)[0] or f"sqlite:///{folder}/slots.db"
        print(url.partition(":")[0])
        run(url, Path(folder), given.units)
        db.disconnect()


if __name__ == "__main__":
    main()
