"""Routes of the catalogue: public to read, the admin's to change."""
from datetime import date, datetime
from typing import Any

from backend.catalogue import queries, schemas
from backend.catalogue.actions import drafting, publishing
from backend.catalogue.actions.drafting import ItemExists
from backend.catalogue.rules.disclosure import NotPublishable
from backend.catalogue.rules.validity import Overlapping
from backend.core import clock, http
from backend.core.actor import ADMIN, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove
from backend.core.shapes import ListQuery

blp = http.Blueprint("catalogue", description="服务事项 · service items and their six disclosures")

ADMINS = frozenset({ADMIN})
VERSION = "/items/<string:code>/versions/<int:number>"


def _today(now: datetime) -> date:
    return clock.local_date(now)


def _shown(ref: list[Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    return queries.shown(ref[0], ref[1], actor=actor, on=_today(now))


def _within(code: str, number: int, *, actor: Actor, now: datetime) -> None:
    queries.shown(code, number, actor=actor, on=_today(now))


def _within_item(code: str, *, actor: Actor, now: datetime) -> None:
    queries.history(code, actor=actor, on=_today(now), limit=1, cursor=None)


@blp.lists("/items", roles=http.PUBLIC, item=schemas.ItemShape(), query=schemas.Search())
def items(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Items in force, by code; found by part of the name, its pinyin or initials."""
    return queries.search(
        _today(now), q=query["q"], departments=query["department"], kinds=query["kind"],
        levels=query["level"], limit=query["limit"], cursor=query["cursor"],
    )


@blp.creates(
    "/items", roles=ADMINS, body=schemas.NewItem(), answers=schemas.VersionShape(), shows=_shown,
    refuses=(ItemExists,),
)
def create_item(body: dict[str, Any], *, actor: Actor, now: datetime) -> list[Any]:
    """Make an item with its first draft."""
    return drafting.create_item(body, actor=actor, now=now)


@blp.reads("/items/<string:code>", roles=http.PUBLIC, answers=schemas.ItemShape(), cacheable=True)
def item(code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The item as it is offered today, with its six disclosures."""
    return queries.item(code, _today(now))


@blp.lists(
    "/items/<string:code>/versions", roles=http.PUBLIC, item=schemas.VersionShape(), query=ListQuery()
)
def versions(code: str, query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The item's versions by number; drafts for the admin only."""
    return queries.history(
        code, actor=actor, on=_today(now), limit=query["limit"], cursor=query["cursor"]
    )


@blp.creates(
    "/items/<string:code>/versions", roles=ADMINS, body=schemas.VersionDraft(),
    answers=schemas.VersionShape(), shows=_shown, within=_within_item, refuses=(Conflict,),
)
def draft_version(code: str, body: dict[str, Any], *, actor: Actor, now: datetime) -> list[Any]:
    """Draft the item's next version."""
    return drafting.draft_version(code, body, actor=actor, now=now)


@blp.reads(VERSION, roles=http.PUBLIC, answers=schemas.VersionShape(), cacheable=True)
def version(code: str, number: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One version, with the "cut by 30 %" check against the one before."""
    return queries.shown(code, number, actor=actor, on=_today(now))


@blp.changes(
    VERSION, roles=ADMINS, body=schemas.VersionDraft(), answers=schemas.VersionShape(), shows=_shown,
    within=_within, refuses=(IllegalMove,),
)
def edit_draft(
    code: str, number: int, body: dict[str, Any], *, actor: Actor, now: datetime
) -> list[Any]:
    """Replace the body of a draft; what is published never changes."""
    return drafting.edit(code, number, body, actor=actor, now=now)


@blp.changes(
    f"{VERSION}/publication", roles=ADMINS, body=schemas.Publication(), answers=schemas.VersionShape(),
    shows=_shown, within=_within, refuses=(IllegalMove, Overlapping, NotPublishable),
)
def publish(
    code: str, number: int, body: dict[str, Any], *, actor: Actor, now: datetime
) -> list[Any]:
    """Publish a draft, from today or from a later day on."""
    return publishing.publish(code, number, body.get("valid_from"), actor=actor, now=now)


@blp.changes(
    f"{VERSION}/withdrawal", roles=ADMINS, body=schemas.Withdrawal(), answers=schemas.VersionShape(),
    shows=_shown, within=_within, refuses=(IllegalMove,),
)
def withdraw(
    code: str, number: int, body: dict[str, Any], *, actor: Actor, now: datetime
) -> list[Any]:
    """Withdraw a published version; one announced ahead never begins."""
    return publishing.withdraw(code, number, body["reason"], actor=actor, now=now)


@blp.reads("/catalogue/figures", roles=http.PUBLIC, answers=schemas.FiguresShape(), tagged=False)
def figures(*, actor: Actor, now: datetime) -> dict[str, Any]:
    """Counts by kind and the speed-up against the legal limits, over the items in force."""
    return queries.figures_on(_today(now))
