"""From when until when a version is in force, and what can be done with it on a day."""
from datetime import date

from backend.core import moves
from backend.core.actor import ADMIN
from backend.core.moves import Move
from backend.core.problems import Conflict, Text, invalid

_ADMIN = frozenset({ADMIN})

TABLE: moves.Table = {
    ("draft", "edit"): Move("draft", _ADMIN),
    ("draft", "publish"): Move("published", _ADMIN),
    ("published", "withdraw"): Move("withdrawn", _ADMIN),
}
STATES = {
    "draft": Text("草稿", "draft"),
    "published": Text("已公布", "published"),
    "superseded": Text("已被新版本取代", "superseded"),
    "withdrawn": Text("已撤回", "withdrawn"),
}


class Overlapping(Conflict):
    slug, title = "versions-overlap", Text("版本的生效日期重叠", "The versions' dates overlap")


def state_on(stored: str, valid_to: date | None, on: date) -> str:
    """The state of a version on a day: a published one is superseded from ``valid_to`` on."""
    ended = stored == "published" and valid_to is not None and valid_to <= on
    return "superseded" if ended else stored


def move(state: str, verb: str) -> str:
    """The state that ``verb`` leads to; IllegalMove names the state and what is possible."""
    return moves.move(TABLE, state, verb, STATES)


def check_order(number: int, latest: int | None) -> None:
    """Overlapping where a version made later is already published."""
    if latest is not None and number < latest:
        raise Overlapping(
            f"第 {latest} 版已经公布，第 {number} 版不能再公布，请另拟新版本",
            f"Version {latest} is published already; draft a new one",
        )


def check_begin(begins: date, today: date, last_begins: date | None) -> None:
    """Refuse a first day that overlaps a version announced for later (409) or is past (422).

    ``last_begins`` is the first day of the last version still standing. One that runs already
    can be replaced from today on; one announced ahead must be withdrawn or come before.
    """
    if last_begins is not None and last_begins > today and begins <= last_begins:
        raise Overlapping(
            f"已有版本定于 {last_begins} 生效，新版本须晚于该日，或先撤回该版本",
            f"A version begins on {last_begins}; begin after it, or withdraw it first",
        )
    if begins < today:
        raise invalid("valid_from", "生效日期不能早于今天", "May not be before today.")
