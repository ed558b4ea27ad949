"""What becomes of a card: it stands, is appealed against, and falls or stands again (rules 4). Pure."""
from collections.abc import Mapping
from typing import Any

from backend.core.actor import AGENT, HANDLER, OPERATOR, SUPERVISOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Forbidden, Text

STANDING, APPEALED, REVERSED = "standing", "appealed", "reversed"
STATES = (STANDING, APPEALED, REVERSED)
OPEN, UPHELD, REJECTED = "open", "upheld", "rejected"
APPEAL_STATES = (OPEN, UPHELD, REJECTED)

STATE_NAMES = {
    STANDING: Text("有效", "standing"), APPEALED: Text("申诉中", "appealed"), REVERSED: Text("已撤销", "reversed"),
}
APPELLANTS = frozenset({AGENT, OPERATOR, TOWNSHIP, HANDLER})
DECIDERS = frozenset({SUPERVISOR})

MOVES = {
    (STANDING, "appeal"): Move(APPEALED, APPELLANTS),
    (APPEALED, "uphold"): Move(REVERSED, DECIDERS),
    (APPEALED, "reject"): Move(STANDING, DECIDERS),
}


class NotConcerned(Forbidden):
    """A department's card is appealed against by that department, any other by the unit or its township."""

    slug, title = "not-concerned", Text("此牌不是发给您的", "This card does not concern you")


class OwnAppeal(Forbidden):
    slug, title = "own-appeal", Text("不能裁定自己提出的申诉", "Nobody decides on an appeal of his own")


def may_appeal(role: str, card: Mapping[str, Any]) -> None:
    """NotConcerned unless the card was given to the actor's side."""
    if (role == HANDLER) != (card["department_code"] is not None):
        raise NotConcerned()


def may_decide(account_id: str, appeal: Mapping[str, Any]) -> None:
    """OwnAppeal where the appellant himself would decide."""
    if account_id == appeal["account_id"]:
        raise OwnAppeal()
