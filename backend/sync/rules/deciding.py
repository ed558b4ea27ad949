"""Who decides conflicts and settles rejected work, and when. Pure."""
from backend.core.actor import TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Text
from backend.sync.rules import mutations as words

DECIDERS = frozenset({TOWNSHIP})
STATE_NAMES = {
    words.OPEN: Text("待处理", "open"),
    words.RESOLVED: Text("已裁定", "resolved"),
    words.SETTLED: Text("已处理", "settled"),
}
CONFLICT_MOVES = {(words.OPEN, "resolve"): Move(words.RESOLVED, DECIDERS)}
INBOX_MOVES = {(words.OPEN, "settle"): Move(words.SETTLED, DECIDERS)}
