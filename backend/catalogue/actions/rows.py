"""The rows of a running change: locked, matched against what the caller saw, amended."""
from datetime import date
from typing import Any

import orjson

from backend.catalogue.models import ItemVersion
from backend.catalogue.rules import validity
from backend.core import pinyin, sql, versions
from backend.core.actor import Actor
from backend.core.problems import NotFound

Row = dict[str, Any]

_ITEM = "SELECT code FROM item WHERE code = ?"
_VERSION = "SELECT * FROM item_version WHERE item_code = ? AND number = ?"
_LATEST = "SELECT * FROM item_version WHERE item_code = ? ORDER BY number DESC LIMIT 1"


def lock(code: str) -> None:
    """Take the item's row, so that its versions change one after the other; NotFound without it."""
    if sql.row(_ITEM + sql.held(), (code,)) is None:
        raise NotFound()


def held(code: str, number: int) -> Row:
    """The version's row with its body read; NotFound without it."""
    return _read(sql.row(_VERSION, (code, number)))


def latest(code: str) -> Row:
    """The row of the item's last version, draft or not."""
    return _read(sql.row(_LATEST, (code,)))


def _read(row: Row | None) -> Row:
    if row is None:
        raise NotFound()
    return row | {"body": orjson.loads(row["body"])}


def state(row: Row, on: date) -> str:
    """The version's state on a day."""
    return validity.state_on(row["state"], row["valid_to_on"], on)


def check_match(row: Row, actor: Actor) -> None:
    """StaleVersion where the caller saw another version of the row."""
    versions.check_seen(row, actor)


def amend(row: Row, actor: Actor, **values: Any) -> None:
    """Change the row as it was read; StaleVersion or Conflict where another was first."""
    versions.amend(ItemVersion, row, actor, **values)


def columns(body: Row) -> dict[str, Any]:
    """The columns that repeat parts of a body for lists and figures."""
    name = body["name"] or ""
    return {
        "name": body["name"],
        "pinyin": pinyin.pinyin_of(name) if name else "",
        "initials": pinyin.initials_of(name) if name else "",
        "department_code": body["department"],
        "kind": body["kind"],
        "levels": "".join(f",{level}" for level in body["intake_levels"]) + ",",
        "legal_days": body["legal_days"],
        "promised_days": body["promised_days"],
    }
