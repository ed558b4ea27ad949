"""The timetable: one line per job. APScheduler is only the tick; who acts is decided by a lease."""
import logging
from datetime import timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from peewee import PeeweeException

from backend.core import checkpoints, clock, denials, jobs, transaction
from backend.core.actor import Actor
from backend.core.jobs import Job
from backend.core.problems import Unavailable
from backend.people.actions import sessions
from backend.settings import Settings

log = logging.getLogger("daiban.jobs")

TICK_SECONDS = 10


def timetable(settings: Settings) -> tuple[Job, ...]:
    """Every job of the product, with how often it is looked at."""

    def checkpoint(*, actor: Actor, now: Any) -> None:
        checkpoints.make_if_due(settings.anchor_file, actor=actor, now=now)

    return (
        Job("checkpoint", timedelta(minutes=1), checkpoint),
        Job("enter-denials", timedelta(minutes=10), denials.enter),
        Job("forget-sessions", timedelta(days=1), sessions.forget_expired),
        Job("forget-keys", timedelta(days=1), forget_keys),
        Job("forget-runs", timedelta(days=1), forget_runs),
    )


def forget_keys(*, actor: Actor, now: Any) -> None:
    """Idempotency keys are kept as long as an offline queue can be old."""
    transaction.forget_keys_before(now - timedelta(days=transaction.KEPT_DAYS), actor=actor, now=now)


def forget_runs(*, actor: Actor, now: Any) -> None:
    """The record of job runs is kept for a week."""
    jobs.forget_runs_before(now - timedelta(days=7), actor=actor, now=now)


def start(app: Flask) -> BackgroundScheduler:
    """Tick in this process from now on."""
    installation = app.extensions["daiban"]
    holder = jobs.holder_name(installation.clock.now())
    due = timetable(installation.settings)
    app.config["DAIBAN_JOBS"] = True
    scheduler = BackgroundScheduler(timezone=clock.ZONE)
    scheduler.add_job(
        lambda: tick(holder, due, installation.clock), "interval", seconds=TICK_SECONDS,
        next_run_time=installation.clock.now(), coalesce=True, max_instances=1,
        misfire_grace_time=TICK_SECONDS,
    )
    scheduler.start()
    return scheduler


def tick(holder: str, due: tuple[Job, ...], at: clock.Clock) -> list[str]:
    """Renew the lease and, holding it, run what is due; the names of what ran."""
    try:
        token = jobs.take_lease(holder)
        return [] if token is None else jobs.run_due(due, token, at.now())
    except jobs.LeaseLost:
        log.warning("another process has taken over the jobs")
    except (PeeweeException, Unavailable) as error:
        log.error("the jobs' tick found no database: %s", type(error).__name__)
        transaction.drop_connection()
    return []
