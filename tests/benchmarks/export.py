"""What an export of the register costs: memory, seconds, size, and what writers feel meanwhile.

    python -m tests.benchmarks.export [--errands 100000] [--postgresql]

A district of so many errands, all closed but a few; the export is asked of the WSGI application in
this process while another thread registers errands. Printed are the growth of the process' memory
over an empty export, the seconds, the size, the longest wait of a writer; then what checking and
confirming a paper register of 5,000 lines takes.
"""
import argparse
import json
import multiprocessing
import resource
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from backend import app as application
from backend import prepare
from backend.core import db, sql, transaction
from backend.settings import Settings
from tests import cast
from tests.benchmarks.errands import databases
from tests.benchmarks.growth import District
from tests.errands import paper

MIB = 1 << 20


def resident() -> float:
    """MiB that the process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / MIB


class Watch(threading.Thread):
    """Looks at the memory until it is told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.over = 0.0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.01):
            self.most = max(self.most, resident())


class Writer(threading.Thread):
    """Registers errands one after the other; ``waits`` in milliseconds."""

    def __init__(self, app: Any, token: str) -> None:
        super().__init__(daemon=True)
        self.caller = cast.Caller(app.test_client(), token)
        self.waits: list[float] = []
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.02):
            begun = time.perf_counter()
            answer = self.caller.post("/errands", cast.errand(), key=f"bench-{id(self)}-{len(self.waits):06d}")
            assert answer.status_code == 201, answer.get_data(as_text=True)
            self.waits.append((time.perf_counter() - begun) * 1000)
        transaction.drop_connection()


def exported(caller: cast.Caller, query: str) -> tuple[float, int]:
    """Seconds and bytes of one export, read as a client does."""
    begun = time.perf_counter()
    answer = caller.get(f"/errands/export.xlsx{query}", buffered=False)
    size = sum(len(chunk) for chunk in answer.response)
    answer.close()
    return time.perf_counter() - begun, size


def told(waits: list[float]) -> str:
    ordered = sorted(waits) or [0.0]
    return f"median {ordered[len(ordered) // 2]:.1f} ms, longest {ordered[-1]:.0f} ms of {len(waits)}"


def measure(app: Any, errands: int) -> None:
    supervisor = cast.sign_in(app.test_client(), "supervisor")
    agent = cast.sign_in(app.test_client(), cast.AGENT)
    exported(supervisor, "?from=2199-01-01")
    watch, writer = Watch(), Writer(app, str(agent.token))
    base = resident()
    watch.start()
    seconds, size = exported(supervisor, "")
    print(f"{errands} errands: {seconds:.1f} s, {size / MIB:.1f} MiB, memory +{watch.most - base:.0f} MiB "
          f"over {base:.0f}", flush=True)
    writer.start()
    time.sleep(2)
    alone = list(writer.waits)
    exported(supervisor, "")
    writer.over.set()
    writer.join()
    watch.over.set()
    print(f"writers alone: {told(alone)}; during an export: {told(writer.waits[len(alone):])}")
    for query in (f"?unit_code={cast.VILLAGE}", "?from=2026-02-01&to=2026-02-07"):
        seconds, size = exported(supervisor, query)
        print(f"{query}: {seconds:.2f} s, {size / 1024:.0f} KiB", flush=True)


def imported(app: Any, lines: int) -> None:
    agent = cast.sign_in(app.test_client(), cast.AGENT)
    rows = []
    for serial in range(lines):
        born = f"{1930 + serial // 1000:04d}0{1 + serial % 9}15"
        rows.append(paper.line(serial, id_number=cast.id_number(serial % 1000, born), materials="申请书、户口簿"))
    data = paper.book(*rows)
    watch, base = Watch(), resident()
    watch.start()
    begun = time.perf_counter()
    made = paper.hand_in(agent, data, "0001").json
    checked = time.perf_counter() - begun
    assert made["error_count"] == 0, made["errors"][:3]
    writer = Writer(app, str(agent.token))
    writer.start()
    begun = time.perf_counter()
    assert agent.put(f"/errands/imports/{made['id']}/confirmation").status_code == 200
    confirmed = time.perf_counter() - begun
    writer.over.set()
    writer.join()
    watch.over.set()
    print(f"{lines} lines ({len(data) / MIB:.1f} MiB): checked in {checked:.1f} s, written in {confirmed:.1f} s, "
          f"memory +{watch.most - base:.0f} MiB; a writer waited {max(writer.waits):.0f} ms at most")


def fill(settings: Settings, errands: int) -> None:
    """Fill the database, in a process of its own: its memory is not what is measured."""
    application.create_app(settings)
    prepare.run(settings, cast.PASSWORD)
    District(errands).fill()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--errands", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=5_000)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        url = databases(folder, given.postgresql)[0] or f"sqlite:///{folder / 'daiban.db'}"
        settings = Settings(folder, url, key_file=folder / "keys.json", anchor_file=folder / "anchors.log")
        filling = multiprocessing.get_context("fork").Process(target=fill, args=(settings, given.errands))
        filling.start()
        filling.join()
        app = application.create_app(settings)
        count = sql.value("SELECT count(*) FROM errand")
        print(json.dumps({"engine": "sqlite" if db.is_sqlite() else "postgresql", "errands": count}))
        if not db.is_sqlite():
            sql.execute("ANALYZE")
        measure(app, given.errands)
        imported(app, given.lines)
        db.disconnect()


if __name__ == "__main__":
    main()
