"""Whether the time of an answer tells of hidden visits: the inspected unit's pages with none, and with hundreds.

    python -m tests.benchmarks.hidden [--hidden 300] [--rounds 20]

Two databases that differ in hidden visits only are asked in turns; a ratio of 1 tells nothing.
"""
import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from backend import app as application
from backend import sample, schema
from backend.core import db, secrets
from backend.settings import Settings
from tests import cast
from tests.conftest import START, FixedClock, installed
from tests.inspections import calls

PATHS = (
    "/inspections", "/inspections?state=all&limit=200", f"/inspections?unit_code={cast.VILLAGE}",
    "/inspections/export.xlsx?from=2026-01-01", "/inspections/" + "0" * 36, "/me/notices", "/findings", "/errands",
)
BATCH = 10


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    keys = folder / "keys.json"
    secrets.make_key_file(keys)
    secrets.load(keys)
    app = application.create_app(Settings(folder, f"sqlite:///{folder}/none.db", key_file=keys))
    plain, full = (f"sqlite:///{folder}/{name}.db" for name in ("plain", "full"))
    db.connect(plain)
    schema.upgrade()
    sample.load_calendar(START)
    sample.load("huangyan", cast.PASSWORD, START)
    installed(app, plain, FixedClock(), keys, folder)
    callers = {who: cast.sign_in(app.test_client(), who) for who in (cast.AGENT, cast.OFFICE_OF_TOWNSHIP)}
    supervisor = cast.sign_in(app.test_client(), "supervisor")
    for _ in range(50):
        calls.published(supervisor)
    db.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.disconnect()
    shutil.copy(folder / "plain.db", folder / "full.db")
    installed(app, full, FixedClock(), keys, folder)
    for _ in range(asked.hidden):
        calls.recorded(supervisor)
    for who, caller in callers.items():
        for path in PATHS:
            compare(app, keys, folder, (plain, full), who, caller, path, asked.rounds)


def compare(app: Any, keys: Path, folder: Path, urls: Any, who: str, caller: Any, path: str, rounds: int) -> None:
    """Print one line: medians of both in milliseconds, and their ratio."""
    times: dict[str, list[float]] = {url: [] for url in urls}
    for _ in range(rounds):
        for url in urls:
            installed(app, url, FixedClock(), keys, folder)
            caller.get(path)
            for _ in range(BATCH):
                begun = time.perf_counter()
                caller.get(path)
                times[url].append(time.perf_counter() - begun)
    without, with_hidden = (statistics.median(times[url]) * 1000 for url in urls)
    print(f"{with_hidden / without:5.2f}  {without:7.2f} ms  {with_hidden:7.2f} ms  {who:26} {path}")


if __name__ == "__main__":
    main()
