"""What is allowed with a home visit: its states and moves, and who may say them (rules 6). Pure."""
from backend.core.actor import AGENT, OPERATOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Forbidden, Invalid, Problem, Text, invalid
from backend.org import rules as tree

TAKERS = frozenset({AGENT, OPERATOR, TOWNSHIP})

REQUESTED, SCHEDULED, EN_ROUTE, ARRIVED = "requested", "scheduled", "en_route", "arrived"
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
STATES = (REQUESTED, SCHEDULED, EN_ROUTE, ARRIVED, DONE, FAILED, CANCELLED)
OPEN_STATES = STATES[:4]
BOOKED = (SCHEDULED, EN_ROUTE, ARRIVED, DONE)
"""States in which a visit takes its agent's time."""

STATE_NAMES = {
    REQUESTED: Text("已申请", "requested"),
    SCHEDULED: Text("已排期", "scheduled"),
    EN_ROUTE: Text("已出发", "en route"),
    ARRIVED: Text("已到达", "arrived"),
    DONE: Text("已完成", "done"),
    FAILED: Text("未办成", "failed"),
    CANCELLED: Text("已取消", "cancelled"),
}

MOVES = {
    (REQUESTED, "schedule"): Move(SCHEDULED, TAKERS),
    (REQUESTED, "cancel"): Move(CANCELLED, TAKERS),
    (SCHEDULED, "schedule"): Move(SCHEDULED, TAKERS),
    (SCHEDULED, "depart"): Move(EN_ROUTE, TAKERS),
    (SCHEDULED, "fail"): Move(FAILED, TAKERS),
    (SCHEDULED, "cancel"): Move(CANCELLED, TAKERS),
    (EN_ROUTE, "arrive"): Move(ARRIVED, TAKERS),
    (EN_ROUTE, "fail"): Move(FAILED, TAKERS),
    (EN_ROUTE, "cancel"): Move(CANCELLED, TAKERS),
    (ARRIVED, "register"): Move(ARRIVED, TAKERS),
    (ARRIVED, "complete"): Move(DONE, TAKERS),
    (ARRIVED, "fail"): Move(FAILED, TAKERS),
    (DONE, "register"): Move(DONE, TAKERS),
    (DONE, "sign_off"): Move(DONE, TAKERS),
}
"""``register``: an errand of the household is taken on the spot. ``sign_off``: the paper that was still missing."""

AGE, DISABILITY, ILLNESS, UNIT_RULE, SUPERVISOR_WORD = "age", "disability", "illness", "unit_rule", "supervisor"
REASONS = (AGE, DISABILITY, ILLNESS, UNIT_RULE, SUPERVISOR_WORD)
MOST_ERRANDS = 20


class AgentBusy(Problem):
    """The agent has another visit then, or is still under way from it; ``free_from`` names the next free start."""

    status, slug, title = 409, "agent-busy", Text("代办员该时段已有上门安排", "The agent has another visit then")


class AgentAway(Problem):
    """The agent is on approved leave on that day."""

    status, slug, title = 409, "agent-away", Text("代办员当天请假", "The agent is on leave that day")


class NotYourVisit(Forbidden):
    slug, title = "not-your-visit", Text("此次上门由他人负责", "Another agent makes this visit")


class NotEligible(Invalid):
    """The resident has no ground, of those that are named, to be visited at home (rules 6)."""

    slug, title = "not-eligible", Text("不符合上门服务条件", "Not eligible for a home visit")


class AlreadySigned(Problem):
    status, slug, title = 409, "already-signed", Text("此次上门已有签收", "The visit is signed off already")


def may_move(role: str, account_id: str, agent_id: str | None) -> None:
    """Going, arriving and ending belong to the visiting agent, or to the township; NotYourVisit.

    A visit that nobody has yet is nobody else's: what may be done with it the state says.
    """
    if role != TOWNSHIP and agent_id is not None and account_id != agent_id:
        raise NotYourVisit()


def may_visit(role: str, own_code: str | None, unit_code: str, township_code: str) -> bool:
    """Whether an account may be sent: of the unit itself or one below it, or of its township's centre."""
    if role not in TAKERS or own_code is None:
        return False
    return own_code == township_code or tree.contains(unit_code, own_code)


def check_window(from_minute: int, to_minute: int) -> None:
    """Invalid unless the window ends after it begins."""
    if to_minute <= from_minute:
        raise invalid("window.to", "结束时间须晚于开始时间", "The window ends after it begins.")
