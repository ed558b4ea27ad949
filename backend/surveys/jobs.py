"""What the clock does: surveys whose last day is over are closed."""
from datetime import datetime

from backend.core import clock, jobs
from backend.core.actor import Actor
from backend.surveys.actions import making
from backend.surveys.queries import surveys

BATCH = 200


def close_surveys(*, actor: Actor, now: datetime) -> int:
    """Close every survey whose end has come; how many. No answer is taken from that moment on, closed or not."""
    found = surveys.over(clock.to_micros(now), BATCH)
    return jobs.each(found, lambda survey_id: making.lapse(survey_id, actor=actor, now=now))[0]
