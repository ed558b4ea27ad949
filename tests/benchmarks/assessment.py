"""Settling half a year of many agents from very many lines, computing it anew, and again after random appeals.

    python -m tests.benchmarks.assessment [sqlite] [postgresql] [--agents 5000] [--lines 1000000] [--appeals 64]

Printed are seconds of the settlement (read, summed, hashed, frozen), how long of it writers wait, the seconds of
computing it anew, and that every number and every hash came out the same.
"""
import argparse
import random
import resource
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from backend import sample, schema
from backend.assessment import jobs
from backend.assessment.actions import appealing, settling
from backend.assessment.models import EvidenceLine, Standing
from backend.assessment.queries import periods, recomputing
from backend.assessment.rules import schemes, scoring
from backend.core import clock, db, ids, secrets, sql
from backend.core.actor import Actor, Call, system
from backend.core.transaction import transaction
from tests import cast
from tests.benchmarks.errands import databases

START = datetime.fromisoformat("2026-01-05T09:00:00+08:00")
END = datetime.fromisoformat("2026-07-01T00:01:00+08:00")
PERIOD, DISTRICT = "2026-H1", cast.DISTRICT
LINE = (
    "id", "district_code", "period", "standing_id", "source_type", "source_id", "kind", "n", "indicator", "tenths",
    "effective_at", "made_at", "made_by", "cause", "note", "revision",
)
STANDING = (
    "id", "district_code", "period", "subject_type", "subject_id", "name", "unit_code", "township_code",
    "total_tenths", "sums", "lines", "revision", "version",
)


@transaction
def fill(agents: int, lines: int, *, actor: Actor, now: datetime) -> None:
    """So many agents with so many lines among them, and standings that say what the lines come to."""
    chance = random.Random(1)
    events = list(schemes.USUAL.events.values())
    places = [(ids.new(START + timedelta(seconds=n)), f"agent-{n:05}") for n in range(agents)]
    sums: dict[str, dict[str, int]] = {standing_id: {} for standing_id, _ in places}
    counts: Counter[str] = Counter()
    first, span = clock.to_micros(START), clock.to_micros(END - timedelta(days=1)) - clock.to_micros(START)

    def made() -> Any:
        for n in range(lines):
            at = first + span * n // lines
            event, place = chance.choice(events), places[n % agents if n < agents else chance.randrange(agents)]
            own = sums[place[0]]
            own[event.indicator] = own.get(event.indicator, 0) + event.tenths
            counts[place[0]] += 1
            yield (
                ids.new(clock.from_micros(at)), DISTRICT, PERIOD, place[0], "card", f"card-{n:07}", event.kind, 1,
                event.indicator, event.tenths, at, at, "system", "source", "001001-260212-0001-3", 0,
            )

    with sql.indexed_later(EvidenceLine):
        sql.fill(EvidenceLine, LINE, made())
    sql.fill(Standing, STANDING, (
        (standing_id, DISTRICT, PERIOD, "agent", account, f"代办员{account}", cast.VILLAGE, cast.TOWNSHIP,
         scoring.total(schemes.USUAL, sums[standing_id]), orjson.dumps(sums[standing_id]).decode(),
         counts[standing_id], 0, 1) for standing_id, account in places
    ))


@transaction
def stop_limits(*, actor: Actor, now: datetime) -> None:
    if sql.on_postgresql():
        sql.execute("SET statement_timeout = 0")
        sql.execute("SET idle_in_transaction_session_timeout = 0")


def timed(work: Any) -> tuple[float, Any]:
    """The seconds that passed, which other work on the machine lengthens; see also the processor's."""
    began = clock.monotonic()
    found = work()
    return clock.monotonic() - began, found


def appealed(count: int, agents: list[str]) -> None:
    """Random lines of random agents are appealed against and reversed."""
    chance = random.Random(2)
    judge = Actor("judge", "监督", "supervisor", DISTRICT)
    while count:
        standing = chance.choice(agents)
        rows = sql.plain(
            "SELECT l.id, s.subject_id FROM evidence_line l JOIN standing s ON s.id = l.standing_id "
            "WHERE l.district_code = ? AND l.period = ? AND l.standing_id = ? AND l.n > 0 AND NOT EXISTS "
            "(SELECT 1 FROM assessment_appeal a WHERE a.line_id = l.id)", (DISTRICT, PERIOD, standing))
        line = chance.choice(rows)
        own = Actor(line["subject_id"], "代办员", "agent", cast.VILLAGE, call=Call())
        made = appealing.appeal(line["id"], reason="有异议", actor=own, now=END)
        appealing.decide(made, upheld=True, reason="属实", actor=judge.calling(Call()), now=END)
        count -= 1


def run(url: str, agents: int, lines: int, appeals: int) -> None:
    db.connect(url)
    schema.upgrade()
    sample.load_calendar(START)
    sample.load("huangyan", cast.PASSWORD, START)
    job = system("benchmark")
    jobs.take_evidence(actor=job, now=START)
    jobs.settle_assessments(actor=job, now=START)
    print(f"{db.database.obj.__class__.__name__}: filling {agents} agents, {lines} lines", flush=True)
    stop_limits(actor=job, now=START)
    fill(agents, lines, actor=job, now=START)
    if sql.on_postgresql():
        sql.execute("ANALYZE")
    waits: list[float] = []
    frozen = settling.settle

    def settle(*args: Any, **more: Any) -> int:
        seconds, count = timed(lambda: frozen(*args, **more))
        waits.append(seconds)
        return int(count)

    settling.settle = settle
    used = time.process_time()
    seconds, settled = timed(lambda: jobs.settle_assessments(actor=job, now=END))
    used = time.process_time() - used
    settling.settle = frozen
    assert settled == 1
    print(f"  settled in {seconds:.1f} s (wanted <= 30; {used:.1f} s of this process), of which writers wait "
          f"{waits[0]:.2f} s", flush=True)
    again("computed anew", lines)
    ids_of = [row["id"] for row in sql.plain("SELECT id FROM standing WHERE name LIKE '代办员%' ORDER BY id")]
    seconds, _ = timed(lambda: appealed(appeals, ids_of))
    print(f"  {appeals} appeals made and upheld in {seconds:.2f} s", flush=True)
    again(f"computed anew after {appeals} appeals", lines + appeals)
    print(f"  peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB", flush=True)


def again(what: str, lines: int) -> None:
    """Compute all anew, by the product and, of a hundred agents, by one plain query."""
    found = periods.row(DISTRICT, PERIOD)
    assert found is not None
    seconds, told = timed(lambda: recomputing.compared(found))
    assert told["same"] and told["lines"] == lines and not told["differing"], told
    rows = sql.plain("SELECT s.id, s.total_tenths, l.indicator, sum(l.tenths) AS added FROM standing s "
                     "JOIN evidence_line l ON l.standing_id = s.id WHERE s.id IN "
                     "(SELECT id FROM standing WHERE name LIKE '代办员%' ORDER BY id LIMIT 100) "
                     "AND l.district_code = ? AND l.period = ? GROUP BY s.id, s.total_tenths, l.indicator",
                     (DISTRICT, PERIOD))
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        sums.setdefault(row["id"], {})[row["indicator"]] = int(row["added"])
    assert all(scoring.total(schemes.USUAL, sums[row["id"]]) == row["total_tenths"] for row in rows)
    print(f"  {what}: {seconds:.1f} s, {told['subjects']} subjects, {told['lines']} lines, all the same", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("engines", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--agents", type=int, default=5000)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--appeals", type=int, default=64)
    asked = parser.parse_args()
    for engine in asked.engines:
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            secrets.make_key_file(place / "keys.json")
            secrets.load(place / "keys.json")
            address = databases(place, engine == "postgresql")[0] or f"sqlite:///{place}/assessment.db"
            run(address, asked.agents, asked.lines, asked.appeals)
