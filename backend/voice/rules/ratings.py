"""A resident rates an errand once, by her own token; who was rated cannot tell who rated (rules 10.3). Pure."""
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from backend.core.actor import AGENT, HANDLER, OPERATOR, PROJECT_AGENT, TOWNSHIP
from backend.core.problems import Forbidden, Gone, NotFound, Problem, Text, invalid

ISSUERS = frozenset({OPERATOR, TOWNSHIP})
IN_BUNDLES = frozenset({AGENT, OPERATOR, HANDLER, PROJECT_AGENT})
"""Who might be rated, or sits beside him: they see whole bundles of ratings only."""

SLIP, SMS, PHONE = "slip", "sms", "phone"
CHANNELS = (SLIP, SMS, PHONE)
OPEN, USED, REPLACED = "open", "used", "replaced"

LEVELS = (1, 2, 3, 4, 5)
LEVEL_NAMES = {
    5: Text("非常满意", "very satisfied"),
    4: Text("满意", "satisfied"),
    3: Text("基本满意", "rather satisfied"),
    2: Text("不满意", "not satisfied"),
    1: Text("非常不满意", "not satisfied at all"),
}
LOW = 2
"""The two lowest levels start a call-back and a rectification (国办发〔2019〕51号, 好差评制度)."""
FIRST, FOLLOW_UP = 1, 2
FEWEST = 5
"""Of fewer answers nothing is told, and to those who may be rated so many at a time."""
VALID = timedelta(days=90)
"""So long a slip is good."""
FINISHED = frozenset({"completed", "delivered", "closed"})


class NotFinished(Problem):
    """A slip is asked for before the errand was completed."""

    status, slug, title = 409, "errand-not-finished", Text("此件尚未办结，不能评价", "The errand is not completed yet")


class AlreadyRated(Problem):
    """One rating per errand; a follow-up comes after a rectification only."""

    status, slug, title = 409, "already-rated", Text("此件已评价", "The errand is rated already")


class NoMobile(Problem):
    """The resident takes no text messages: print the slip, or ring her."""

    status, slug, title = 409, "no-mobile", Text("群众不收短信，请打印或电话回访", "She takes no text messages")


class OwnWork(Forbidden):
    """Nobody issues, takes or enters the rating of his own work."""

    slug, title = "own-work", Text("不能评价自己办的件", "Nobody rates his own work")


class SlipExpired(Gone):
    slug, title = "slip-expired", Text("评价单已失效", "The slip is valid no longer")


def check_not_own(account_id: str, *rated: str | None) -> None:
    """OwnWork where the caller is who was rated, then or now."""
    if account_id and account_id in rated:
        raise OwnWork()


def check_finished(state: str) -> None:
    """Only what is completed can be rated; NotFinished."""
    if state not in FINISHED:
        raise NotFinished(state=state)


def is_low(level: int) -> bool:
    """Whether the level starts a call-back and a rectification."""
    return level <= LOW


def bundle_of(place: int) -> int:
    """The bundle that a unit's ``place``-th rating (from 1) belongs to."""
    return (place - 1) // FEWEST


def check_span(first: Any, last: Any) -> None:
    """``from`` is not after ``to``; Invalid."""
    if first is not None and last is not None and first > last:
        raise invalid("to", "不得早于起始日期", "Not before the first day.")


def told(counts: Mapping[int, int]) -> dict[str, Any]:
    """What is told of so many ratings by level: null under five of them (api.md)."""
    total = sum(counts.values())
    if total < FEWEST:
        return {"count": None, "average": None, "by_level": None}
    points = sum(level * times for level, times in counts.items())
    return {
        "count": total, "average": (points * 200 + total) // (2 * total) / 100,
        "by_level": {str(level): counts.get(level, 0) for level in LEVELS},
    }


def added(rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Counts by level, of rows of level and count."""
    found: dict[int, int] = {}
    for level, times in rows:
        found[level] = found.get(level, 0) + times
    return found


def unknown() -> NotFound:
    """No such token: the same whatever was wrong with it."""
    return NotFound()
