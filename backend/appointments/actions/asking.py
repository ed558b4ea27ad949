"""People without account: they book for themselves, follow what bears a number, cancel. Guessing is slowed down.

Whether a number or its digits are wrong, whatever bears it: the answer is the same, and so are the statements that
lead to it. What bears numbers above this room declares itself here.
"""
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from backend.appointments.actions import booking, turning
from backend.appointments.queries import bookings, story
from backend.appointments.rules import channels, seats
from backend.core import secrets
from backend.core.actor import Actor, anonymous
from backend.core.problems import NotFound
from backend.core.transaction import transaction
from backend.errands.queries import story as errands
from backend.errands.rules import numbers
from backend.people.actions import tries
from backend.people.rules.tries import Limit

BY_NUMBER = Limit("progress", 8, window=timedelta(hours=1), lock=timedelta(hours=1))
BY_SOURCE = Limit("progress-source", 60, window=timedelta(hours=1), lock=timedelta(hours=1))


class Kind(NamedTuple):
    """What bears a number: its row by number and digits (None alike for either being wrong), and its story."""

    numbered: Callable[[str, dict[str, str]], dict[str, Any] | None]
    progress: Callable[[dict[str, Any]], dict[str, Any]]


kinds: list[Kind] = [Kind(errands.numbered, errands.progress), Kind(story.numbered, story.progress)]


def declare(kind: Kind) -> None:
    """Have people follow something else by its number; done once, where its capability is imported."""
    kinds.append(kind)


def book(given: dict[str, Any], *, source: str, actor: Actor, now: datetime) -> str:
    """:func:`booking.book`; of those who book for themselves only so many an hour from one address. TooMany.

    Counted are appointments made, and answers that tell of one.
    """
    if given["channel"] != channels.SELF:
        return booking.book(given, actor=actor, now=now)
    subject = {channels.MADE_BY_SOURCE: secrets.alias("source", source).hex()}
    tries.refuse_locked(subject, now)
    try:
        made = booking.book(given, actor=actor, now=now)
    except seats.AlreadyBooked:
        tries.count(subject, actor=anonymous(), now=now)
        raise
    tries.count(subject, actor=anonymous(), now=now)
    return made


def progress(asked: dict[str, str], *, source: str, now: datetime) -> dict[str, Any]:
    """What is shown by number and four digits; NotFound alike for an unknown number and wrong digits."""
    return known(asked, source, now, _followed)


def _followed(number: str, digits: dict[str, str]) -> dict[str, Any]:
    found = [(kind, kind.numbered(number, digits)) for kind in kinds]
    for kind, row in found:
        if row is not None:
            return kind.progress(row)
    raise NotFound()


def cancel(asked: dict[str, str], *, source: str, actor: Actor, now: datetime) -> str:
    """Cancel the appointment of that number and four digits; its id."""
    return known(asked, source, now, lambda number, digits: _cancel(
        number, digits, reason=asked.get("reason"), actor=actor, now=now
    ))


@transaction
def _cancel(number: str, digits: dict[str, str], *, reason: str | None, actor: Actor, now: datetime) -> str:
    found = story.numbered(number, digits, lock=True)
    if found is None:
        raise NotFound()
    turning.call_off(found, reason=reason, actor=actor, now=now)
    return str(found["id"])


def shown_after(appointment_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What is answered to who has just cancelled."""
    found = bookings.any_row(appointment_id)
    if found is None:
        raise NotFound()
    return story.progress(found)


def known(
    asked: dict[str, str], source: str, now: datetime, act: Callable[[str, dict[str, str]], Any]
) -> Any:
    """What ``act`` does with the number and digits that were asked with; its NotFound counts as a guess. TooMany."""
    number = numbers.normal_number(asked["number"]) or ""
    subjects = {BY_NUMBER: secrets.alias("progress", number).hex()} if number else {}
    subjects[BY_SOURCE] = secrets.alias("source", source).hex()
    tries.refuse_locked(subjects, now)
    digits = {
        name: asked[field]
        for name, field in (("phone", "phone_last4"), ("id_number", "id_last4")) if field in asked
    }
    try:
        return act(number, digits)
    except NotFound:
        tries.count(subjects, actor=anonymous(), now=now)
        raise
