"""The simplest fair lock, for the bare program."""
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    def __init__(self) -> None:
        self.mutex, self.waiting, self.busy = threading.Lock(), deque[threading.Lock](), False

    @contextmanager
    def taken(self) -> Iterator[None]:
        with self.mutex:
            gate = None
            if self.busy:
                gate = threading.Lock()
                gate.acquire()
                self.waiting.append(gate)
            self.busy = True
        if gate:
            gate.acquire()
        try:
            yield
        finally:
            with self.mutex:
                if self.waiting:
                    self.waiting.popleft().release()
                else:
                    self.busy = False
