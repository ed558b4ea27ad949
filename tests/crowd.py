"""Several at once, as threads that begin together; whatever one of them raises is told, never lost."""
import threading
from collections.abc import Callable
from typing import Any

from backend.core import transaction

LONG = 300
"""Seconds after which somebody hangs: far more than any machine needs."""


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each returned or raised."""
    gate, found = threading.Barrier(len(works)), [None] * len(works)

    def one(place: int) -> None:
        gate.wait(LONG)
        try:
            found[place] = works[place]()
        except Exception as error:
            found[place] = error
        finally:
            transaction.drop_connection()

    threads = [threading.Thread(target=one, args=(place,), daemon=True) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
        assert not thread.is_alive(), "one of those at once does not come to its end"
    return found
