"""Problems that staff report from the desk or the way: each has an answer of its township (as rules 7.6 asks). Pure."""
from backend.core.actor import ADMIN, OFFICE, SUPERVISOR, TOWNSHIP
from backend.errands.rules import TAKERS

READERS = TAKERS | {OFFICE, SUPERVISOR, ADMIN}
ANSWERERS = frozenset({TOWNSHIP})
ANSWER_WORKING_DAYS = 5
"""Within so many working days of the report the township answers (docs/decisions/0238)."""
MOST_FILES = 10
