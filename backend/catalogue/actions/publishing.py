"""Publishing a version, today or dated ahead, and withdrawing one."""
from datetime import date, datetime
from typing import Any

from backend.catalogue.actions import rows
from backend.catalogue.models import VersionState
from backend.catalogue.rules import disclosure, validity
from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.org import queries as org

Ref = list[Any]

_STANDING = """
SELECT * FROM item_version WHERE item_code = ? AND state = 'published' AND valid_to_on IS NULL
"""
_NEWEST = "SELECT max(number) FROM item_version WHERE item_code = ? AND state <> 'draft'"
_PREDECESSOR = """
SELECT * FROM item_version
WHERE item_code = ? AND state = 'published' AND valid_to_on = ? AND valid_from_on < valid_to_on
"""
_CATEGORY = "SELECT name FROM category WHERE code = ?"


@transaction
def publish(
    code: str, number: int, valid_from: date | None = None, *, actor: Actor, now: datetime
) -> Ref:
    """Publish a draft from ``valid_from`` on (today where not said); [code, number].

    The version before ends the day that this one begins. IllegalMove unless it is a draft,
    Overlapping beside a version announced ahead or numbered later, NotPublishable naming each
    missing disclosure.
    """
    rows.lock(code)
    row = rows.held(code, number)
    today = clock.local_date(now)
    begins = valid_from or today
    validity.move(rows.state(row, today), "publish")
    validity.check_order(number, sql.value(_NEWEST, (code,)))
    last = sql.row(_STANDING, (code,))
    last_begins = last["valid_from_on"] if last else None
    validity.check_begin(max(begins, today), today, last_begins)
    rows.check_match(row, actor)
    validity.check_begin(begins, today, last_begins)
    disclosure.check(row["body"])
    if last:
        _end(last, begins, actor)
    rows.amend(
        row, actor, state=VersionState.PUBLISHED, body=_named(row["body"], today),
        valid_from_on=begins, published_at=now,
    )
    ledger.record(
        "item.publish", "item_version", row["id"], fields=("state", "valid_from"),
        detail={"valid_from": begins.isoformat()},
    )
    return [code, number]


def _end(row: rows.Row, ends: date, actor: Actor) -> None:
    rows.amend(row, actor, valid_to_on=ends)
    ledger.record(
        "item.supersede", "item_version", row["id"], fields=("valid_to",),
        detail={"valid_to": ends.isoformat()},
    )


def _named(body: disclosure.Body, today: date) -> disclosure.Body:
    """The body with the names of this time, kept for ever: department and category."""
    department = org.department(body["department"])
    ended = department["valid_to_on"] if department else today
    if department is None or (ended is not None and ended <= today):
        raise invalid("department", "没有这个部门，或已撤并", "There is no such department in office.")
    category = sql.value(_CATEGORY, (body["category"],)) if body["category"] else None
    return body | {"department_name": department["name"], "category_name": category}


@transaction
def withdraw(code: str, number: int, reason: str, *, actor: Actor, now: datetime) -> Ref:
    """Withdraw a published version from today on; [code, number]. IllegalMove unless published.

    One that has not begun never begins, and the version before goes on.
    """
    rows.lock(code)
    row = rows.held(code, number)
    today = clock.local_date(now)
    validity.move(rows.state(row, today), "withdraw")
    rows.check_match(row, actor)
    begins = row["valid_from_on"]
    if begins > today:
        _reopen(row, actor)
    rows.amend(
        row, actor, state=VersionState.WITHDRAWN, valid_to_on=max(begins, today),
        withdrawal_reason=reason,
    )
    ledger.record(
        "item.withdraw", "item_version", row["id"], fields=("state", "valid_to"),
        detail={"reason": reason, "valid_to": max(begins, today).isoformat()},
    )
    return [code, number]


def _reopen(row: rows.Row, actor: Actor) -> None:
    """Let the version that was to end when ``row`` begins go on until what comes after."""
    before = sql.row(_PREDECESSOR, (row["item_code"], row["valid_from_on"].isoformat()))
    if before is None:
        return
    until = row["valid_to_on"]
    rows.amend(before, actor, valid_to_on=until)
    ledger.record(
        "item.prolong", "item_version", before["id"], fields=("valid_to",),
        detail={"valid_to": until.isoformat() if until else None},
    )
