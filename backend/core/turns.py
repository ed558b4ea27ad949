"""Turns of writers: SQLite's own busy handler starves some; turns taken in order do not."""
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from peewee import OperationalError

from backend.core.db import BUSY_SECONDS


class Turns:
    """A fair lock: writers of one process go one after the other, in order of arrival."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    @contextmanager
    def taken(self) -> Iterator[None]:
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        if not gate.acquire(timeout=BUSY_SECONDS):
            self._give_up(gate)

    def _give_up(self, gate: threading.Lock) -> None:
        with self._mutex:
            if gate in self._waiting:
                self._waiting.remove(gate)
                raise OperationalError("no turn to write within the time allowed")

    def _leave(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


turns = Turns()


def in_child() -> None:
    """A forked child starts with a free lock and no connection of its parent's."""
    global turns
    turns = Turns()


os.register_at_fork(after_in_child=in_child)
