"""What is allowed with an errand: its states and moves, papers, payments, numbers. Pure."""
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from backend.clocks import rules as clocks
from backend.clocks.rules import Due
from backend.core.actor import AGENT, HANDLER, OPERATOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Forbidden, Problem, Text, invalid

TAKERS = frozenset({AGENT, OPERATOR, TOWNSHIP})
EXTENDERS = frozenset({TOWNSHIP, HANDLER})

REGISTERED, AWAITING, ACCEPTED, SUSPENDED = "registered", "awaiting_materials", "accepted", "suspended"
FORWARDED, COMPLETED, DELIVERED, CLOSED = "forwarded", "completed", "delivered", "closed"
DECLINED, WITHDRAWN = "declined", "withdrawn"
STATES = (
    REGISTERED, AWAITING, ACCEPTED, SUSPENDED, FORWARDED, COMPLETED, DELIVERED, CLOSED, DECLINED, WITHDRAWN,
)
OPEN_STATES = STATES[:7]
UNFINISHED = STATES[:5]
BEFORE_ACCEPTANCE = STATES[:2]
OVER = (CLOSED, DECLINED, WITHDRAWN)
FINISHED = frozenset({COMPLETED, DELIVERED, *OVER})
"""States of errands that have a moment at which they were finished; the others have none."""
DECIDED = frozenset({COMPLETED, DELIVERED, CLOSED, DECLINED})

STATE_NAMES = {
    REGISTERED: Text("已登记", "registered"),
    AWAITING: Text("待补正", "awaiting materials"),
    ACCEPTED: Text("已受理", "accepted"),
    SUSPENDED: Text("已暂停", "suspended"),
    FORWARDED: Text("已转办", "forwarded"),
    COMPLETED: Text("已办结", "completed"),
    DELIVERED: Text("已送达", "delivered"),
    CLOSED: Text("已归档", "closed"),
    DECLINED: Text("不予受理", "declined"),
    WITHDRAWN: Text("已撤回", "withdrawn"),
}

PREVIOUS = "previous"
"""Where a move leads back to: the state that the errand had before its last one."""

JOB: frozenset[str] = frozenset()
"""Nobody says it: the clock does."""

MOVES = {
    (REGISTERED, "accept"): Move(ACCEPTED, TAKERS),
    (REGISTERED, "supplement"): Move(AWAITING, TAKERS),
    (REGISTERED, "accept_by_silence"): Move(ACCEPTED, JOB),
    (REGISTERED, "decline"): Move(DECLINED, TAKERS),
    (REGISTERED, "withdraw"): Move(WITHDRAWN, TAKERS),
    (AWAITING, "accept"): Move(ACCEPTED, TAKERS),
    (AWAITING, "supplement"): Move(AWAITING, TAKERS),
    (AWAITING, "decline"): Move(DECLINED, TAKERS),
    (AWAITING, "withdraw"): Move(WITHDRAWN, TAKERS),
    (ACCEPTED, "forward"): Move(FORWARDED, TAKERS),
    (ACCEPTED, "suspend"): Move(SUSPENDED, TAKERS),
    (ACCEPTED, "extend"): Move(ACCEPTED, EXTENDERS),
    (ACCEPTED, "complete"): Move(COMPLETED, TAKERS),
    (ACCEPTED, "withdraw"): Move(WITHDRAWN, TAKERS),
    (ACCEPTED, "reverse"): Move(PREVIOUS, frozenset({TOWNSHIP})),
    (SUSPENDED, "resume"): Move(PREVIOUS, TAKERS),
    (SUSPENDED, "withdraw"): Move(WITHDRAWN, TAKERS),
    (FORWARDED, "answer"): Move(ACCEPTED, frozenset({HANDLER})),
    (FORWARDED, "recall"): Move(ACCEPTED, TAKERS),
    (FORWARDED, "suspend"): Move(SUSPENDED, TAKERS),
    (FORWARDED, "extend"): Move(FORWARDED, EXTENDERS),
    (FORWARDED, "withdraw"): Move(WITHDRAWN, TAKERS),
    (COMPLETED, "deliver"): Move(DELIVERED, TAKERS),
    (COMPLETED, "reverse"): Move(PREVIOUS, frozenset({TOWNSHIP})),
    (DECLINED, "reverse"): Move(PREVIOUS, frozenset({TOWNSHIP})),
    (WITHDRAWN, "reverse"): Move(PREVIOUS, frozenset({TOWNSHIP})),
    (DELIVERED, "close"): Move(CLOSED, TAKERS),
}

CHANNELS = ("counter", "phone", "home_visit", "app")
GIVEN_BY = ("signature", "voice", "witness")
OUTCOMES = ("granted", "refused", "returned", "advised")
DELIVERY_METHODS = ("collected", "brought", "posted")
IN_PERSON = ("collected", "brought")

NOTICE_WORKING_DAYS = 5
"""What is missing is told within so many working days of receipt (Administrative Licensing Law art. 32)."""
HAND_IN_WORKING_DAYS = 3
"""A village hands in to its township within so many working days of receipt (rules 3.8)."""
STUCK_WORKING_DAYS = 3
"""A case without an act for so many working days stands on the stuck list (rules 3.10)."""
PROMISE, HAND_IN, SENDING_UP, TELLING, STEP = "promise", "hand_in", "sending_up", "telling", "step"
"""What the clocks of an errand promise."""
DUTIES = (PROMISE, SENDING_UP, TELLING)
"""Those of them whose end is the errand's own due date."""

OLDEST_CLAIM = timedelta(days=180)
DEVICE_SKEW = timedelta(minutes=5)


class HandInNeeded(Problem):
    status, slug, title = 409, "hand-in-needed", Text(
        "本级不受理该事项，请交由乡镇街道受理", "This level does not accept the item; hand it in above"
    )


class NotYours(Forbidden):
    slug, title = "not-your-errand", Text("此件由他人负责", "Another agent answers for this errand")


class MandateExpired(Forbidden):
    slug, title = "mandate-expired", Text("委托已到期，请先续期", "The mandate has expired; renew it first")


class AboveCharge(Problem):
    status, slug, title = 409, "above-charge", Text("超过公示的收费", "More than the published charge")


class NotPayable(Problem):
    status, slug, title = 409, "not-payable", Text("当前状态不能收费", "Nothing can be paid in this state")


class NotTold(Problem):
    status, slug, title = 409, "resident-not-told", Text(
        "尚未告知群众，不能归档", "The resident has not been told yet"
    )


class Undecided(Problem):
    """The paper of the outcome is asked for before there is an outcome."""

    status, slug, title = 409, "undecided", Text("尚无办理结果", "There is no outcome yet")


class ErrandOver(Problem):
    status, slug, title = 409, "errand-over", Text("此件已结束", "The errand is over")


def may_move(role: str, account_id: str, agent_id: str) -> None:
    """Moves belong to the agent who answers for the errand, or to the township (rules 3.2)."""
    if role != TOWNSHIP and account_id != agent_id:
        raise NotYours()


def credible(claimed_at: datetime | None, now: datetime) -> datetime:
    """The moment whose version counts: the claimed one where credible, else receipt (rules 2.1).

    Credible is not in the future beyond a device's skew of 5 minutes, and at most 180 days old.
    """
    if claimed_at is None or claimed_at > now + DEVICE_SKEW or claimed_at < now - OLDEST_CLAIM:
        return now
    return min(claimed_at, now)


def check_level(level: str, intake_levels: Iterable[str]) -> None:
    """Accepting takes a unit of one of the version's intake levels (rules 3.3)."""
    if level not in intake_levels:
        raise HandInNeeded(intake_levels=list(intake_levels))


def check_mandate(expires_on: date, today: date) -> None:
    """Nobody acts on an expired mandate (rules 3.3); the last day counts."""
    if expires_on < today:
        raise MandateExpired(expires_on=expires_on)


def check_outcome(outcome: str, reason: str | None) -> None:
    """Refusing and returning need reasons in writing (rules 3.7)."""
    if outcome in ("refused", "returned") and not reason:
        raise invalid("reason", "不予批准或退回须书面说明理由", "Refusing or returning needs a reason.")


def check_decided(state: str) -> None:
    """Reasons in writing and the right to re-check are told once there is an outcome (rules 3.7)."""
    if state not in DECIDED:
        raise Undecided(state=state)


def check_payment(paid_fen: int, amount_fen: int, charged_fen: int, quantity: int) -> None:
    """The sum of payments is at most the published charge × quantity (rules 2.3)."""
    limit = charged_fen * quantity
    if paid_fen + amount_fen > limit:
        raise AboveCharge(
            f"该件至多收费 {limit} 分，已收 {paid_fen} 分",
            f"At most {limit} fen for this errand; {paid_fen} are paid.",
            limit_fen=limit, paid_fen=paid_fen,
        )


def light(errand: Mapping[str, Any], now: Any) -> str:
    """none, reminder, yellow or red at ``now``; a finished errand keeps the light it finished with.

    All moments are instants, or all are microseconds.
    """
    due = Due(errand["due_at"], errand["reminder_at"], errand["yellow_at"], provisional=False)
    return clocks.light(errand["finished_at"] or now, due)
