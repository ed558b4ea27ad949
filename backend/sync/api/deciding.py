"""Routes of what persons decide: conflicts, and rejected work."""
from datetime import datetime
from typing import Any

from backend.core import faults
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, Forbidden, IllegalMove, Invalid, NotFound, StaleVersion
from backend.people.actions.residents import DuplicateResident
from backend.sync.actions import deciding
from backend.sync.api.blueprint import blp
from backend.sync.queries import conflicts, inbox
from backend.sync.rules import devices as rules
from backend.sync.rules.deciding import DECIDERS
from backend.sync.schemas import deciding as shapes

CONFLICT, ITEM = "/sync/conflicts/<string:conflict_id>", "/sync/inbox/<string:item_id>"
MOVING = (NotFound, IllegalMove, Conflict, StaleVersion)


@blp.lists("/sync/conflicts", roles=rules.READERS, item=shapes.SyncConflictShape(), query=shapes.ConflictQuery())
def list_conflicts(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Fields that a phone and others changed differently, the oldest first: one's own, or those of one's units."""
    return conflicts.listed(query, actor=actor, now=now)


@blp.reads(CONFLICT, roles=rules.READERS, answers=shapes.SyncConflictShape(), refuses=(NotFound,))
def read_conflict(conflict_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One conflict with both values, masked."""
    return conflicts.one(conflict_id, actor=actor, now=now)


@blp.changes(f"{CONFLICT}/resolution", roles=DECIDERS, body=shapes.Resolution(), answers=shapes.SyncConflictShape(),
             shows=conflicts.one, within=conflicts.one, refuses=(*MOVING, DuplicateResident, Forbidden, Invalid))
def resolve_conflict(conflict_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Keep what stands, or take what the phone wanted."""
    return deciding.resolve(conflict_id, **body, actor=actor, now=now)


def _item(item_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return inbox.one(item_id, english=faults.wants_english(), actor=actor, now=now)


@blp.lists("/sync/inbox", roles=rules.READERS, item=shapes.InboxItem(), query=shapes.InboxQuery())
def list_inbox(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Rejected work, the oldest first: one's own, or that of one's units; ``left_scope`` is on what one cannot see."""
    return inbox.listed(query, english=faults.wants_english(), actor=actor, now=now)


@blp.reads(ITEM, roles=rules.READERS, answers=shapes.InboxItem(), refuses=(NotFound,))
def read_item(item_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One piece of rejected work: what was sent, masked, and why it was refused."""
    return _item(item_id, actor=actor, now=now)


@blp.changes(f"{ITEM}/settlement", roles=DECIDERS, body=shapes.InboxSettlement(), answers=shapes.InboxItem(),
             shows=_item, within=_item, refuses=MOVING)
def settle_item(item_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Say what became of rejected work; it leaves the list."""
    return deciding.settle(item_id, **body, actor=actor, now=now)
