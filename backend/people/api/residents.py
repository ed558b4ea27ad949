"""Routes of residents: masked, but for the recorded full view."""
from datetime import datetime
from typing import Any

from backend.core.actor import ADMIN, AGENT, HANDLER, OFFICE, OPERATOR, TOWNSHIP, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound, StaleVersion, TooMany
from backend.org.rules.scope import READERS
from backend.people.actions import residents
from backend.people.api.blueprint import blp
from backend.people.queries import residents as known
from backend.people.schemas import residents as shapes

VIEWERS = READERS - {OFFICE}
EDITORS = frozenset({AGENT, OPERATOR, TOWNSHIP, ADMIN})


@blp.lists("/residents", roles=READERS, item=shapes.ResidentEntry(), query=shapes.ResidentQuery())
def list_residents(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Residents in one's scope by the beginning of name, pinyin or initials; numbers masked."""
    return known.search(actor, query["q"], limit=query["limit"], cursor=query["cursor"])


@blp.creates("/residents/lookups", roles=READERS - {HANDLER}, keyed=False, tagged=False, status=200,
             body=shapes.Lookup(), answers=shapes.Found())
def look_up(*, body: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """Residents with exactly this ID number or phone within one's township or district; masked."""
    return {"items": known.looked_up(actor, **body, now=now)}


@blp.reads("/residents/<resident_id>", roles=READERS, answers=shapes.ResidentShape(), refuses=(NotFound,))
def resident(resident_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One resident; numbers and address masked."""
    return known.shown(resident_id, actor=actor, now=now)


@blp.patches("/residents/<resident_id>", roles=EDITORS, body=shapes.ResidentChanges(),
             answers=shapes.ResidentShape(), shows=known.shown, within=known.shown,
             refuses=(NotFound, Conflict, StaleVersion))
def edit_resident(resident_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Change a resident's name, phone, address or ID number."""
    return residents.edit(resident_id, body, actor=actor, now=now)


@blp.creates("/residents/<resident_id>/full-view", roles=VIEWERS, tagged=False,
             body=shapes.FullViewRequest(), answers=shapes.FullViewShape(), shows=known.full,
             within=known.shown, refuses=(NotFound, TooMany))
def view_resident(resident_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """The unmasked numbers and address, for a reason; recorded, 60 an hour and 300 a day."""
    return residents.view_in_full(resident_id, **body, actor=actor, now=now)
