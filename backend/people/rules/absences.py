"""Leave (请假) and swaps (换班) of those on rosters: who may ask, who decides, what can be exchanged (rules 5.7)."""
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from backend.core.actor import ADMIN, AGENT, OPERATOR, TOWNSHIP
from backend.core.moves import Move, Table
from backend.core.problems import Forbidden, IllegalMove, Problem, Text, invalid

ASKED, APPROVED, REFUSED, WITHDRAWN = "asked", "approved", "refused", "withdrawn"
STATES = (ASKED, APPROVED, REFUSED, WITHDRAWN)
NAMES = {
    ASKED: Text("待批准", "asked"), APPROVED: Text("已批准", "approved"), REFUSED: Text("未批准", "refused"),
    WITHDRAWN: Text("已撤回", "withdrawn"),
}
DECIDERS = frozenset({TOWNSHIP, ADMIN})
ASKERS = frozenset({AGENT, OPERATOR, TOWNSHIP, ADMIN})
COLLEAGUES = frozenset({AGENT, OPERATOR, TOWNSHIP})

LEAVE_MOVES: Table = {
    (ASKED, "approve"): Move(APPROVED, DECIDERS),
    (ASKED, "refuse"): Move(REFUSED, DECIDERS),
    (ASKED, "withdraw"): Move(WITHDRAWN, ASKERS),
    (APPROVED, "withdraw"): Move(WITHDRAWN, ASKERS),
}
SWAP_MOVES: Table = {
    (ASKED, "agree"): Move(ASKED, COLLEAGUES),
    (ASKED, "decline"): Move(REFUSED, COLLEAGUES),
    (ASKED, "approve"): Move(APPROVED, DECIDERS),
    (ASKED, "refuse"): Move(REFUSED, DECIDERS),
    (ASKED, "withdraw"): Move(WITHDRAWN, ASKERS),
}
LONGEST = timedelta(days=366)
OLDEST = timedelta(days=60)


class LeaveOverlaps(Problem):
    """Two leaves of one person share a day."""

    status, slug, title = 409, "leave-overlaps", Text("与已有的请假重叠", "Overlaps another leave of the same person")


class LeaveOver(IllegalMove):
    """What was a leave is a record once its last day has passed."""

    slug, title = "leave-over", Text("请假已结束", "The leave is over")


class SwapImpossible(IllegalMove):
    """A day has passed, nobody stands there, or somebody would be at two places or is on leave."""

    slug, title = "swap-impossible", Text("不能这样换班", "These shifts cannot be swapped")


class NotQualified(IllegalMove):
    """Who takes a shift over must serve what is served there, so far as the roster tells."""

    slug, title = "not-qualified", Text("接班人不能办理该班次的事项", "Not qualified for the shift's services")


class NotAsked(Forbidden):
    """Only the colleague who was asked agrees to a swap, or declines it."""

    slug, title = "not-asked", Text("只有对方可以答复此换班", "Only the colleague who was asked answers this swap")


class Held(NamedTuple):
    """A shift that somebody holds."""

    id: str
    unit_code: str
    account_id: str
    day: date
    from_minute: int
    to_minute: int
    services: frozenset[str]


def check_for_whom(role: str, own: str, account_id: str) -> None:
    """Forbidden unless one asks for himself; township and admin may write down for others."""
    if role not in DECIDERS and own != account_id:
        raise Forbidden("只能为本人申请", "Only for oneself")


def check_decides(own: str, parties: Collection[str | None]) -> None:
    """Forbidden where somebody would approve or refuse what concerns himself."""
    if own in parties:
        raise Forbidden("不能审批涉及本人的申请", "Nobody decides on his own request")


def check_party(role: str, own: str, parties: Collection[str | None]) -> None:
    """Forbidden unless one of those concerned, or of those who decide."""
    if role not in DECIDERS and own not in parties:
        raise Forbidden("只有当事人可以办理", "Only those concerned may do this")


def check_span(from_on: date, to_on: date, today: date) -> None:
    """Invalid where a leave ends before it begins, lasts over a year, or is told two months after its end."""
    if to_on < from_on:
        raise invalid("to", "结束日期不得早于开始日期", "Must not be before from.")
    if to_on - from_on >= LONGEST:
        raise invalid("to", "一次请假至多一年", "A year at most.")
    if to_on < today - OLDEST:
        raise invalid("to", "补报请假不得晚于六十天", "Ended more than 60 days ago.")


def check_told(approved: bool, note: str | None) -> None:
    """Invalid where a refusal gives no reason."""
    if not approved and not note:
        raise invalid("note", "不批准须说明理由", "A refusal needs a reason.")


def shortened(from_on: date, to_on: date, today: date) -> date | None:
    """The last day of a leave that is withdrawn today: yesterday, or None where it had not begun before.

    LeaveOver where its last day has passed.
    """
    if to_on < today:
        raise LeaveOver()
    return today - timedelta(days=1) if from_on < today else None


def check_days(day: date, with_day: date | None, today: date) -> None:
    """SwapImpossible for days that have passed."""
    if day < today or with_day is not None and with_day < today:
        raise SwapImpossible("值班日期已过", "The day has passed")


def check_held(given: Collection[Held], taken: Collection[Held], both: bool) -> None:
    """SwapImpossible where there is nothing to give, or (``both``) nothing to get."""
    if not given or both and not taken:
        raise SwapImpossible("当天没有可换的班次", "There is no shift on that day")


def check_exchange(held: Iterable[Held], moving: Mapping[str, str]) -> None:
    """SwapImpossible where somebody would stand at two places once the moving shifts have their new holders."""
    after = sorted(
        (moving.get(one.id, one.account_id), one.day, one.from_minute, one.to_minute) for one in held
    )
    if any(one[:2] == other[:2] and other[2] < one[3] for one, other in pairwise(after)):
        raise SwapImpossible("换班后时间重叠", "Somebody would be on duty twice at a time")


def check_qualified(moved: Iterable[tuple[Held, str]], known: Mapping[str, Collection[frozenset[str]]]) -> None:
    """NotQualified where the roster tells that the new holder does not serve what the shift serves.

    ``known`` are the services of each person's own shifts; empty ones serve all. Nothing known: who
    approves, judges.
    """
    for shift, holder in moved:
        own = known.get(holder, ())
        if not own or frozenset() in own:
            continue
        served = frozenset().union(*own)
        if not shift.services or not shift.services <= served:
            raise NotQualified()


def check_present(away: Iterable[tuple[str, date, date]], takers: Iterable[tuple[str, date]]) -> None:
    """SwapImpossible where somebody would take a shift over while he is on leave."""
    leaves = list(away)
    for holder, day in takers:
        if any(account_id == holder and from_on <= day <= to_on for account_id, from_on, to_on in leaves):
            raise SwapImpossible("接班人当天请假", "Who would take the shift is on leave")
