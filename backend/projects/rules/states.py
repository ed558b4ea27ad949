"""The states of templates, projects and procedures, the moves between them, and who may say them (rules 8). Pure."""
from backend.core.actor import ADMIN, HANDLER, PROJECT_AGENT, SUPERVISOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Text

ADMINS = frozenset({ADMIN})
AGENTS = frozenset({PROJECT_AGENT})
DEPARTMENTS = frozenset({HANDLER, TOWNSHIP})
"""Who acts for a department: its handlers; for the place of the project its township office."""
SERVERS = AGENTS | DEPARTMENTS
REVOKERS = frozenset({SUPERVISOR})
NOBODY: frozenset[str] = frozenset()
"""A move that the product itself makes."""

DRAFT, PUBLISHED, SUPERSEDED = "draft", "published", "superseded"
TEMPLATE_STATES = (DRAFT, PUBLISHED, SUPERSEDED)
TEMPLATE_NAMES = {
    DRAFT: Text("草稿", "draft"), PUBLISHED: Text("已发布", "published"), SUPERSEDED: Text("已被替代", "superseded"),
}
TEMPLATE_MOVES = {
    (DRAFT, "publish"): Move(PUBLISHED, ADMINS),
    (PUBLISHED, "supersede"): Move(SUPERSEDED, NOBODY),
}

RUNNING, DONE, ABANDONED = "open", "finished", "abandoned"
PROJECT_STATES = (RUNNING, DONE, ABANDONED)
PROJECT_NAMES = {
    RUNNING: Text("办理中", "open"), DONE: Text("已办结", "finished"), ABANDONED: Text("已终止", "abandoned"),
}
PROJECT_MOVES = {
    (RUNNING, "edit"): Move(RUNNING, AGENTS),
    (RUNNING, "extend_graph"): Move(RUNNING, AGENTS),
    (RUNNING, "finish"): Move(DONE, NOBODY),
    (DONE, "extend_graph"): Move(RUNNING, AGENTS),
    (DONE, "reopen"): Move(RUNNING, NOBODY),
    (RUNNING, "abandon"): Move(ABANDONED, AGENTS),
}
"""``finish``: every procedure has passed. ``reopen``: a consent was revoked afterwards."""

BLOCKED, OPEN, SERVED, SUSPENDED, FINISHED = "blocked", "open", "served", "suspended", "finished"
STATES = (BLOCKED, OPEN, SERVED, SUSPENDED, FINISHED)
STATE_NAMES = {
    BLOCKED: Text("待前置", "blocked"),
    OPEN: Text("可送件", "open"),
    SERVED: Text("办理中", "served"),
    SUSPENDED: Text("已暂停", "suspended"),
    FINISHED: Text("已办结", "finished"),
}
MOVES = {
    (BLOCKED, "unblock"): Move(OPEN, NOBODY),
    (OPEN, "serve"): Move(SERVED, SERVERS),
    (OPEN, "block"): Move(BLOCKED, NOBODY),
    (SERVED, "answer"): Move(FINISHED, DEPARTMENTS),
    (SERVED, "suspend"): Move(SUSPENDED, SERVERS),
    (SERVED, "extend"): Move(SERVED, DEPARTMENTS),
    (SERVED, "deem"): Move(FINISHED, NOBODY),
    (SERVED, "block"): Move(BLOCKED, NOBODY),
    (SUSPENDED, "resume"): Move(SERVED, SERVERS),
    (SUSPENDED, "block"): Move(BLOCKED, NOBODY),
    (FINISHED, "serve_again"): Move(SERVED, SERVERS),
    (FINISHED, "revoke"): Move(OPEN, REVOKERS),
    (FINISHED, "block"): Move(BLOCKED, NOBODY),
}
"""``block``: a consent on which it rested was revoked. ``serve_again``: improved papers after an objection."""

AGREED, OBJECTED, FORWARDED = "agreed", "objected", "forwarded"
BY_TIMEOUT, BY_ABSENCE = "deemed_by_timeout", "deemed_by_absence"
OUTCOMES = (AGREED, OBJECTED, FORWARDED, BY_TIMEOUT, BY_ABSENCE)
DEEMED = frozenset({BY_TIMEOUT, BY_ABSENCE})
PASSING = frozenset({AGREED, FORWARDED, BY_TIMEOUT, BY_ABSENCE})
"""With these outcomes the next procedures open; an objection holds them until new papers are agreed to."""
OUTCOME_NAMES = {
    AGREED: Text("同意", "agreed"),
    OBJECTED: Text("不同意", "objected"),
    FORWARDED: Text("已上报", "forwarded"),
    BY_TIMEOUT: Text("超时视为同意进入下一环节", "deemed by timeout"),
    BY_ABSENCE: Text("缺席视为同意进入下一环节", "deemed by absence"),
}
"""Deemed is never worded as approved (rules 3.1)."""

PLACE = "D12"
"""The department code that stands for the township of the project's place."""
PROMISED_WORKING_DAYS = 120
"""What the district promises from mandate to start of works (rules 8.6)."""


def passed(state: str, outcome: str | None) -> bool:
    """Whether the procedures behind this one may open."""
    return state == FINISHED and outcome in PASSING
