"""What becomes of a problem that a township raised: the department answers it, once (rules 7.6). Pure."""
from datetime import date

from backend.core.actor import ADMIN, HANDLER, OFFICE, SUPERVISOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Text

OPEN, ANSWERED = "open", "answered"
STATES = (OPEN, ANSWERED)
STATE_NAMES = {OPEN: Text("待答复", "open"), ANSWERED: Text("已答复", "answered")}
READERS = frozenset({TOWNSHIP, HANDLER, OFFICE, SUPERVISOR, ADMIN})
ANSWERERS = frozenset({HANDLER})

MOVES = {(OPEN, "answer"): Move(ANSWERED, ANSWERERS)}


def is_overdue(state: str, due_on: date, today: date) -> bool:
    """Whether nobody answered although the day has passed; on the day itself it is still in time."""
    return state == OPEN and due_on < today
