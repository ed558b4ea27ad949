"""How orders, notices, accountability cases and public promises move, and who moves them (rules 10). Pure."""
from backend.core.actor import ADMIN, AGENT, HANDLER, OFFICE, OPERATOR, SUPERVISOR, SYSTEM, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Text

SUPERVISORS = frozenset({SUPERVISOR})
TARGETS = frozenset({AGENT, OPERATOR, TOWNSHIP, HANDLER, OFFICE, ADMIN})
"""Roles that may speak for the body that an order asks; which of them for which body: ``rules.bodies``."""

ISSUED, REPLIED, RETURNED, PASSED_UP = "issued", "replied", "returned", "passed_up"
ACCEPTED, WITHDRAWN = "accepted", "withdrawn"
STATES = (ISSUED, REPLIED, RETURNED, PASSED_UP, ACCEPTED, WITHDRAWN)
OPEN_STATES = (ISSUED, REPLIED, RETURNED, PASSED_UP)
OWING = (ISSUED, RETURNED, PASSED_UP)
"""In which a reply is awaited, and can be late."""
STATE_NAMES = {
    ISSUED: Text("已下达", "issued"), REPLIED: Text("已回复", "replied"), RETURNED: Text("已退回", "returned"),
    PASSED_UP: Text("已上报", "passed up"), ACCEPTED: Text("已销号", "accepted"),
    WITHDRAWN: Text("已撤回", "withdrawn"),
}
MOVES = {
    (ISSUED, "reply"): Move(REPLIED, TARGETS),
    (ISSUED, "pass_up"): Move(PASSED_UP, TARGETS),
    (ISSUED, "withdraw"): Move(WITHDRAWN, SUPERVISORS),
    (REPLIED, "accept"): Move(ACCEPTED, SUPERVISORS),
    (REPLIED, "return"): Move(RETURNED, SUPERVISORS),
    (REPLIED, "withdraw"): Move(WITHDRAWN, SUPERVISORS),
    (RETURNED, "reply"): Move(REPLIED, TARGETS),
    (RETURNED, "pass_up"): Move(PASSED_UP, TARGETS),
    (RETURNED, "withdraw"): Move(WITHDRAWN, SUPERVISORS),
    (PASSED_UP, "reply"): Move(REPLIED, TARGETS),
    (PASSED_UP, "return"): Move(RETURNED, SUPERVISORS),
    (PASSED_UP, "withdraw"): Move(WITHDRAWN, SUPERVISORS),
}

RUNNING, ENDED = "running", "ended"
MATTER_STATES = (RUNNING, ENDED)
MATTER_MOVES = {(RUNNING, "end"): Move(ENDED, SUPERVISORS)}
MATTER_NAMES = {RUNNING: Text("执行中", "running"), ENDED: Text("已终止", "ended")}

STANDING, REVERSED = "standing", "reversed"
FINDING_STATES = (STANDING, REVERSED)
FINDING_MOVES = {(STANDING, "reverse"): Move(REVERSED, SUPERVISORS)}
FINDING_NAMES = {STANDING: Text("成立", "standing"), REVERSED: Text("已更正", "reversed")}

WATCHED, TAKEN_OFF = "watched", "taken_off"
WATCH_STATES = (WATCHED, TAKEN_OFF)
WATCH_MOVES = {(WATCHED, "take_off"): Move(TAKEN_OFF, SUPERVISORS)}
WATCH_NAMES = {WATCHED: Text("重点关注", "watched"), TAKEN_OFF: Text("已移出", "taken off")}

DRAFT, NOTICE_ISSUED, DISCARDED = "draft", "issued", "discarded"
NOTICE_STATES = (DRAFT, NOTICE_ISSUED, DISCARDED)
NOTICE_MOVES = {
    (DRAFT, "edit"): Move(DRAFT, SUPERVISORS),
    (DRAFT, "issue"): Move(NOTICE_ISSUED, SUPERVISORS),
    (DRAFT, "discard"): Move(DISCARDED, SUPERVISORS),
}
NOTICE_NAMES = {
    DRAFT: Text("草稿", "draft"), NOTICE_ISSUED: Text("已签发", "issued"), DISCARDED: Text("已作废", "discarded"),
}

PROPOSED, OPEN, CLOSED, DISMISSED = "proposed", "open", "closed", "dismissed"
CASE_STATES = (PROPOSED, OPEN, CLOSED, DISMISSED)
CASE_OPEN_STATES = (PROPOSED, OPEN)
CASE_MOVES = {
    (PROPOSED, "open"): Move(OPEN, SUPERVISORS),
    (PROPOSED, "dismiss"): Move(DISMISSED, SUPERVISORS),
    (OPEN, "edit"): Move(OPEN, SUPERVISORS),
    (OPEN, "remind"): Move(OPEN, SUPERVISORS),
    (OPEN, "state"): Move(OPEN, frozenset({*TARGETS, SUPERVISOR})),
    (OPEN, "close"): Move(CLOSED, SUPERVISORS),
}
CASE_NAMES = {
    PROPOSED: Text("待立案", "proposed"), OPEN: Text("办理中", "open"), CLOSED: Text("已结案", "closed"),
    DISMISSED: Text("不予立案", "dismissed"),
}

KEPT, BROKEN, MADE_GOOD = "kept", "broken", "made_good"
PROMISE_STATES = (RUNNING, BROKEN, KEPT, MADE_GOOD, WITHDRAWN)
PROMISE_OPEN_STATES = (RUNNING, BROKEN)
PROMISERS = frozenset({HANDLER, TOWNSHIP, OFFICE, SUPERVISOR})
"""Who may enter a promise: a body its own, office and supervisor anybody's."""
PROMISE_MOVES = {
    (RUNNING, "evidence"): Move(RUNNING, PROMISERS),
    (RUNNING, "fulfil"): Move(KEPT, SUPERVISORS),
    (RUNNING, "breach"): Move(BROKEN, frozenset({SUPERVISOR, SYSTEM})),
    (RUNNING, "withdraw"): Move(WITHDRAWN, SUPERVISORS),
    (BROKEN, "evidence"): Move(BROKEN, PROMISERS),
    (BROKEN, "fulfil"): Move(MADE_GOOD, SUPERVISORS),
    (BROKEN, "breach"): Move(BROKEN, frozenset({SUPERVISOR, SYSTEM})),
    (BROKEN, "withdraw"): Move(WITHDRAWN, SUPERVISORS),
}
PROMISE_NAMES = {
    RUNNING: Text("履行中", "running"), KEPT: Text("已兑现", "kept"), BROKEN: Text("未兑现", "broken"),
    MADE_GOOD: Text("逾期兑现", "made good late"), WITHDRAWN: Text("已撤回", "withdrawn"),
}
