"""Figures of this process in Prometheus' text form, by hand.

Each thread counts into a cell of its own, so that requests never wait for one another; a scrape
adds the cells up. With several workers every process has figures of its own.
"""
import os
import threading
from bisect import bisect_left
from collections import Counter
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request

from backend.core import clock
from backend.web.queries import State

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ELSEWHERE = "(none)"
UNTOLD = (
    "/api/v1/inspection", "/api/v1/ratings", "/api/v1/errands/<string:errand_id>/rating-slip", "/rating",
    "/api/v1/rectifications", "/api/v1/complaints", "/complaint", "/api/v1/surveys/<string:survey_id>/answers",
)
"""Routes that begin so are in no figure: anybody may read these, and a count would tell of a hidden visit (0217),
that somebody has just been rated or complained about, or how few have answered a survey."""


class Cell:
    """What one thread has counted."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, str]] = Counter()
        self.buckets: Counter[tuple[str, str, int]] = Counter()
        self.seconds: dict[tuple[str, str], float] = {}
        self.begun = self.ended = 0

    def take(self, other: "Cell") -> None:
        """Add another cell's counts."""
        self.requests.update(other.requests.copy())
        self.buckets.update(other.buckets.copy())
        for key, seconds in other.seconds.copy().items():
            self.seconds[key] = self.seconds.get(key, 0.0) + seconds
        self.ended += other.ended
        self.begun += other.begun


class _Holder:
    """A thread's hold on its cell; when the thread ends, its counts go to the retired ones."""

    def __init__(self, board: "Board") -> None:
        self.board, self.cell = board, Cell()

    def __del__(self) -> None:
        self.board.retire(self.cell)


class Board:
    """All cells of a process."""

    def __init__(self) -> None:
        self._mutex = threading.RLock()
        self._local = threading.local()
        self._cells: list[Cell] = []
        self._retired = Cell()

    @property
    def mine(self) -> Cell:
        """The cell of the present thread."""
        holder: _Holder | None = getattr(self._local, "holder", None)
        if holder is None:
            holder = self._local.holder = _Holder(self)
            with self._mutex:
                self._cells.append(holder.cell)
        return holder.cell

    def retire(self, cell: Cell) -> None:
        """Keep the counts of a thread that ended."""
        with self._mutex:
            if cell in self._cells:
                self._cells.remove(cell)
                self._retired.take(cell)

    def total(self) -> Cell:
        """The sum of all cells."""
        found = Cell()
        with self._mutex:
            for cell in (self._retired, *self._cells):
                found.take(cell)
        return found


def watch(app: Flask) -> None:
    """Count every request of the application."""
    app.extensions["daiban.metrics"] = Board()

    def mine() -> Cell:
        cell: Cell = app.extensions["daiban.metrics"].mine
        return cell

    @app.before_request
    def _begin() -> None:
        g.begun = clock.monotonic()
        mine().begun += 1

    @app.after_request
    def _answered(response: Response) -> Response:
        if "begun" in g:
            _count(mine(), response.status_code, clock.monotonic() - g.begun)
        return response

    @app.teardown_request
    def _end(_error: BaseException | None) -> None:
        if g.pop("begun", None) is not None:
            mine().ended += 1


def _count(cell: Cell, status: int, seconds: float) -> None:
    method = request.method if request.method in METHODS else "other"
    route = request.url_rule.rule if request.url_rule else ELSEWHERE
    if route.startswith(UNTOLD):
        return
    cell.requests[method, route, f"{status // 100}xx"] += 1
    cell.buckets[method, route, bisect_left(BUCKETS, seconds)] += 1
    cell.seconds[method, route] = cell.seconds.get((method, route), 0.0) + seconds


def text(board: Board, state: State, now_micros: int) -> str:
    """The page that Prometheus reads."""
    total = board.total()
    lines = _family("daiban_requests_total", "counter", "Requests by route template and status class.", [
        (_labels(method=method, route=route, status=status), count)
        for (method, route, status), count in sorted(total.requests.items())
    ])
    lines += _histogram(total)
    lines += _gauges(total, state, now_micros)
    lines += _outbox(state, now_micros)
    return "\n".join(lines) + "\n"


def _histogram(total: Cell) -> list[str]:
    name = "daiban_request_seconds"
    lines = [f"# HELP {name} Time from reading a request to its answer.", f"# TYPE {name} histogram"]
    for method, route in sorted(total.seconds):
        below = 0
        for number, bound in enumerate((*BUCKETS, "+Inf")):
            below += total.buckets[method, route, number]
            lines.append(f"{name}_bucket{_labels(method=method, route=route, le=bound)} {below}")
        labels = _labels(method=method, route=route)
        lines += [f"{name}_sum{labels} {total.seconds[method, route]:.6f}", f"{name}_count{labels} {below}"]
    return lines


def _gauges(total: Cell, state: State, now_micros: int) -> list[str]:
    checkpoint = state.checkpoint_micros
    age = None if checkpoint is None else max(0, (now_micros - checkpoint) // 1_000_000)
    values: list[tuple[str, str, Any]] = [
        ("daiban_requests_in_flight", "Requests being answered.", total.begun - total.ended),
        ("daiban_database_up", "1 where the database answers.", int(state.reachable)),
        ("daiban_ledger_head_seq", "Number of the ledger's last entry.", state.head_seq),
        ("daiban_checkpoint_age_seconds", "Seconds since the ledger's last checkpoint.", age),
        ("daiban_jobs_lease_seconds", "Seconds left of the jobs' lease; below 0 nobody acts.",
         state.lease_seconds),
        ("daiban_orphaned_errands", "Open errands of disabled or moved agents that no post inherits.", state.orphans),
        ("daiban_process_resident_bytes", "Memory of this process.", _resident_bytes()),
        ("daiban_process_sockets", "Sockets open in this process.", _sockets()),
    ]
    return [
        line for name, told, value in values if value is not None
        for line in _family(name, "gauge", told, [("", value)])
    ]


def _outbox(state: State, now_micros: int) -> list[str]:
    if not state.notices:
        return []
    oldest = state.oldest_notice_micros
    age = 0 if oldest is None else max(0, (now_micros - oldest) // 1_000_000)
    told = "Notices by state that want something: waiting, being sent, dead."
    depth = [(_labels(state=name), count) for name, count in state.notices.items()]
    name = "daiban_notices_oldest_due_seconds"
    return _family("daiban_notices", "gauge", told, depth) + _family(
        name, "gauge", "For how long the oldest waiting notice has been due.", [("", age)]
    )


def _family(name: str, kind: str, told: str, samples: list[tuple[str, Any]]) -> list[str]:
    lines = [f"# HELP {name} {told}", f"# TYPE {name} {kind}"]
    return lines + [f"{name}{labels} {value}" for labels, value in samples]


def _labels(**labels: object) -> str:
    inner = ",".join(f'{name}="{_escaped(str(value))}"' for name, value in labels.items())
    return "{" + inner + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _resident_bytes() -> int | None:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def _sockets() -> int | None:
    found = 0
    try:
        handles = list(Path("/proc/self/fd").iterdir())
    except OSError:
        return None
    for handle in handles:
        try:
            found += str(handle.readlink()).startswith("socket:")
        except OSError:
            continue
    return found
