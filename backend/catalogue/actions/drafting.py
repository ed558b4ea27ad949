"""Making items and drafts, and editing drafts."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.catalogue.actions import rows
from backend.catalogue.models import Item, ItemVersion, VersionState
from backend.catalogue.rules import disclosure, validity
from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import Conflict, StaleVersion, Text, invalid
from backend.core.transaction import transaction
from backend.org import queries as org

Ref = list[Any]


class ItemExists(Conflict):
    slug, title = "item-exists", Text("事项编码已被使用", "The item's code is taken")


@transaction
def create_item(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> Ref:
    """A new item with its first draft; [code, 1]. ItemExists; Invalid for an unknown department."""
    code = given["code"]
    if sql.row("SELECT code FROM item WHERE code = ?", (code,)):
        raise ItemExists(f"事项编码 {code} 已被使用", f"{code} is taken")
    body = disclosure.drafted(given)
    _check_department(body, now)
    sql.insert(Item, code=code, made_at=now)
    add(code, 1, body, now=now)
    ledger.record("item.create", "item", code, fields=("code",))
    return [code, 1]


@transaction
def draft_version(code: str, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> Ref:
    """A new draft of an item from the given body; [code, number].

    Department and category are those of the version before where not given.
    """
    rows.lock(code)
    _check_seen(code, actor, now)
    _check_code(code, given)
    before = rows.latest(code)
    body = disclosure.drafted({key: before["body"][key] for key in ("department", "category")} | dict(given))
    _check_department(body, now)
    number = before["number"] + 1
    add(code, number, body, now=now)
    return [code, number]


@transaction
def edit(code: str, number: int, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> Ref:
    """Replace the body of a draft; [code, number]. IllegalMove once it is published."""
    rows.lock(code)
    row = rows.held(code, number)
    validity.move(rows.state(row, clock.local_date(now)), "edit")
    rows.check_match(row, actor)
    _check_code(code, given)
    body = disclosure.drafted({key: row["body"][key] for key in ("department", "category")} | dict(given))
    _check_department(body, now)
    changed = sorted(key for key in body if body[key] != row["body"].get(key))
    rows.amend(row, actor, body=body, **rows.columns(body))
    ledger.record("item.edit", "item_version", row["id"], fields=changed, detail={"body": body})
    return [code, number]


def add(code: str, number: int, body: disclosure.Body, *, now: datetime) -> None:
    """Write a draft's row and its entry, in the running transaction."""
    key = f"{code}:{number}"
    sql.insert(
        ItemVersion, id=key, item_code=code, number=number, state=VersionState.DRAFT, body=body,
        made_at=now, version=1, **rows.columns(body),
    )
    ledger.record("item.draft", "item_version", key, fields=sorted(body), detail={"body": body})


def _check_seen(code: str, actor: Actor, now: datetime) -> None:
    """Honour an If-Match of the item: its ETag starts with the number of the version in force."""
    seen = actor.call.if_match
    if seen is not None:
        running = catalogue.in_force(code, clock.local_date(now))
        if running is None or running["version"] != seen:
            raise StaleVersion()


def _check_code(code: str, given: Mapping[str, Any]) -> None:
    if given.get("code", code) != code:
        raise invalid("code", "与路径中的事项编码不一致", "Is not the code of the path.")


def _check_department(body: disclosure.Body, now: datetime) -> None:
    """A department that is named must be there and in office."""
    code = body["department"]
    if code is None:
        return
    found = org.department(code)
    if found is None:
        raise invalid("department", "没有这个部门", "There is no such department.")
    ended = found["valid_to_on"]
    if ended is not None and ended <= clock.local_date(now):
        raise invalid("department", "该部门已撤并", "The department is no longer in office.")
