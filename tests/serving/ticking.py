"""A process that does nothing but give cards, again and again: what the tests of cards kill and stop.

    python -m tests.serving.ticking URL KEYS leased|free

``free`` asks for no lease, so that only the database is between several of them.
"""
import sys
from datetime import timedelta
from pathlib import Path

from backend import scheduler
from backend.clocks import jobs as clocks
from backend.core import clock, db, jobs, logs, secrets
from backend.core.actor import system
from backend.core.problems import Unavailable


def give(at: clock.Clock) -> None:
    """One pass without a lease; a database that is busy just now is asked again."""
    try:
        clocks.give_cards(actor=system("give-cards"), now=at.now())
    except Unavailable:
        clock.sleep(0.1)


def main(url: str, keys: str, mode: str) -> None:
    logs.install("ERROR")
    secrets.load(Path(keys))
    db.connect(url)
    jobs.TTL_SECONDS = 1
    at = clock.SystemClock()
    holder = jobs.holder_name(at.now())
    due = (jobs.Job("give-cards", timedelta(milliseconds=100), clocks.give_cards),)
    while True:
        if mode == "leased":
            scheduler.tick(holder, due, at)
        else:
            give(at)
        clock.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
