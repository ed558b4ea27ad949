"""How a weekly report moves (rules 7.3), and who moves it. Pure."""
from backend.core.actor import ADMIN, OFFICE, SUPERVISOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Problem, Text

DRAFT, FILED, RETURNED, ACCEPTED = "draft", "filed", "returned", "accepted"
STATES = (DRAFT, FILED, RETURNED, ACCEPTED)
OPEN = (DRAFT, RETURNED)
"""What a clerk still writes on."""
STATE_NAMES = {
    DRAFT: Text("草稿", "draft"), FILED: Text("已报送", "filed"), RETURNED: Text("已退回", "returned"),
    ACCEPTED: Text("已采纳", "accepted"),
}

WRITERS = frozenset({TOWNSHIP})
OFFICES = frozenset({OFFICE})
READERS = frozenset({TOWNSHIP, OFFICE, SUPERVISOR, ADMIN})

MOVES = {
    (DRAFT, "save"): Move(DRAFT, WRITERS),
    (DRAFT, "file"): Move(FILED, WRITERS),
    (FILED, "return"): Move(RETURNED, OFFICES),
    (FILED, "accept"): Move(ACCEPTED, OFFICES),
    (FILED, "correct"): Move(FILED, WRITERS),
    (RETURNED, "save"): Move(RETURNED, WRITERS),
    (RETURNED, "file"): Move(FILED, WRITERS),
    (ACCEPTED, "correct"): Move(ACCEPTED, WRITERS),
}

FILING, REFILING, CORRECTION = "filing", "refiling", "correction"
KINDS = (FILING, REFILING, CORRECTION)


class WeekNotBegun(Problem):
    """Nobody can report on a week before its Monday."""

    status, slug, title = 409, "week-not-begun", Text("该周尚未开始，不能填报", "That week has not begun")
