"""When silence or absence counts as consent, what the department still owes then, and what is said too late (rules 8).

Deemed is never approved: it is process consent, for which the department stays liable.
"""
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from backend.core.problems import Problem, Text
from backend.projects.rules import states

NOTICE_WORKING_DAYS = 2
"""The numbered notice issues on this working day after the effective moment (rules 8.3)."""
OPINION_WORKING_DAYS = 1
"""Within so many working days of the effective moment the department owes its written opinion (rules 8.3)."""

LIMIT, OPINION = "limit", "opinion"
"""The clocks of a procedure: the department's limit, and that of the opinion it still owes."""

AGREE, OBJECT, FORWARD = "agree", "object", "forward"
DECISIONS = (AGREE, OBJECT, FORWARD)
OUTCOMES = {AGREE: states.AGREED, OBJECT: states.OBJECTED, FORWARD: states.FORWARDED}

ALLOWED_BY = {states.BY_TIMEOUT: "timeout_consent", states.BY_ABSENCE: "absence_consent"}


class AlreadyDeemed(Problem):
    """The consent counts as given; what is said now is kept, without effect (rules 8.3)."""

    status, slug, title = 409, "already-deemed", Text(
        "已视为同意进入下一环节，迟到的答复只作记录", "The consent is deemed already; a late answer is only kept"
    )


class NotDeemable(Problem):
    """Excluded by the template (safety, environment, land, heritage, payment, registration), or objected to in time."""

    status, slug, title = 409, "not-deemable", Text(
        "该手续不适用默认同意", "Consent to this procedure is not deemed by silence or absence"
    )


def is_silent(procedure: Mapping[str, Any], objecting: Collection[str], now: datetime, *, by_job: bool) -> bool:
    """Whether silence counts as consent now (rules 8.3).

    Only of papers that were signed for, never while the clock stands, never of an excluded procedure, and not
    where a joining department objected in time: that is no silence. Exactly at the end of the limit an answer is
    still in time (Civil Code art. 203), while the job decides from that moment on: who comes first at it wins.
    """
    due_at = procedure["due_at"]
    if procedure["state"] != states.SERVED or due_at is None or not procedure["timeout_consent"] or objecting:
        return False
    return bool(now >= due_at if by_job else now > due_at)


def check_deemable(procedure: Mapping[str, Any], kind: str) -> None:
    """NotDeemable where the template excludes the procedure from this kind of consent."""
    if not procedure[ALLOWED_BY[kind]]:
        raise NotDeemable()


def notice_number(project_number: str, place: int, n: int) -> str:
    """The number on a notice of a deemed consent: 000000-260928-0001-3-M7-1."""
    return f"{project_number}-M{place}-{n}"


def counts_from(
    signed_at: datetime, ready_at: datetime, told_at: datetime, *, same_day: bool, own_word: bool
) -> datetime:
    """The moment from which the clock of served papers runs (rules 8.2).

    The signature's, where the department itself says so, or where it is told on the day of the signature; told later
    by somebody else it is the moment of the telling, so that nobody makes a limit shorter than it is by his word
    (rules 2.1, 9). Never before the procedure was ready for papers: signed for earlier, they wait.
    """
    return max(ready_at, signed_at if own_word or same_day else told_at)
