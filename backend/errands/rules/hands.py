"""Whose hands an errand is in: a department's step, another agent's, the township's. Pure."""
from collections.abc import Iterable
from typing import Any

from backend.core.actor import AGENT, OPERATOR, TOWNSHIP
from backend.core.problems import Forbidden, IllegalMove, Problem, Text, invalid
from backend.org import rules as tree

GRANT, REFUSE, RETURN = "grant", "refuse", "return"
DECISIONS = (GRANT, REFUSE, RETURN)
DECISION_NAMES = {GRANT: Text("同意", "granted"), REFUSE: Text("不同意", "refused"), RETURN: Text("退回", "returned")}
OPEN, ANSWERED, RECALLED, ENDED = "forwarded", "answered", "recalled", "withdrawn"
FORWARDING_STATES = (OPEN, ANSWERED, RECALLED, ENDED)
ASKED, TAKEN, REFUSED, TAKEN_BACK, LAPSED = "asked", "accepted", "refused", "withdrawn", "lapsed"
VILLAGE = "village"
HANDOVER_STATES = (ASKED, TAKEN, REFUSED, TAKEN_BACK, LAPSED)


class NotYourStep(Forbidden):
    slug, title = "not-your-step", Text("此环节由其他部门办理", "Another department decides this step")


class NotYourHandover(Forbidden):
    slug, title = "not-your-handover", Text("只有接收人可以答复此移交", "Only its receiver answers this hand-over")


class HandoverOpen(Problem):
    """One hand-over at a time: the open one is answered or withdrawn first."""

    status, slug, title = 409, "handover-open", Text("已有待接收的移交", "A hand-over is open already")


class NoHandIn(Problem):
    """What its own unit can accept is not handed in."""

    status, slug, title = 409, "no-hand-in", Text("本级可以受理，无须送交", "Its own unit accepts this item")


def check_step(own: str | None, department_code: str) -> None:
    """A step is decided by the department's own handlers."""
    if own != department_code:
        raise NotYourStep()


def check_open(state: str) -> None:
    """IllegalMove unless a forwarding or hand-over still is as it began; each is answered once."""
    if state not in (OPEN, ASKED):
        raise IllegalMove("此项已有答复，不能再次办理", "It was settled before.", state=state, possible=[])


def check_receiver(own: str, to_account_id: str) -> None:
    """A hand-over is taken or refused by the one who was asked."""
    if own != to_account_id:
        raise NotYourHandover()


def check_none_open(is_asked: bool) -> None:
    """One hand-over at a time."""
    if is_asked:
        raise HandoverOpen()


def needs_hand_in(level: str, intake_levels: Iterable[str]) -> bool:
    """Whether a unit of that level hands the item in above, since it cannot accept it itself (rules 3.3, 3.8)."""
    return level == VILLAGE and level not in intake_levels


def check_hand_in(level: str, intake_levels: Iterable[str]) -> None:
    """NoHandIn where the unit can accept the item itself."""
    if not needs_hand_in(level, intake_levels):
        raise NoHandIn()


def check_reasons(decision: str, reasons: str | None) -> None:
    """Refusing and returning need reasons in writing (rules 3.7)."""
    if decision in (REFUSE, RETURN) and not reasons:
        raise invalid("reasons", "不予办理或退回须书面说明理由", "Refusing or returning needs reasons.")


def named_limit(process: Iterable[Any], step: str | None) -> int | None:
    """The working days that the version's process gives to the step of this name; None where it says nothing."""
    limits = (each["limit_days"] for each in process if isinstance(each, dict) and each["name"] == step)
    return next(limits, None)


def step_limit(named: int | None, asked: int | None, left: int) -> int:
    """The working days of a step inside the promise (rules 3.8): as the version says, never beyond what is left.

    ``asked`` may be less. 0 is the close of the same day. Invalid names ``working_days``.
    """
    most = left if named is None else min(named, left)
    if asked is not None and asked > most:
        raise invalid(
            "working_days", f"环节时限至多 {most} 个工作日", f"The step may take {most} working days at most."
        )
    return most if asked is None else asked


def may_answer(role: str, own_code: str | None, unit_code: str) -> bool:
    """Whoever answers for an errand must see it: its unit's own people, or the township above (rules 3.2, 12)."""
    if role == TOWNSHIP:
        return tree.contains(own_code or "", unit_code)
    return role in (AGENT, OPERATOR) and own_code == unit_code
