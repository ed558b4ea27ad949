"""Routes of open government: for everybody, without account."""
from datetime import datetime
from typing import Any

from flask import Response

from backend.core import http
from backend.core.actor import Actor
from backend.core.http import PUBLIC
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.disclosure.queries import told
from backend.disclosure.rules import directory
from backend.disclosure.schemas import open as shapes

blp = http.Blueprint("open", description="政务公开 · open government")
OF = shapes.OpenQuery()
MONTH = "/disclosures/figures/<string:month>"


@blp.reads("/disclosures", roles=PUBLIC, answers=shapes.OpenDirectoryShape(), tagged=False)
def read_directory(*, actor: Actor, now: datetime) -> dict[str, Any]:
    """What is open to everybody, and where it stands."""
    names = ("name", "what", "href", "page")
    return {"items": [dict(zip(names, entry)) for entry in directory.DIRECTORY]}


@blp.lists("/disclosures/offices", roles=PUBLIC, item=shapes.OpenOfficeShape(), query=shapes.PageQuery(),
           refuses=(NotFound,))
def list_offices(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The centres of a district, or all points of a unit, with telephone and service card."""
    return told.offices(query, actor=actor, now=now)


@blp.lists("/disclosures/figures", roles=PUBLIC, item=shapes.ListedMonthShape(), query=shapes.PageQuery(),
           refuses=(NotFound,))
def list_figures(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The months whose figures were told, the latest first."""
    return told.page(query, actor=actor)


@blp.reads(MONTH, roles=PUBLIC, answers=shapes.OpenMonthShape(), query=OF, refuses=(NotFound,), cacheable=True)
def read_figures(month: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """A month's figures as they were told once it was over; small counts are null, alone and by subtraction."""
    return told.one(month, query, actor=actor, now=now)


@blp.reads(f"{MONTH}.json", roles=PUBLIC, media="application/json", query=OF, refuses=(NotFound,))
def read_figures_content(month: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Response:
    """The very bytes whose SHA-256 is ``content_sha256`` and stands in the ledger."""
    return Response(told.content(month, query, actor=actor), content_type="application/json")
