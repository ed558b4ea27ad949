"""The timetable: one line per job. APScheduler is only the tick; who acts is decided by a lease."""
import logging
from datetime import timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from backend.appointments.jobs import lapsing as holds
from backend.appointments.jobs import laying
from backend.appointments.jobs import waiting as waits
from backend.assessment import jobs as assessment
from backend.clocks import jobs as clocks
from backend.core import checkpoints, clock, db, denials, erasure, jobs, logs, rekeying, transaction
from backend.core.actor import Actor
from backend.core.jobs import Job
from backend.core.problems import Unavailable
from backend.disclosure import jobs as disclosure
from backend.errands.jobs import diligence, following, inheriting, lapsing, silence, warning
from backend.files import jobs as files
from backend.inspections import jobs as inspections
from backend.notifications import jobs as notices
from backend.notifications.actions import channels
from backend.people import jobs as people
from backend.projects.jobs import consents, planning, reviews
from backend.reports import jobs as reports
from backend.settings import Settings
from backend.supervision import jobs as supervision
from backend.surveys import jobs as surveys
from backend.sync import jobs as sync
from backend.visits import jobs as visits
from backend.voice import jobs as voice

log = logging.getLogger("daiban.jobs")

TICK_SECONDS = 10


def forget_keys(*, actor: Actor, now: Any) -> None:
    """Idempotency keys are kept as long as an offline queue can be old."""
    transaction.forget_keys_before(now - timedelta(days=transaction.KEPT_DAYS), actor=actor, now=now)


def forget_runs(*, actor: Actor, now: Any) -> None:
    """The record of job runs is kept for a week."""
    jobs.forget_runs_before(now - timedelta(days=7), actor=actor, now=now)


FIRST = (
    Job("give-cards", timedelta(seconds=TICK_SECONDS), clocks.give_cards),
    Job("tell-cards", timedelta(seconds=TICK_SECONDS), warning.tell_cards),
    Job("tell-project-cards", timedelta(seconds=TICK_SECONDS), consents.tell_cards),
)
"""What others wait for: looked at with every tick."""

EACH_MINUTE = (
    Job("reproject-errands", timedelta(minutes=1), following.reproject),
    Job("reproject-procedures", timedelta(minutes=1), consents.reproject),
    Job("deem-silence", timedelta(minutes=1), consents.deem_silence),
    Job("issue-consent-notices", timedelta(minutes=1), consents.issue_notices),
    Job("deem-absence", timedelta(minutes=1), reviews.deem_absence),
    Job("accept-in-silence", timedelta(minutes=1), silence.accept_in_silence),
    Job("count-off-hours", timedelta(minutes=1), diligence.count_off_hours),
    Job("inherit-errands", timedelta(minutes=1), inheriting.inherit),
    Job("lay-days", timedelta(minutes=1), laying.lay_days),
    Job("lapse-holds", timedelta(minutes=1), holds.lapse_holds),
    Job("sweep-waiting", timedelta(minutes=1), waits.sweep_waiting),
    Job("remind", timedelta(minutes=1), waits.remind),
    Job("settle-conflicts", timedelta(minutes=1), laying.settle_conflicts),
    Job("chase-sign-offs", timedelta(minutes=1), visits.chase_sign_offs),
    Job("fall-due", timedelta(minutes=1), reports.fall_due),
    Job("remind-of-reports", timedelta(minutes=1), reports.remind),
    Job("tell-problems", timedelta(minutes=1), reports.tell_problems),
    Job("issue-bulletins", timedelta(minutes=1), reports.issue_bulletins),
    Job("reproject-voice", timedelta(minutes=1), voice.reproject),
    Job("lapse-voice", timedelta(minutes=1), voice.lapse),
    Job("look-at-orders", timedelta(minutes=1), supervision.look_at_orders),
    Job("look-at-promises", timedelta(minutes=1), supervision.look_at_promises),
    Job("turn-cycles", timedelta(minutes=1), supervision.turn_cycles),
    Job("close-surveys", timedelta(minutes=1), surveys.close_surveys),
    Job("judge-months", timedelta(minutes=1), inspections.judge_months),
    Job("remind-of-visits", timedelta(minutes=1), inspections.remind_of_visits),
    Job("take-evidence", timedelta(minutes=1), assessment.take_evidence),
    Job("settle-assessments", timedelta(minutes=1), assessment.settle_assessments),
    Job("tell-scores", timedelta(minutes=1), assessment.tell_scores),
    Job("chase-notices", timedelta(minutes=1), notices.chase),
)

NOW_AND_THEN = (
    Job("warn-of-absence", timedelta(minutes=5), visits.warn_of_absence),
    Job("enter-denials", timedelta(minutes=10), denials.enter),
    Job("remind-of-rosters", timedelta(hours=1), notices.remind_of_rosters),
    Job("find-unsolved", timedelta(hours=1), supervision.find_unsolved),
    Job("enrol-assessed", timedelta(hours=1), assessment.enrol_assessed),
    Job("tell-months", timedelta(hours=1), disclosure.tell_months),
    Job("purge-imports", timedelta(hours=1), lapsing.purge_imports),
    Job("lapse-uploads", timedelta(hours=1), files.lapse_uploads),
    Job("remind-of-meetings", timedelta(hours=1), reviews.remind_of_meetings),
    Job("chase-reviews", timedelta(days=1), reviews.chase_reviews),
    Job("replan-projects", timedelta(days=1), planning.replan_projects),
    Job("forget-persons", timedelta(days=1), holds.forget_persons),
    Job("forget-uploads", timedelta(days=1), files.forget_uploads),
    Job("purge-people", timedelta(days=1), people.purge),
    Job("purge-visits", timedelta(days=1), visits.purge),
    Job("forget-complaints", timedelta(days=1), voice.forget),
    Job("purge-notices", timedelta(days=1), notices.purge),
    Job("forget-pushes", timedelta(days=1), sync.forget_pushes),
    Job("forget-keys", timedelta(days=1), forget_keys),
    Job("forget-runs", timedelta(days=1), forget_runs),
)


def timetable(settings: Settings) -> tuple[Job, ...]:
    """Every job of the product; sending, which may take seconds and sends what the others posted, comes last."""
    channels.use(settings)

    def checkpoint(*, actor: Actor, now: Any) -> None:
        checkpoints.make_if_due(settings.anchor_file, actor=actor, now=now)

    def tell_erasures(*, actor: Actor, now: Any) -> None:
        erasure.tell(settings.anchor_file)

    rotation = rekeying.Work(
        settings.key_file, settings.data_dir / "files", timedelta(seconds=settings.key_pause_seconds)
    )
    return (
        *FIRST,
        Job("checkpoint", timedelta(minutes=1), checkpoint),
        Job("tell-erasures", timedelta(minutes=1), tell_erasures),
        *EACH_MINUTE,
        *NOW_AND_THEN,
        Job("rotate-keys", timedelta(seconds=TICK_SECONDS), rotation.carry_on),
        Job("send-notices", timedelta(seconds=TICK_SECONDS), notices.send),
    )


class Ticking:
    """The ticks of one process."""

    def __init__(self, app: Flask) -> None:
        installation = app.extensions["daiban"]
        self.clock, self.due = installation.clock, timetable(installation.settings)
        self.holder = jobs.holder_name(self.clock.now())
        self.scheduler = BackgroundScheduler(timezone=clock.ZONE, executors={"default": ThreadPoolExecutor(1)})
        self.scheduler.add_job(
            self.tick, "interval", seconds=TICK_SECONDS, next_run_time=self.clock.now(),
            coalesce=True, max_instances=1, misfire_grace_time=None,
        )

    def tick(self) -> list[str]:
        """Renew the lease and, holding it, run what is due; the names of what ran. It never raises."""
        return tick(self.holder, self.due, self.clock)

    def stop(self) -> None:
        """Let the running tick end and give the lease back."""
        if not self.scheduler.running:
            return
        self.scheduler.shutdown()
        try:
            jobs.release(self.holder)
        except Unavailable:
            log.warning("the lease of the jobs could not be given back; it ends by itself")
        transaction.drop_connection()


def start(app: Flask) -> Ticking:
    """Tick in this process from now on."""
    ticking = Ticking(app)
    app.config["DAIBAN_JOBS"] = True
    ticking.scheduler.start()
    return ticking


def tick(holder: str, due: tuple[Job, ...], at: clock.Clock) -> list[str]:
    """Renew the lease and, holding it, run what is due; the names of what ran. It never raises."""
    try:
        token = jobs.take_lease(holder)
        return [] if token is None else jobs.run_due(due, token, at.now())
    except jobs.LeaseLost:
        log.warning("another process has taken over the jobs")
    except Exception as error:
        down = isinstance(error, Unavailable) or db.does_not_answer(error)
        log.error("the jobs' tick failed: %s", logs.told(error), exc_info=None if down else error)
        transaction.drop_connection()
    return []
