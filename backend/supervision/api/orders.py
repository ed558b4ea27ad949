"""Routes of supervision orders, findings and the watch-list."""
from datetime import datetime
from typing import Any

from backend.core import http
from backend.core.actor import ADMIN, HANDLER, OFFICE, SUPERVISOR, TOWNSHIP, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound, StaleVersion
from backend.supervision.actions import deciding, finding, ordering, replying, watching
from backend.supervision.queries import findings, orders
from backend.supervision.queries import watching as watched
from backend.supervision.rules.bodies import READERS, NotYourBody
from backend.supervision.rules.findings import WatchedAlready
from backend.supervision.rules.orders import NowhereUp, PassedUp
from backend.supervision.rules.states import SUPERVISORS, TARGETS
from backend.supervision.schemas import orders as shapes
from backend.supervision.schemas.parts import GivenReason, GivenText

blp = http.Blueprint("supervision", description="效能督查 · supervision orders, findings, the watch-list")

ORDER = "/supervision-orders/<string:order_id>"
ABOVE_DESKS = frozenset({TOWNSHIP, HANDLER, OFFICE, SUPERVISOR, ADMIN})
CHANGING = (NotFound, IllegalMove, Conflict, StaleVersion)
SHAPE = shapes.OrderShape()


def _within(order_id: str, *, actor: Actor, now: datetime) -> None:
    orders.row(order_id, actor)


@blp.lists("/supervision-orders", roles=READERS, item=shapes.ListedOrder(), query=shapes.OrdersQuery())
def order_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Orders to your unit, subtree or department, or of the district; open ones, due first."""
    return orders.page(query, actor=actor, now=now)


@blp.creates(
    "/supervision-orders", roles=SUPERVISORS, body=shapes.OrderIn(), answers=SHAPE, shows=orders.one,
    refuses=(Conflict,),
)
def issue_order(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Order a unit or department to do something by a date; its duty post is told."""
    return ordering.issue(body, actor=actor, now=now)


@blp.reads(ORDER, roles=READERS, answers=SHAPE, refuses=(NotFound,))
def one_order(order_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One order with all its rounds."""
    return orders.one(order_id, actor=actor, now=now)


@blp.changes(
    f"{ORDER}/reply", roles=TARGETS, body=GivenText(), answers=SHAPE, shows=orders.one, within=_within,
    refuses=(*CHANGING, NotYourBody),
)
def reply_to_order(order_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Reply for the body that was asked; a late reply is taken and stays late."""
    return replying.reply(order_id, **body, actor=actor, now=now)


@blp.changes(
    f"{ORDER}/passing-up", roles=TARGETS, body=GivenReason(), answers=SHAPE, shows=orders.one, within=_within,
    refuses=(*CHANGING, NotYourBody, NowhereUp, PassedUp),
)
def pass_order_up(order_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Pass up what you cannot solve before its date: the body above owes the reply from then on."""
    return replying.pass_up(order_id, **body, actor=actor, now=now)


@blp.changes(
    f"{ORDER}/acceptance", roles=SUPERVISORS, answers=SHAPE, shows=orders.one, within=_within, refuses=CHANGING
)
def accept_reply(order_id: str, *, actor: Actor, now: datetime) -> str:
    """Accept the reply: the order is done."""
    return deciding.accept(order_id, actor=actor, now=now)


@blp.changes(
    f"{ORDER}/return", roles=SUPERVISORS, body=shapes.ReturnIn(), answers=SHAPE, shows=orders.one, within=_within,
    refuses=CHANGING,
)
def return_reply(order_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Send the reply back with a reason, or to its owner what was passed up: another reply is due."""
    return deciding.give_back(order_id, **body, actor=actor, now=now)


@blp.changes(
    f"{ORDER}/withdrawal", roles=SUPERVISORS, body=GivenReason(), answers=SHAPE, shows=orders.one, within=_within,
    refuses=CHANGING,
)
def withdraw_order(order_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Take the order back: nothing is owed any more."""
    return ordering.withdraw(order_id, **body, actor=actor, now=now)


@blp.lists(
    "/supervision-findings", roles=ABOVE_DESKS, item=shapes.FindingShape(), query=shapes.FindingsQuery()
)
def finding_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """What bodies have to answer for: orders and problems let lie, promises not kept; the latest first."""
    return findings.page(query, actor=actor, now=now)


@blp.reads(
    "/supervision-findings/<string:finding_id>", roles=ABOVE_DESKS, answers=shapes.FindingShape(), refuses=(NotFound,)
)
def one_finding(finding_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One finding about a body."""
    return findings.one(finding_id, actor=actor, now=now)


def _within_finding(finding_id: str, *, actor: Actor, now: datetime) -> None:
    findings.row(finding_id, actor)


@blp.changes(
    "/supervision-findings/<string:finding_id>/reversal", roles=SUPERVISORS, body=GivenReason(),
    answers=shapes.FindingShape(), shows=findings.one, within=_within_finding, refuses=CHANGING,
)
def reverse_finding(finding_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Reverse a finding that was wrong; it stays readable with the reason and counts no more."""
    return finding.reverse(finding_id, **body, actor=actor, now=now)


@blp.lists("/watch-list", roles=ABOVE_DESKS, item=shapes.WatchShape(), query=shapes.WatchQuery())
def watch_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Bodies on the watch-list within your scope, the last put on first."""
    return watched.page(query, actor=actor, now=now)


@blp.creates(
    "/watch-list", roles=SUPERVISORS, body=shapes.WatchIn(), answers=shapes.WatchShape(), shows=watched.one,
    refuses=(Conflict, WatchedAlready),
)
def watch(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Put a body on the watch-list; its head is told why."""
    return watching.put(
        unit_code=body.get("unit_code"), department_code=body.get("department_code"), reason=body["reason"],
        actor=actor, now=now,
    )


@blp.reads("/watch-list/<string:entry_id>", roles=ABOVE_DESKS, answers=shapes.WatchShape(), refuses=(NotFound,))
def one_entry(entry_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One entry of the watch-list."""
    return watched.one(entry_id, actor=actor, now=now)


def _within_entry(entry_id: str, *, actor: Actor, now: datetime) -> None:
    watched.row(entry_id, actor)


@blp.changes(
    "/watch-list/<string:entry_id>/removal", roles=SUPERVISORS, body=GivenReason(), answers=shapes.WatchShape(),
    shows=watched.one, within=_within_entry, refuses=CHANGING,
)
def take_off(entry_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Take a body off the watch-list, with a reason."""
    return watching.take_off(entry_id, **body, actor=actor, now=now)
