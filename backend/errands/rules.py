"""What is allowed with an errand: its states and moves, papers, payments, numbers. Pure."""
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from backend.clocks import rules as clocks
from backend.clocks.rules import Due
from backend.core.actor import AGENT, OPERATOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Forbidden, Problem, Text, invalid

TAKERS = frozenset({AGENT, OPERATOR, TOWNSHIP})

REGISTERED, AWAITING, ACCEPTED, SUSPENDED = "registered", "awaiting_materials", "accepted", "suspended"
FORWARDED, COMPLETED, DELIVERED, CLOSED = "forwarded", "completed", "delivered", "closed"
DECLINED, WITHDRAWN = "declined", "withdrawn"
STATES = (
    REGISTERED, AWAITING, ACCEPTED, SUSPENDED, FORWARDED, COMPLETED, DELIVERED, CLOSED, DECLINED, WITHDRAWN,
)
OPEN_STATES = STATES[:7]
DECIDED = frozenset({COMPLETED, DELIVERED, CLOSED, DECLINED})

STATE_NAMES = {
    REGISTERED: Text("已登记", "registered"),
    AWAITING: Text("待补正", "awaiting materials"),
    ACCEPTED: Text("已受理", "accepted"),
    SUSPENDED: Text("已暂停", "suspended"),
    FORWARDED: Text("已转办", "forwarded"),
    COMPLETED: Text("已办结", "completed"),
    DELIVERED: Text("已送达", "delivered"),
    CLOSED: Text("已归档", "closed"),
    DECLINED: Text("不予受理", "declined"),
    WITHDRAWN: Text("已撤回", "withdrawn"),
}

MOVES = {
    (REGISTERED, "accept"): Move(ACCEPTED, TAKERS),
    (REGISTERED, "decline"): Move(DECLINED, TAKERS),
    (REGISTERED, "withdraw"): Move(WITHDRAWN, TAKERS),
    (ACCEPTED, "complete"): Move(COMPLETED, TAKERS),
    (ACCEPTED, "withdraw"): Move(WITHDRAWN, TAKERS),
    (COMPLETED, "deliver"): Move(DELIVERED, TAKERS),
    (DELIVERED, "close"): Move(CLOSED, TAKERS),
}

CHANNELS = ("counter", "phone", "home_visit", "app")
GIVEN_BY = ("signature", "voice", "witness")
OUTCOMES = ("granted", "refused", "returned", "advised")
DELIVERY_METHODS = ("collected", "brought", "posted")
IN_PERSON = ("collected", "brought")

OLDEST_CLAIM = timedelta(days=180)
DEVICE_SKEW = timedelta(minutes=5)


class MaterialsMissing(Problem):
    status, slug, title = 409, "materials-missing", Text("材料不齐，不能受理", "Required papers are missing")


class HandInNeeded(Problem):
    status, slug, title = 409, "hand-in-needed", Text(
        "本级不受理该事项，请交由乡镇街道受理", "This level does not accept the item; hand it in above"
    )


class NotYours(Forbidden):
    slug, title = "not-your-errand", Text("此件由他人负责", "Another agent answers for this errand")


class MandateExpired(Forbidden):
    slug, title = "mandate-expired", Text("委托已到期，请先续期", "The mandate has expired; renew it first")


class AboveCharge(Problem):
    status, slug, title = 409, "above-charge", Text("超过公示的收费", "More than the published charge")


class NotPayable(Problem):
    status, slug, title = 409, "not-payable", Text("当前状态不能收费", "Nothing can be paid in this state")


class DeferredOpen(Problem):
    status, slug, title = 409, "deferred-open", Text("容缺材料未补齐", "A deferred paper is still open")


class NotTold(Problem):
    status, slug, title = 409, "resident-not-told", Text(
        "尚未告知群众，不能归档", "The resident has not been told yet"
    )


class Undecided(Problem):
    """The paper of the outcome is asked for before there is an outcome."""

    status, slug, title = 409, "undecided", Text("尚无办理结果", "There is no outcome yet")


class ErrandOver(Problem):
    status, slug, title = 409, "errand-over", Text("此件已结束", "The errand is over")


def may_move(role: str, account_id: str, agent_id: str) -> None:
    """Moves belong to the agent who answers for the errand, or to the township (rules 3.2)."""
    if role != TOWNSHIP and account_id != agent_id:
        raise NotYours()


def credible(claimed_at: datetime | None, now: datetime) -> datetime:
    """The moment whose version counts: the claimed one where credible, else receipt (rules 2.1).

    Credible is not in the future beyond a device's skew of 5 minutes, and at most 180 days old.
    """
    if claimed_at is None or claimed_at > now + DEVICE_SKEW or claimed_at < now - OLDEST_CLAIM:
        return now
    return min(claimed_at, now)


def told_papers(named: Iterable[Mapping[str, Any]], required: Iterable[Mapping[str, Any]]) -> dict[str, bool]:
    """Which of the version's papers were handed in; Invalid for a paper the version does not know."""
    known = {paper["name"] for paper in required}
    told: dict[str, bool] = {}
    for paper in named:
        if paper["name"] not in known:
            name = paper["name"]
            raise invalid("materials", f"该事项没有材料“{name}”", f"The item knows no paper {name!r}.")
        if paper["name"] in told:
            raise invalid("materials", "同一材料出现两次", "A paper is named twice.")
        told[paper["name"]] = paper["received"]
    return told


def missing_papers(papers: Iterable[Mapping[str, Any]], today: date) -> list[str]:
    """Required papers neither received nor still deferred (Administrative Licensing Law art. 32)."""
    return [
        paper["name"] for paper in papers
        if paper["required"] and not paper["received_at"]
        and (paper["deferred_until_on"] is None or paper["deferred_until_on"] < today)
    ]


def check_papers(papers: Iterable[Mapping[str, Any]], today: date) -> None:
    """MaterialsMissing names every required paper that is neither received nor still deferred."""
    missing = missing_papers(papers, today)
    if missing:
        raise MaterialsMissing("缺少：" + "、".join(missing), "Missing: " + ", ".join(missing), missing=missing)


def check_kept(paper: Mapping[str, Any], received: bool, state: str) -> None:
    """What an errand was accepted upon stays: no paper is taken back once it is accepted."""
    if state == ACCEPTED and paper["received_at"] and not received:
        name = paper["name"]
        raise invalid("materials", f"受理后不得撤下材料“{name}”", f"{name!r} stays after acceptance.")


def check_deferral(
    paper: Mapping[str, Any], until: date, span: tuple[date, date], undertaking: str | None
) -> None:
    """Only papers marked deferrable, with an undertaking, from today to the promised limit (rules 3.5)."""
    name, (today, latest) = paper["name"], span
    if not paper["may_defer"]:
        raise invalid("materials", f"材料“{name}”不可容缺", f"{name!r} may not be deferred.")
    if undertaking is None:
        raise invalid("undertaking_file", "容缺须有承诺书", "Deferring needs a signed undertaking.")
    if not today <= until <= latest:
        raise invalid(
            "deferred_until", f"不得早于今天，不得晚于承诺时限 {latest}",
            f"Not before today nor later than the promised limit, {latest}.",
        )


def check_level(level: str, intake_levels: Iterable[str]) -> None:
    """Accepting takes a unit of one of the version's intake levels (rules 3.3)."""
    if level not in intake_levels:
        raise HandInNeeded(intake_levels=list(intake_levels))


def check_mandate(expires_on: date, today: date) -> None:
    """Nobody acts on an expired mandate (rules 3.3); the last day counts."""
    if expires_on < today:
        raise MandateExpired(expires_on=expires_on)


def check_outcome(outcome: str, reason: str | None) -> None:
    """Refusing and returning need reasons in writing (rules 3.7)."""
    if outcome in ("refused", "returned") and not reason:
        raise invalid("reason", "不予批准或退回须书面说明理由", "Refusing or returning needs a reason.")


def check_decided(state: str) -> None:
    """Reasons in writing and the right to re-check are told once there is an outcome (rules 3.7)."""
    if state not in DECIDED:
        raise Undecided(state=state)


def check_payment(paid_fen: int, amount_fen: int, charged_fen: int, quantity: int) -> None:
    """The sum of payments is at most the published charge × quantity (rules 2.3)."""
    limit = charged_fen * quantity
    if paid_fen + amount_fen > limit:
        raise AboveCharge(
            f"该件至多收费 {limit} 分，已收 {paid_fen} 分",
            f"At most {limit} fen for this errand; {paid_fen} are paid.",
            limit_fen=limit, paid_fen=paid_fen,
        )


def light(errand: Mapping[str, Any], now: Any) -> str:
    """none, reminder, yellow or red at ``now``; a finished errand keeps the light it finished with.

    All moments are instants, or all are microseconds.
    """
    due = Due(errand["due_at"], errand["reminder_at"], errand["yellow_at"], provisional=False)
    return clocks.light(errand["finished_at"] or now, due)


def check_digit(digits: str) -> str:
    """The digit that makes the whole pass Luhn (ISO/IEC 7812-1): one wrong or swapped digit shows."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        step = int(char) * (2 if place % 2 == 0 else 1)
        total += step - 9 if step > 9 else step
    return str(-total % 10)


def tail_of(unit_code: str) -> str:
    """The part of a unit's code that its numbers begin with; units of two districts may share it."""
    return unit_code[6:]


def tail_within(code: str) -> str:
    """What the numbers of all units under this one begin with: three digits of a township, none of a district."""
    return tail_of(code).removesuffix("000").removesuffix("000")


def number(unit_code: str, day: date, serial: int) -> str:
    """What people say on the phone: unit tail, date, serial, check digit: 001001-260212-0001-3."""
    parts = [tail_of(unit_code), day.strftime("%y%m%d"), f"{serial:04d}"]
    return "-".join([*parts, check_digit("".join(parts))])


def normal_number(text: str) -> str | None:
    """The number in its written form, however it was typed; None when it cannot be one."""
    digits = "".join(char for char in text if char not in "- 　—－")
    if not digits.isascii() or not digits.isdigit() or not 17 <= len(digits) <= 20:
        return None
    body, last = digits[:-1], digits[-1]
    if check_digit(body) != last:
        return None
    return "-".join([body[:6], body[6:12], body[12:], last])
