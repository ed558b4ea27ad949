"""Changing a unit."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import clock, ledger, pinyin, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, NotFound, StaleVersion
from backend.core.transaction import transaction
from backend.org import queries
from backend.org.actions import building
from backend.org.models import Unit
from backend.org.rules import units as rules

PINYIN_LENGTH, INITIALS_LENGTH = 300, 100


@transaction
def change(code: str, *, changes: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Set some columns of a unit (``valid_to_on`` as a date, ``office_hours`` as JSON value).

    NotFound; Forbidden outside the actor's subtree; StaleVersion; Invalid where it makes no sense.
    """
    row = queries.unit(code)
    if row is None:
        raise NotFound()
    rules.check_scope(actor.unit_code, code)
    versions.check_seen(row, actor)
    if "name" in changes:
        changes = changes | {"name": changes["name"].strip()}
    changed = _changed(row, changes)
    _check_sense(row, changed)
    if not changed:
        return code
    columns = dict(changed)
    if "name" in changed:
        columns |= spelled(changed["name"])
    if not sql.amend(Unit, code, row["version"], **columns):
        raise Conflict() if actor.call.if_match is None else StaleVersion()
    if "status" in changed:
        building.mark({code: (row["status"], changed["status"])}, clock.local_date(now))
    ledger.record("unit.change", "unit", code, scope=code, fields=changed, detail=changed)
    return code


def spelled(name: str) -> dict[str, str]:
    """The columns by which a name is found."""
    syllables = pinyin.syllables(name)
    return {
        "pinyin": "".join(syllables)[:PINYIN_LENGTH],
        "initials": "".join(syllable[:1] for syllable in syllables)[:INITIALS_LENGTH],
    }


def _changed(row: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Those of the changes that say something new."""
    present = dict(row)
    if present["office_hours"] is not None:
        present["office_hours"] = orjson.loads(present["office_hours"])
    return {name: value for name, value in changes.items() if present[name] != value}


def _check_sense(row: dict[str, Any], changed: dict[str, Any]) -> None:
    wanted = row | changed
    if "office_hours" in changed:
        rules.check_hours(changed["office_hours"])
    if changed.keys() & {"latitude", "longitude"}:
        rules.check_place(wanted["latitude"], wanted["longitude"])
    if changed.keys() & {"valid_to_on", "successor_code"}:
        rules.check_validity(row["valid_from_on"], wanted["valid_to_on"], wanted["successor_code"])
    if changed.get("successor_code") is not None:
        rules.check_successor(row["code"], queries.successors(changed["successor_code"]))
