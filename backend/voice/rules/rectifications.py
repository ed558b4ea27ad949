"""What a low rating starts: a call-back, four things put right, one follow-up, an appeal (rules 10.3, 10.5). Pure."""
from datetime import date, datetime

from backend.core import clock
from backend.core.actor import SUPERVISOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Problem, Text, invalid

KEEPERS = frozenset({TOWNSHIP, SUPERVISOR})
_SUPERVISOR = frozenset({SUPERVISOR})
_JOB: frozenset[str] = frozenset()

OPEN, PLANNED, DONE, UNRESOLVED, CLOSED, DROPPED = "open", "planned", "done", "unresolved", "closed", "dropped"
STATES = (OPEN, PLANNED, DONE, UNRESOLVED, CLOSED, DROPPED)
OPEN_STATES = STATES[:4]
RUNNING = (OPEN, PLANNED, UNRESOLVED)
"""States in which something is to be done by the due moment."""

STATE_NAMES = {
    OPEN: Text("待整改", "open"),
    PLANNED: Text("整改中", "planned"),
    DONE: Text("已整改，待复评", "done"),
    UNRESOLVED: Text("复评仍不满意", "unresolved"),
    CLOSED: Text("已办结", "closed"),
    DROPPED: Text("申诉成立，已终止", "dropped"),
}

MOVES = {
    (OPEN, "plan"): Move(PLANNED, KEEPERS),
    (OPEN, "drop"): Move(DROPPED, _SUPERVISOR),
    (PLANNED, "plan"): Move(PLANNED, KEEPERS),
    (PLANNED, "finish"): Move(DONE, KEEPERS),
    (PLANNED, "drop"): Move(DROPPED, _SUPERVISOR),
    (DONE, "follow_up"): Move(CLOSED, _JOB),
    (DONE, "disappoint"): Move(UNRESOLVED, _JOB),
    (DONE, "lapse"): Move(CLOSED, _JOB),
    (DONE, "close"): Move(CLOSED, _SUPERVISOR),
    (DONE, "drop"): Move(DROPPED, _SUPERVISOR),
    (UNRESOLVED, "plan"): Move(PLANNED, KEEPERS),
    (UNRESOLVED, "close"): Move(CLOSED, _SUPERVISOR),
    (UNRESOLVED, "drop"): Move(DROPPED, _SUPERVISOR),
}
"""``follow_up`` is what a content follow-up rating does, ``disappoint`` a low one; ``lapse``: its slip ran out."""

ASKED, UPHELD, REJECTED = "asked", "upheld", "rejected"
APPEAL_STATES = (ASKED, UPHELD, REJECTED)
APPEAL_MOVES = {
    (ASKED, "uphold"): Move(UPHELD, _SUPERVISOR),
    (ASKED, "reject"): Move(REJECTED, _SUPERVISOR),
}
DECISIONS = {UPHELD: "uphold", REJECTED: "reject"}

MOST_CALLS = 3
"""Who could not be reached so often counts as rung (the calls stand on record)."""


class CallbackOutstanding(Problem):
    """The resident was not rung yet: she is asked what went wrong before anything counts as put right."""

    status, slug, title = 409, "callback-outstanding", Text("尚未回访群众", "The resident has not been rung yet")


class AlreadyCalled(Problem):
    status, slug, title = 409, "already-called-back", Text("已回访", "The resident was reached already")


class AlreadyAppealed(Problem):
    status, slug, title = 409, "already-appealed", Text("已提出过申诉", "It was appealed against already")


class AppealDecided(Problem):
    status, slug, title = 409, "appeal-decided", Text("申诉已有结论", "The appeal is decided")


def has_called(called_at: datetime | None, calls: int) -> bool:
    """Whether the duty to ring is met: she was reached, or tried often enough."""
    return called_at is not None or calls >= MOST_CALLS


def check_called(called_at: datetime | None, calls: int) -> None:
    """CallbackOutstanding unless she was reached, or tried three times."""
    if not has_called(called_at, calls):
        raise CallbackOutstanding(calls=calls)


def check_promise(promised_on: date, due_at: datetime, today: date) -> None:
    """The date of the plan lies neither in the past nor beyond the rectification's own; Invalid."""
    last = clock.local_date(due_at)
    if not min(today, last) <= promised_on <= max(today, last):
        raise invalid(
            "due_on", f"须在今天至 {max(today, last)} 之间", f"From today until {max(today, last)}."
        )


def next_moment(
    state: str, callback_due_at: datetime, due_at: datetime, *, called: bool, ended_at: datetime | None
) -> datetime:
    """What is due next: the call while it is owed, then the rectification; when it ended, once it has."""
    if ended_at is not None:
        return ended_at
    return due_at if called or state not in RUNNING else min(callback_due_at, due_at)
