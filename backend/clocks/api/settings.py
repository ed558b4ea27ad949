"""Routes of what a district decides differently from the product's default."""
from datetime import datetime
from typing import Any

from backend.clocks.actions import ladders
from backend.clocks.schemas import cards as shapes
from backend.core import adjustable, http
from backend.core.actor import ADMIN, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound, StaleVersion

ADMINS = frozenset({ADMIN})

blp = http.Blueprint("settings", description="规则设置 · what the district decides, from a day on")

__all__ = ["blp", "ladders"]


@blp.lists("/settings", roles=ADMINS, item=shapes.SettingShape())
def setting_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Everything that the district may decide, with what holds today; always one page."""
    return Page([adjustable.shown(name, actor=actor, now=now) for name in sorted(adjustable.known)], None)


def _shown(name: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return adjustable.shown(name, actor=actor, now=now)


@blp.reads("/settings/<string:setting>", roles=ADMINS, answers=shapes.SettingShape(), refuses=(NotFound,))
def one_setting(setting: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What holds today, and what is decided for later."""
    return adjustable.shown(setting, actor=actor, now=now)


@blp.changes(
    "/settings/<string:setting>", roles=ADMINS, body=shapes.SettingBody(), answers=shapes.SettingShape(), shows=_shown,
    within=_shown, refuses=(NotFound, Conflict, StaleVersion),
)
def decide(setting: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Decide on another value, from tomorrow or a later day on."""
    return adjustable.decide(setting, **body, actor=actor, now=now)
