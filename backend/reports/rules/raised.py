"""Problems that staff report from the desk or the way: each has an answer of its township (as rules 7.6 asks). Pure."""
from backend.core.actor import ADMIN, OFFICE, SUPERVISOR, TOWNSHIP
from backend.core.moves import Move
from backend.errands.rules import TAKERS
from backend.reports.rules.tasks import ANSWERED, OPEN, STATE_NAMES

__all__ = ["STATE_NAMES"]

READERS = TAKERS | {OFFICE, SUPERVISOR, ADMIN}
ANSWERERS = frozenset({TOWNSHIP})
ANSWER_WORKING_DAYS = 5
"""Within so many working days of the report the township answers (docs/decisions/0238)."""
MOST_FILES = 10
MOVES = {(OPEN, "answer"): Move(ANSWERED, ANSWERERS)}
