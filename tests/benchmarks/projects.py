"""Recomputing one of many projects after a change, against one query of its 41 rows.

On SQLite processor time is taken, which other work on the machine does not touch; on PostgreSQL time that passes.

    python -m tests.benchmarks.projects [--postgresql] [--projects 1000]
"""
import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from backend import app as application
from backend import sample, schema
from backend.core import clock, db, secrets, sql
from backend.core.actor import Actor, Call, system
from backend.core.transaction import transaction
from backend.projects.actions import recomputing, starting
from backend.projects.queries import projects
from backend.settings import Settings
from tests import cast
from tests.benchmarks.errands import databases
from tests.statements import count_statements

START = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
NOW = datetime.fromisoformat("2026-03-03T16:00:00+08:00")
BARE = "SELECT * FROM procedure WHERE project_id = ? ORDER BY place"
FINISH = """
UPDATE procedure SET state = 'finished', outcome = 'agreed', finished_at = ?, version = version + 1
WHERE project_id = ? AND code = ?
"""


def watch() -> float:
    """Seconds, of which only differences mean something."""
    return time.thread_time() if db.is_sqlite() else time.perf_counter()


def agent() -> Actor:
    account_id = sql.value("SELECT id FROM account WHERE role = 'project_agent'")
    return Actor(account_id, "agent", "project_agent", cast.DISTRICT, call=Call())


@transaction
def started(count: int, account_id: str, *, actor: Actor, now: datetime) -> list[str]:
    given = {
        "template_code": "sample", "name": "项目", "investor": "公司", "amount_fen": 1, "leader": "张",
        "agent_id": account_id,
    }
    return [starting.start(given, actor=actor, now=now) for _ in range(count)]


@transaction
def bare_and_recompute(project_id: str, code: str, *, actor: Actor, now: datetime) -> tuple[float, float]:
    """Microseconds of the bare query of the 41 rows, and of the recomputing after ``code`` has finished."""
    begun = watch()
    assert len(sql.rows(BARE, (project_id,))) == 41
    between = watch()
    sql.run(FINISH, (clock.to_micros(now), project_id, code))
    changed = watch()
    recomputing.recompute(project_id, actor=actor, now=now)
    return (between - begun) * 1e6, (watch() - changed) * 1e6


def measured(work: Callable[[], Any], times: int = 100) -> float:
    """The median microseconds of ``work``."""
    took = []
    for _ in range(times):
        begun = watch()
        work()
        took.append((watch() - begun) * 1e6)
    return statistics.median(took)


def fastest(took: list[float]) -> float:
    """The mean of the fastest tenth: what it takes where nothing else wants the machine, or the database's disk."""
    return statistics.mean(sorted(took)[: max(1, len(took) // 10)])


def run(url: str, folder: Path, count: int) -> None:
    application.create_app(Settings(folder, url, key_file=folder / "keys.json"))
    schema.upgrade()
    sample.load_calendar(START)
    sample.load("huangyan", cast.PASSWORD, START)
    actor = agent()
    ids: list[str] = []
    while len(ids) < count:
        ids += started(50, actor.id, actor=actor, now=START)
    bare, full = [], []
    for code in ("P01", "P02", "P03"):
        for project_id in ids[:: max(1, count // 100)]:
            one, other = bare_and_recompute(project_id, code, actor=system("benchmark"), now=NOW)
            bare.append(one)
            full.append(other)
    with count_statements() as seen:
        bare_and_recompute(ids[0], "P04", actor=system("benchmark"), now=NOW)
    ratio = statistics.median(other / one for one, other in zip(bare, full))
    calm = fastest(full) / fastest(bare)
    shown = measured(lambda: projects.one(ids[7], actor=actor, now=NOW))
    print(
        f"{db.database.obj.__class__.__name__}: {count} projects; 41 rows {statistics.median(bare):.0f} µs, recompute "
        f"{statistics.median(full):.0f} µs, ratio {ratio:.2f}, of the fastest tenths {calm:.2f} (wanted ≤ 3), "
        f"{len(seen)} statements of the whole transaction; showing one project {shown:.0f} µs"
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
        address = databases(place, asked.postgresql)[0] or f"sqlite:///{place}/projects.db"
        run(address, place, asked.projects)
