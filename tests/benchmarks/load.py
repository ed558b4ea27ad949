"""A small load generator: kept connections, prepared requests, latencies; in a process of its own."""
import multiprocessing
import socket
import statistics
import threading
import time
from collections.abc import Callable
from typing import NamedTuple


class Load(NamedTuple):
    """What one run showed: answers per second, and latencies in milliseconds."""

    per_second: float
    p50: float
    p99: float
    failed: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.per_second:7.0f}/s  p50 {self.p50:6.2f} ms  p99 {self.p99:6.2f} ms  failed {self.failed}"


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"] + [f"{k}: {v}" for k, v in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _answer(file: socket.SocketIO | object) -> int:
    line = file.readline()  # type: ignore[union-attr]
    status, length = int(line[9:12]), 0
    while (header := file.readline()) not in (b"\r\n", b""):  # type: ignore[union-attr]
        if header[:15].lower() == b"content-length:":
            length = int(header[15:])
    file.read(length)  # type: ignore[union-attr]
    return status


def _connection(port: int, requests: list[bytes], until: float, out: list[float], failed: list[int]) -> None:
    link = socket.create_connection(("127.0.0.1", port), timeout=60)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    file = link.makefile("rb")
    for message in requests:
        start = time.perf_counter()
        if start > until:
            break
        link.sendall(message)
        status = _answer(file)
        out.append(time.perf_counter() - start)
        if status >= 300:
            failed.append(status)
    link.close()


def _drive(port: int, batches: list[list[bytes]], seconds: float, channel: object) -> None:
    out: list[float] = []
    failed: list[int] = []
    start = time.perf_counter()
    threads = [
        threading.Thread(target=_connection, args=(port, batch, start + seconds, out, failed))
        for batch in batches
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    channel.put((out, failed, time.perf_counter() - start))  # type: ignore[attr-defined]


def drive(port: int, connections: int, seconds: float, make: Callable[[int], bytes], most: int = 3000) -> Load:
    """Send ``make(n)`` over so many connections for so long; at most ``most`` requests each."""
    batches = [[make(c * most + n) for n in range(most)] for c in range(connections)]
    channel = multiprocessing.Queue()
    child = multiprocessing.Process(target=_drive, args=(port, batches, seconds, channel))
    child.start()
    out, failed, took = channel.get(timeout=seconds + 120)
    child.join()
    millis = sorted(1000 * latency for latency in out)
    return Load(len(out) / took, statistics.median(millis), millis[int(len(millis) * 0.99)], len(failed), took)
