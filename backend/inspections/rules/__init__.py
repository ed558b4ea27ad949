"""What is allowed with a mystery visit: its states, its plan's, and who may say what (rules 10.4). Pure."""
from datetime import datetime, timedelta

from backend.core.actor import ADMIN, AGENT, OFFICE, OPERATOR, SUPERVISOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Text, invalid

INSPECTORS = frozenset({SUPERVISOR})
KEEPERS = frozenset({SUPERVISOR, ADMIN})
"""Who may know of hidden visits, an admin not of those to his own unit. Plans and months are the inspectors' alone."""
READERS = frozenset({AGENT, OPERATOR, TOWNSHIP, OFFICE, SUPERVISOR, ADMIN})

HIDDEN, PUBLISHED, WITHDRAWN = "hidden", "published", "withdrawn"
STATES = (HIDDEN, PUBLISHED, WITHDRAWN)
SHOWN_FIRST = (HIDDEN, PUBLISHED)
STATE_NAMES = {
    HIDDEN: Text("未公布", "hidden"),
    PUBLISHED: Text("已公布", "published"),
    WITHDRAWN: Text("已撤销", "withdrawn"),
}
MOVES = {
    (HIDDEN, "amend"): Move(HIDDEN, INSPECTORS),
    (HIDDEN, "publish"): Move(PUBLISHED, INSPECTORS),
    (HIDDEN, "withdraw"): Move(WITHDRAWN, INSPECTORS),
}

PLANNED, DONE, DROPPED = "planned", "done", "dropped"
PLAN_STATES = (PLANNED, DONE, DROPPED)
PLAN_NAMES = {
    PLANNED: Text("已计划", "planned"),
    DONE: Text("已完成", "done"),
    DROPPED: Text("已取消", "dropped"),
}
PLAN_MOVES = {
    (PLANNED, "amend"): Move(PLANNED, INSPECTORS),
    (PLANNED, "visit"): Move(DONE, INSPECTORS),
    (PLANNED, "drop"): Move(DROPPED, INSPECTORS),
}

KINDS = (
    "absence", "nobody_at_window", "no_one_time_notice", "attitude", "disclosure", "fees", "premises", "praise",
    "other",
)
"""What a finding is about; absence from duty at an inspection and an empty window have points of their own (10.6)."""
OTHER = "other"
MOST_FINDINGS, MOST_PHOTOS, MOST_INSPECTORS, MOST_POINTS = 50, 9, 10, 100
SKEW = timedelta(minutes=5)
OLDEST = timedelta(days=366)


def check_visited(visited_at: datetime, now: datetime) -> None:
    """Invalid for a visit yet to come (five minutes are the clocks'), or longer ago than a year."""
    if visited_at > now + SKEW:
        raise invalid("visited_at", "暗访时间不能晚于现在", "Must not be in the future.")
    if visited_at < now - OLDEST:
        raise invalid("visited_at", "不能补录一年以前的暗访", "At most a year ago.")
