"""What is allowed with an errand's time, and with a step taken by mistake. Pure."""
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.core.actor import HANDLER, TOWNSHIP
from backend.core.moves import possible
from backend.core.problems import Forbidden, Problem, Text, invalid
from backend.errands import rules

MOST_ALONE, MOST_JOINED = 10, 15
"""Working days that a limit may be extended by: by one department, and where several are joined (rules 1.4)."""
JOINED = 2

REVERSIBLE = ("accept", "accept_by_silence", "decline", "withdraw", "complete")
"""The steps that can be taken back (rules 3.1)."""
ACCEPTING = ("accept", "accept_by_silence")

TAKEN_BACK: dict[str, tuple[str, ...]] = {
    "accept": ("accepted_at",),
    "accept_by_silence": ("accepted_at",),
    "decline": ("finished_at", "reason", "referral"),
    "withdraw": ("finished_at", "reason"),
    "complete": ("finished_at", "outcome", "result", "reason"),
}
"""What each of them wrote on the errand besides its state and clocks."""

STEPS = ("errand.forward", "errand.answer", "errand.recall")
"""The acts by which an errand goes to a department and comes back, as the ledger names them."""

RUNNING: dict[str, tuple[str, ...]] = {
    rules.REGISTERED: (rules.HAND_IN,),
    rules.AWAITING: (rules.HAND_IN,),
    rules.ACCEPTED: rules.DUTIES,
    rules.FORWARDED: (*rules.DUTIES, rules.STEP),
    rules.SUSPENDED: (*rules.DUTIES, rules.STEP),
}
"""The clocks that can run, or stand, in a state."""


class LimitPassed(Problem):
    """An extension is granted before the limit has passed, or not at all (Administrative Licensing Law art. 42)."""

    status, slug, title = 409, "limit-passed", Text("期限已过，不能延长", "The limit has passed; it cannot be extended")


class AlreadyExtended(Problem):
    """A limit is extended once."""

    status, slug, title = 409, "already-extended", Text("期限已延长过一次", "The limit was extended before")


class NotExtendable(Problem):
    """Only a promise in working days is extended: no instant item, no sending up, no telling."""

    status, slug, title = 409, "not-extendable", Text("该期限不能延长", "This limit cannot be extended")


class NothingToReverse(Problem):
    """The last step is none that can be taken back, or was taken back already."""

    status, slug, title = 409, "nothing-to-reverse", Text("没有可撤销的步骤", "There is no step to take back")


def check_extender(role: str, account_id: str, agent_id: str, heads: Collection[str]) -> None:
    """Forbidden unless the township, or the head of the department where a step lies; never the case's agent."""
    if account_id == agent_id:
        raise Forbidden("承办人不能给自己延期", "Whoever answers for an errand does not extend its limit")
    if role != TOWNSHIP and not (role == HANDLER and account_id in heads):
        raise Forbidden(
            "由乡镇（街道）或承办部门负责人批准延期",
            "The township or the head of the step's department extends a limit",
        )


def promise_of(clocks: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The running promise; NotExtendable where the present duty is none, or has no working days."""
    for found in clocks:
        if found["kind"] == rules.PROMISE and found["ended_at"] is None and found["budget_days"] > 0:
            return found
    raise NotExtendable()


def check_extension(promise: Mapping[str, Any], now: datetime) -> None:
    """AlreadyExtended or LimitPassed; exactly at the due moment is still in time (art. 42)."""
    if promise["extended_days"]:
        raise AlreadyExtended(extended_working_days=promise["extended_days"])
    if promise["due_at"] is not None and now > promise["due_at"]:
        raise LimitPassed()


def stepping(clocks: Iterable[Mapping[str, Any]]) -> set[str]:
    """The departments where a step of the errand runs now."""
    return {
        found["department_code"] for found in clocks if found["kind"] == rules.STEP and found["ended_at"] is None
    }


def check_length(working_days: int, departments: Collection[str]) -> None:
    """At most 10 WD, and 15 where two departments or more had a step of the errand (rules 1.4, art. 42)."""
    if working_days > MOST_ALONE and len(departments) < JOINED:
        raise invalid(
            "working_days", f"超过 {MOST_ALONE} 个工作日的延期，须有两个以上部门联合办理",
            f"More than {MOST_ALONE} working days only where two departments or more are joined.",
        )


def check_reverser(role: str) -> None:
    """Forbidden but for the township (rules 3.1)."""
    if role != TOWNSHIP:
        raise Forbidden("只有乡镇（街道）可以撤销步骤", "Only the township takes a step back")


def check_reversible(state: str, last_move: str | None) -> None:
    """NothingToReverse unless the errand's last move was a step that can be taken back."""
    if last_move not in REVERSIBLE:
        raise NothingToReverse(
            state=state, possible=[verb for verb in possible(rules.MOVES, state) if verb != "reverse"]
        )


def taken_up(
    clocks: Sequence[Mapping[str, Any]], state: str, finished_at: datetime | None, handed_in_at: datetime | None
) -> list[Mapping[str, Any]]:
    """The ended clocks that run on once a step is taken back and the errand returns to ``state``.

    Of a finished errand its last duty and the steps that its end stopped; before acceptance the hand-in,
    unless it was handed in.
    """
    kinds = RUNNING[state]
    ended = [found for found in clocks if found["ended_at"] is not None and found["kind"] in kinds]
    if state in (rules.REGISTERED, rules.AWAITING):
        return ended if handed_in_at is None else []
    stopped = [found for found in ended if found["ended_at"] == finished_at]
    duties = sorted(
        (found for found in stopped if found["kind"] in rules.DUTIES),
        key=lambda found: (found["started_at"], found["part"]),
    )
    return [*duties[-1:], *(found for found in stopped if found["kind"] == rules.STEP)]


def returned_from(state: str, steps: Sequence[str]) -> str | None:
    """What a suspension will lead back to, where the errand returns into one; else None.

    ``steps`` are the acts by which the errand went to departments (STEPS), in order: it lies there where
    the last was a forwarding.
    """
    if state != rules.SUSPENDED:
        return None
    return rules.FORWARDED if steps[-1:] == ["errand.forward"] else rules.ACCEPTED


def silence_after(last_move: str, silence_at: datetime | None, now: datetime) -> datetime | None:
    """When silence accepts an errand whose step was taken back (rules 3.4).

    A moment that has passed counts after a withdrawal only, as if it had not been withdrawn: whoever was
    accepted or declined was told something, and what a person took back no job does again.
    """
    if silence_at is None or last_move == "withdraw" or silence_at > now:
        return silence_at
    return None
