"""Complaints: accepted or not in 3 working days, done in 30 days, never closed untold (rules 10.2). Pure."""
from datetime import datetime

from backend.core.actor import ADMIN, SUPERVISOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Forbidden, Problem, Text

HANDLERS = frozenset({TOWNSHIP, SUPERVISOR, ADMIN})
"""Admins only where the complaint is about a supervisor."""

RECEIVED, ACCEPTED, REFUSED = "received", "accepted", "refused"
CONCLUDED, CLOSED = "concluded", "closed"
STATES = (RECEIVED, ACCEPTED, CONCLUDED, REFUSED, CLOSED)
OPEN_STATES = STATES[:3]

STATE_NAMES = {
    RECEIVED: Text("已收到", "received"),
    ACCEPTED: Text("已受理", "accepted"),
    CONCLUDED: Text("已有结论，待反馈", "concluded"),
    REFUSED: Text("不予受理", "refused"),
    CLOSED: Text("已办结", "closed"),
}

MOVES = {
    (RECEIVED, "accept"): Move(ACCEPTED, HANDLERS),
    (RECEIVED, "refuse"): Move(REFUSED, HANDLERS),
    (RECEIVED, "pass_up"): Move(RECEIVED, HANDLERS),
    (ACCEPTED, "pass_up"): Move(ACCEPTED, HANDLERS),
    (ACCEPTED, "conclude"): Move(CONCLUDED, HANDLERS),
    (CONCLUDED, "tell"): Move(CONCLUDED, HANDLERS),
    (CONCLUDED, "conclude"): Move(CONCLUDED, HANDLERS),
    (CONCLUDED, "close"): Move(CLOSED, HANDLERS),
    (REFUSED, "reopen"): Move(RECEIVED, HANDLERS),
    (CLOSED, "reopen"): Move(RECEIVED, HANDLERS),
}
"""``reopen`` is also the complainant's own, by number and digits."""

WEB, PHONE, SLIP, DESK = "web", "phone", "slip", "desk"
CHANNELS = (WEB, PHONE, SLIP, DESK)
TAKEN = (PHONE, SLIP, DESK)
"""How a complaint reaches somebody of the staff who writes it down."""
SOLVED, REFERRED_UP, EXPLAINED = "solved", "referred_up", "explained"
FINDINGS = (SOLVED, REFERRED_UP, EXPLAINED)
FINDING_NAMES = {
    SOLVED: Text("已解决", "solved"),
    REFERRED_UP: Text("已报上级", "referred up"),
    EXPLAINED: Text("已解释说明", "explained"),
}
BY_PHONE, IN_PERSON, LETTER, MESSAGE, BY_NUMBER = "phone", "in_person", "letter", "sms", "by_number"
WAYS = (BY_PHONE, IN_PERSON, LETTER, BY_NUMBER)
"""How somebody tells the complainant; ``by_number`` is for who left no way to be reached."""

MOST_REOPENINGS = 20
CLIMBS_WITH = 2
"""Which reopening climbs a level."""


class NotYours(Forbidden):
    """Another body handles it."""

    slug, title = "not-your-complaint", Text("此投诉由其他机构办理", "Another body handles this complaint")


class NotToldYet(Problem):
    """The complainant has not been told the finding: no message arrived and nobody told her (rules 10.2)."""

    status, slug, title = 409, "complainant-not-told", Text("尚未向投诉人反馈", "The complainant has not been told")


class NothingAbove(Problem):
    """The district handles it already."""

    status, slug, title = 409, "nothing-above", Text("已由区级办理，不能再上转", "The district handles it already")


class CanBeReached(Problem):
    """She left a telephone: she is told, and does not have to ask."""

    status, slug, title = 409, "can-be-reached", Text("投诉人可以联系，须直接反馈", "The complainant can be reached")


class ReopenedOften(Problem):
    status, slug, title = 409, "reopened-often", Text("重复重启次数过多，请到区级当面反映", "It was reopened too often")


def check_reopenings(rounds: int) -> None:
    """ReopenedOften after twenty reopenings."""
    if rounds > MOST_REOPENINGS:
        raise ReopenedOften()


def order_of(state: str, answer_due_at: datetime, finish_due_at: datetime, over_at: datetime | None) -> datetime:
    """What is due next, by which lists are ordered; when it was over, once it is."""
    if over_at is not None:
        return over_at
    return min(answer_due_at, finish_due_at) if state == RECEIVED else finish_due_at
