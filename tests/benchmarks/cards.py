"""Cards of a million open clocks: deciding, giving ten thousand, and how long writers wait meanwhile.

    python -m tests.benchmarks.cards [--postgresql] [--clocks 1000000] [--due 10000]
"""
import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from backend import sample, schema
from backend.clocks import jobs
from backend.clocks.models import Clock
from backend.clocks.queries import running
from backend.core import clock, db, ids, ledger, secrets, sql
from backend.core.actor import system
from backend.core.transaction import drop_connection, transaction
from tests.benchmarks.errands import databases

START = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
DUE = datetime.fromisoformat("2026-03-12T17:30:00+08:00")
NOW = datetime.fromisoformat("2026-03-12T17:30:08+08:00")
COLUMNS = (
    "id", "subject_type", "subject_id", "kind", "part", "unit_code", "department_code", "account_id", "budget_days",
    "extended_days", "legal_days", "started_at", "ended_at", "due_at", "provisional", "moments", "next_at", "version",
)
BARE = "SELECT id FROM clock WHERE next_at <= ? ORDER BY next_at, id"


def fill(count: int, due: int) -> None:
    """Open clocks of ten working days; ``due`` of them, spread evenly, have crossed their reminder."""
    agents = sql.rows("SELECT id, unit_code FROM account WHERE role = 'agent' ORDER BY id")
    crossed, later = clock.to_micros(DUE), clock.to_micros(NOW)
    step = count // due

    def rows():
        for number in range(count):
            agent = agents[number % len(agents)]
            next_at = crossed if number % step == 0 else later + 1_000_000 * (number % 800_000 + 1)
            yield (
                ids.new(START), "errand", ids.new(START), "promise", 0, agent["unit_code"], None, agent["id"],
                10, 0, 20, clock.to_micros(START), None, crossed, False if sql.on_postgresql() else 0, "{}", next_at, 1,
            )

    with sql.indexed_later(Clock):
        sql.fill(Clock, COLUMNS, rows())


@transaction
def filled(count: int, due: int, *, actor, now) -> None:
    if sql.on_postgresql():
        sql.execute("SET LOCAL statement_timeout = 0")
    fill(count, due)


@transaction
def write(*, actor, now) -> None:
    """What any writer does at least: an entry in the ledger."""
    ledger.record("bench.write", "bench", "one")


def median(work: Callable[[], object], rounds: int = 15) -> float:
    spent = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


class Writer(threading.Thread):
    """Writes without a pause and keeps how long each write took."""

    def __init__(self) -> None:
        super().__init__()
        self.over, self.waits = threading.Event(), list[float]()

    def run(self) -> None:
        while not self.over.is_set():
            begun = time.perf_counter()
            write(actor=system("bench"), now=NOW)
            self.waits.append(time.perf_counter() - begun)
            time.sleep(0.002)
        drop_connection()


def waited(work: Callable[[], object]) -> tuple[float, list[float]]:
    """The seconds that the work took, and the waits of a writer beside it."""
    writer = Writer()
    writer.start()
    begun = time.perf_counter()
    work()
    spent = time.perf_counter() - begun
    writer.over.set()
    writer.join()
    return spent, sorted(writer.waits)


def told(waits: list[float]) -> str:
    return f"{len(waits)} writes, median {1000 * statistics.median(waits):.1f} ms, longest {1000 * waits[-1]:.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--clocks", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=10_000)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    secrets.make_key_file(folder / "keys.json")
    secrets.load(folder / "keys.json")
    db.connect(databases(folder, asked.postgresql)[0] or f"sqlite:///{folder}/daiban.db")
    schema.upgrade()
    sample.load_calendar(START)
    sample.load("huangyan", "sample-password", START)
    filled(asked.clocks, asked.due, actor=system("bench"), now=START)
    sql.execute("VACUUM ANALYZE clock" if sql.on_postgresql() else "ANALYZE")
    micros = clock.to_micros(NOW)

    def decide() -> None:
        found = running.due(NOW, (0, ""), jobs.LOOK)
        while len(found) == jobs.LOOK:
            found = running.due(NOW, found[-1], jobs.LOOK)

    for _ in range(2):
        bare = median(lambda: sql.execute(BARE, (micros,)).fetchall())
        ours = median(decide)
    print(f"{asked.due} of {asked.clocks} crossed: bare {1000 * bare:.1f} ms, ours {1000 * ours:.1f} ms, "
          f"ratio {ours / bare:.2f}")
    print("a writer alone:", told(waited(lambda: time.sleep(2))[1]))
    spent, waits = waited(lambda: jobs.give_cards(actor=system("give-cards"), now=NOW))
    given = sql.value("SELECT count(*) FROM card")
    print(f"{given} cards given in {spent:.1f} s; a writer meanwhile: {told(waits)}")
    idle = median(lambda: jobs.give_cards(actor=system("give-cards"), now=NOW))
    print(f"a tick with nothing due: {1000 * idle:.2f} ms")


if __name__ == "__main__":
    main()
