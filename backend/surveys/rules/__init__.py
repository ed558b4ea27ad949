"""What is allowed with a survey: its states, and what it may ask (rules 10.4). Pure."""
from backend.core.actor import ADMIN, OFFICE, SUPERVISOR
from backend.core.moves import Move
from backend.core.problems import Problem, Text

MAKERS = frozenset({SUPERVISOR})
KEEPERS = frozenset({SUPERVISOR, ADMIN})
"""Who reads drafts and what was given out."""
JUDGES = frozenset({SUPERVISOR, ADMIN, OFFICE})
"""Who reads results before they are published."""

DRAFT, OPEN, CLOSED, PUBLISHED, DROPPED = "draft", "open", "closed", "published", "dropped"
STATES = (DRAFT, OPEN, CLOSED, PUBLISHED, DROPPED)
BEGUN = (OPEN, CLOSED, PUBLISHED)
STATE_NAMES = {
    DRAFT: Text("起草中", "draft"),
    OPEN: Text("进行中", "open"),
    CLOSED: Text("已结束", "closed"),
    PUBLISHED: Text("结果已公布", "published"),
    DROPPED: Text("已作废", "dropped"),
}
NOBODY: frozenset[str] = frozenset()
MOVES = {
    (DRAFT, "amend"): Move(DRAFT, MAKERS),
    (DRAFT, "open"): Move(OPEN, MAKERS),
    (DRAFT, "drop"): Move(DROPPED, MAKERS),
    (OPEN, "issue"): Move(OPEN, MAKERS),
    (OPEN, "close"): Move(CLOSED, MAKERS),
    (CLOSED, "publish"): Move(PUBLISHED, MAKERS),
}

SCALE, CHOICE = "scale", "choice"
KINDS = (SCALE, CHOICE)
SCALE_CHOICES = 5
LEAST_ANSWERS = 5
MOST_SECTIONS, MOST_QUESTIONS, MOST_CHOICES, MOST_UNITS = 20, 30, 10, 500
MOST_SLIPS_AT_ONCE, MOST_SLIPS = 200, 100_000


class SlipUsed(Problem):
    """The slip's answer is counted already; whose it was cannot be found out, so it cannot be taken back."""

    status, slug, title = 409, "slip-used", Text("此答卷已提交过", "This slip was used already")


class SurveyOver(Problem):
    """The survey takes no answers any more, or not yet."""

    status, slug, title = 409, "survey-over", Text("调查未开放或已结束", "The survey takes no answers now")


class TooFewAnswers(Problem):
    """So few answered that nothing is told of it; results of so few are not published."""

    status, slug, title = 409, "too-few-answers", Text("答卷太少，不公布结果", "Too few answers to tell anything")
