"""Persons who did not come again and again: when they may not book by themselves, and appeals (rules 5.8). Pure.

A block binds the channel ``self`` only: by phone and at the desk everybody books, and the protected always do.
"""
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from backend.clocks.rules.cards import OwnAppeal
from backend.core.actor import OPERATOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Problem, Text, invalid

STANDING, APPEALED, LIFTED, KEPT = "standing", "appealed", "lifted", "kept"
STATES = (STANDING, APPEALED, LIFTED, KEPT)
BINDING = (STANDING, KEPT)
"""While an appeal is open the block does not bind: nobody is shut out before she was heard."""

STATE_NAMES = {
    STANDING: Text("有效", "standing"), APPEALED: Text("申诉中", "appealed"), LIFTED: Text("已解除", "lifted"),
    KEPT: Text("维持", "kept"),
}
APPELLANTS, DECIDERS = frozenset({OPERATOR, TOWNSHIP}), frozenset({TOWNSHIP})
MOVES = {
    (STANDING, "appeal"): Move(APPEALED, APPELLANTS),
    (APPEALED, "lift"): Move(LIFTED, DECIDERS),
    (APPEALED, "keep"): Move(KEPT, DECIDERS),
}

SETTING = "no-show-block"
DEFAULT: dict[str, Any] = {"times": 3, "within_days": 90, "block_days": 30}
LIMITS = {"times": (0, 20), "within_days": (1, 366), "block_days": (1, 366)}


class Blocked(Problem):
    """Repeated no-shows: for a while she books by telephone or at the desk, not by herself; she may appeal."""

    status, slug, title = 409, "booking-blocked", Text(
        "多次预约未到，暂时不能自助预约，请打电话或到窗口预约", "Book by telephone or at the desk for a while"
    )


def check(value: Any) -> None:
    """Invalid unless ``times`` (0: no blocks at all), ``within_days`` and ``block_days`` are whole and in bounds."""
    good = isinstance(value, dict) and set(value) == set(LIMITS) and all(
        type(value[name]) is int and least <= value[name] <= most for name, (least, most) in LIMITS.items()
    )
    if not good:
        raise invalid(
            "value", "须有 times（0 到 20）、within_days、block_days（1 到 366）",
            "times (0–20), within_days and block_days (1–366) are needed.",
        )


def until(missed: Sequence[datetime], now: datetime, value: dict[str, Any]) -> datetime | None:
    """Until when a person is blocked who missed appointments at these moments; None where she is not.

    Counted are those of the last ``within_days``; what an earlier block was made of is the caller's to leave out.
    """
    counted = [at for at in missed if at > now - timedelta(days=value["within_days"])]
    if value["times"] == 0 or len(counted) < value["times"]:
        return None
    return now + timedelta(days=value["block_days"])


def may_decide(account_id: str, block: dict[str, Any]) -> None:
    """OwnAppeal where who wrote the appeal down would decide."""
    if account_id == block["appealed_by"]:
        raise OwnAppeal()
