"""What bodies have to answer for, and when it puts them on the watch-list (rules 10.9). Pure."""
from datetime import datetime, timedelta
from typing import Any

from backend.core.problems import Problem, Text, invalid

ORDER_UNANSWERED, PROBLEM_UNSOLVED, PROMISE_BROKEN = "order_unanswered", "problem_unsolved", "promise_broken"
KINDS = (ORDER_UNANSWERED, PROBLEM_UNSOLVED, PROMISE_BROKEN)
KIND_NAMES = {
    ORDER_UNANSWERED: Text("督办单到期未回复也未上报", "An order neither answered nor passed up by its date"),
    PROBLEM_UNSOLVED: Text("交办问题到期未答复", "A problem not answered by its date"),
    PROMISE_BROKEN: Text("承诺未兑现", "A promise not kept"),
}
SETTING = "watch-list"
USUAL = {"findings": 3, "days": 90}
"""So many standing findings within so many days put a body on the watch-list."""

BY_FINDINGS, BY_SCORE, BY_HAND = "findings", "score", "supervisor"
WATCH_KINDS = (BY_FINDINGS, BY_SCORE, BY_HAND)


class WatchedAlready(Problem):
    """The body is on the watch-list."""

    status, slug, title = 409, "watched-already", Text("该机构已在重点关注名单上", "It is on the watch-list already")


def check_setting(value: Any) -> None:
    """Invalid unless it is ``{"findings": 3, "days": 90}``."""
    whole = isinstance(value, dict) and set(value) == set(USUAL) and all(type(each) is int for each in value.values())
    if not whole or not (1 <= value["findings"] <= 100 and 1 <= value["days"] <= 366):
        raise invalid("value", '须形如 {"findings": 3, "days": 90}', 'Like {"findings": 3, "days": 90}.')


def since(at: datetime, value: dict[str, int]) -> datetime:
    """From when on findings count at a moment."""
    return at - timedelta(days=value["days"])


def is_watched(count: int, value: dict[str, int]) -> bool:
    """Whether so many findings put a body on the watch-list."""
    return count >= value["findings"]
