"""A resident asks, without account: guessing digits is slowed down by number and by source."""
from datetime import datetime, timedelta
from typing import Any

from backend.core import secrets
from backend.core.actor import anonymous
from backend.core.problems import NotFound
from backend.errands.queries import story
from backend.errands.rules import numbers
from backend.people.actions import tries
from backend.people.rules.tries import Limit

BY_NUMBER = Limit("progress", 8, window=timedelta(hours=1), lock=timedelta(hours=1))
BY_SOURCE = Limit("progress-source", 60, window=timedelta(hours=1), lock=timedelta(hours=1))


def progress(asked: dict[str, str], *, source: str, now: datetime) -> dict[str, Any]:
    """What is shown by number and four digits; NotFound alike for an unknown number and wrong digits."""
    number = numbers.normal_number(asked["number"]) or ""
    subjects = {BY_NUMBER: secrets.blind("progress", number).hex()} if number else {}
    subjects[BY_SOURCE] = secrets.blind("source", source).hex()
    tries.refuse_locked(subjects, now)
    digits = {
        name: asked[field]
        for name, field in (("phone", "phone_last4"), ("id_number", "id_last4")) if field in asked
    }
    try:
        return story.progress(number, digits, now=now)
    except NotFound:
        tries.count(subjects, actor=anonymous(), now=now)
        raise
