"""Turns of writers: SQLite's own busy handler starves some; turns taken in order do not."""
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
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def enter(self) -> None:
        """Take the turn, after everybody who came before; OperationalError when it takes too long."""
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

    def hand_over(self) -> bool:
        """Give the turn to the next who waits; False, and the turn is kept, where nobody does."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
                return True
            return False

    def leave(self) -> None:
        """Give the turn back."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
