"""Importing a whole catalogue from a file: all of it or nothing, and twice is as good as once."""
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from backend.catalogue import schemas
from backend.catalogue.actions import drafting, publishing
from backend.catalogue.rules import disclosure
from backend.core import ledger, sql, strictjson, wire
from backend.core.actor import Actor
from backend.core.problems import Invalid, Problem, Text, TooLarge
from backend.core.transaction import transaction
from backend.org import queries as org
from backend.org.actions import departments

LARGEST = 32 << 20

Items = dict[str, dict[str, Any]]


def import_catalogue(source: Path | str | Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, int]:
    """Import a file or a document read already; how many items were made, changed, left as they are.

    A changed item becomes a new version from today on; an item not named stays. Invalid names
    each fault as ``item code.field``; Malformed where the file is not JSON.
    """
    document = source if isinstance(source, Mapping) else _read(Path(source))
    catalogue = wire.load(schemas.Catalogue(), document)
    return _enter(catalogue, _items(catalogue), actor=actor, now=now)


def _read(path: Path) -> Any:
    if path.stat().st_size > LARGEST:
        raise TooLarge(f"文件不得超过 {LARGEST >> 20} MiB", f"The file may have {LARGEST >> 20} MiB at most")
    return strictjson.parse(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))


def _items(catalogue: dict[str, Any]) -> Items:
    """The items in the form of drafts by code; Invalid names every fault of every item."""
    items: Items = {}
    errors: disclosure.Errors = {}
    known = {department["code"] for department in catalogue["departments"]}
    sample = bool(catalogue["meta"].get("sample", False))
    for place, given in enumerate(catalogue["items"]):
        label = str(given.get("code") or f"items[{place}]")[:32]
        try:
            item = {"sample": sample} | wire.load(schemas.NEW_ITEM, given)
        except Invalid as problem:
            errors |= _labelled(label, problem.errors or {})
            continue
        found = disclosure.faults(disclosure.drafted(item))
        if item["code"] in items:
            found["code"] = [Text("事项编码重复", "The code stands twice in the file.")]
        if item["department"] not in known and org.department(item["department"]) is None:
            found["department"] = [Text("没有这个部门", "There is no such department.")]
        errors |= _labelled(label, found)
        items[item["code"]] = item
    if errors:
        raise Invalid("目录未导入，请改正后重试", "Nothing was imported", errors=errors)
    return items


def _labelled(code: str, errors: disclosure.Errors) -> disclosure.Errors:
    return {f"{code}.{name}": told for name, told in errors.items()}


@transaction
def _enter(catalogue: dict[str, Any], items: Items, *, actor: Actor, now: datetime) -> dict[str, int]:
    sample = bool(catalogue["meta"].get("sample", False))
    for department in catalogue["departments"]:
        departments.ensure(department["code"], department["name"], sample=sample, actor=actor, now=now)
    for category in catalogue["categories"]:
        _ensure_category(category["code"], category["name"])
    done = {"created": 0, "changed": 0, "unchanged": 0}
    errors: disclosure.Errors = {}
    for code, item in sorted(items.items()):
        try:
            done[_bring(code, item, actor=actor, now=now)] += 1
        except Problem as problem:
            told = problem.errors or {"valid_from": [problem.detail or problem.title]}
            errors |= _labelled(code, told)
    if errors:
        raise Invalid("目录未导入，请改正后重试", "Nothing was imported", errors=errors)
    if done["created"] or done["changed"]:
        ledger.record("catalogue.import", "catalogue", "items", detail=done)
    return done


_CATEGORY = """
INSERT INTO category (code, name) VALUES (?, ?)
ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE category.name <> excluded.name
"""


def _ensure_category(code: str, name: str) -> None:
    if sql.run(_CATEGORY, (code, name)):
        ledger.record("category.name", "category", code, fields=("name",), detail={"name": name})


_LAST = "SELECT body FROM item_version WHERE item_code = ? AND state <> 'draft' ORDER BY number DESC LIMIT 1"
_ITEM = "SELECT code FROM item WHERE code = ?"


def _bring(code: str, item: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Publish the item as the file says, unless what was published last says the same."""
    last = sql.value(_LAST, (code,))
    if last is not None and _same(orjson.loads(last), disclosure.drafted(item)):
        return "unchanged"
    if sql.value(_ITEM, (code,)) is None:
        outcome, ref = "created", drafting.create_item(item, actor=actor, now=now)
    else:
        outcome, ref = "changed", drafting.draft_version(code, item, actor=actor, now=now)
    publishing.publish(*ref, actor=actor, now=now)
    return outcome


def _same(published: disclosure.Body, given: disclosure.Body) -> bool:
    return all(published.get(key) == value for key, value in given.items())
