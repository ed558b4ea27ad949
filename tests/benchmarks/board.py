"""The board over many projects: statements, time, size; the same with ten times as few, and its workbook.

    python -m tests.benchmarks.board [--postgresql] [--projects 1000]
"""
import argparse
import statistics
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from backend import app as application
from backend import sample, schema
from backend.core import clock, db, secrets, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.projects.actions import exporting
from backend.projects.models import DeemedConsent, Interview
from backend.projects.queries import board
from backend.settings import Settings
from tests import cast
from tests.benchmarks.errands import databases
from tests.benchmarks.projects import NOW, START, agent, started
from tests.statements import count_statements

QUERY: dict[str, Any] = {"state": [], "leader": [], "agent_id": [], "year": None, "limit": 200, "cursor": None}
LATE = "UPDATE procedure SET state = 'served', served_at = ?, due_at = ? WHERE code IN ('P01', 'P09', 'P14')"


@transaction
def troubled(ids: list[str], *, actor: Actor, now: datetime) -> None:
    """Three procedures overdue in each project, four consents deemed, one interview held."""
    sql.run(LATE, (clock.to_micros(START), clock.to_micros(now - timedelta(hours=1))))
    sql.insert_many(DeemedConsent, [
        {
            "id": f"{n}-{k}", "procedure_id": f"{each[:30]}{k}", "project_id": each, "n": n,
            "kind": "deemed_by_timeout",
            "department_code": ("MZ", "WS", "GT", "AJ")[k], "district_code": cast.DISTRICT,
            "effective_at": START - timedelta(days=20 * k), "detected_at": START, "notice_number": f"{n}-M{k}",
            "notice_on": START.date(), "opinion_due_at": START,
        }
        for n, each in enumerate(ids) for k in range(4)
    ])
    sql.insert_many(Interview, [
        {
            "id": f"i{n}", "project_id": each, "n": 1, "district_code": cast.DISTRICT, "held_on": START.date(),
            "present": [], "account": "略", "fault": ("owner", "builder", "helper")[n % 3], "body": "住建局",
            "account_id": actor.id, "made_at": START,
        }
        for n, each in enumerate(ids)
    ])


def measured(actor: Actor, times: int = 15) -> tuple[float, int, int]:
    """Milliseconds in the median, statements, and bytes of the board's first page."""
    board.shown(QUERY, actor=actor, now=NOW)
    with count_statements() as seen:
        found = board.shown(QUERY, actor=actor, now=NOW)
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        board.shown(QUERY, actor=actor, now=NOW)
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took), len(seen), len(orjson.dumps(found, default=str))


def run(url: str, folder: Path, count: int) -> None:
    application.create_app(Settings(folder, url, key_file=folder / "keys.json"))
    schema.upgrade()
    sample.load_calendar(START)
    sample.load("huangyan", cast.PASSWORD, START)
    actor, ids = agent(), []
    for wanted in (count // 10, count):
        while len(ids) < wanted:
            ids += started(50, actor.id, actor=actor, now=START)
        sql.execute("DELETE FROM deemed_consent")
        sql.execute("DELETE FROM interview")
        troubled(ids, actor=actor, now=NOW)
        took, statements, size = measured(actor)
        begun = time.perf_counter()
        with count_statements() as seen:
            exporting.export(QUERY, folder, actor=actor, now=NOW).close()
        book = (time.perf_counter() - begun) * 1000
        reads = [text for text in seen if text.lstrip().startswith(("SELECT", "WITH"))]
        print(
            f"{db.database.obj.__class__.__name__}: {len(ids)} projects × 41; the board {statements} statements "
            f"(wanted ≤ 5), {took:.0f} ms, {size // 1024} KiB; the workbook of all {book:.0f} ms, {len(reads)} "
            "reading statements"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--projects", type=int, default=1000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        secrets.make_key_file(place / "keys.json")
        secrets.load(place / "keys.json")
        address = databases(place, asked.postgresql)[0] or f"sqlite:///{place}/board.db"
        run(address, place, asked.projects)
