"""Everything that is held of a resident, and everything done in her name: what an erasure would have to find.

What each capability declares to :mod:`backend.core.erasure` is at once the list of what she may see; so a capability
that can forget her can show her what it has, and the other way round (docs/decisions/0226).
"""
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from backend.appointments.queries import story as appointments
from backend.appointments.rules import states as booking_rules
from backend.catalogue import queries as catalogue
from backend.core import clock, db, erasure, rotation, secrets, sql
from backend.core.actor import Actor
from backend.core.problems import NotFound, Text
from backend.disclosure.queries import accesses, gathering
from backend.disclosure.rules import corrections as rules
from backend.disclosure.rules import words
from backend.errands import rules as case_rules
from backend.errands.queries import personal
from backend.errands.queries import story as errands
from backend.org import queries as units
from backend.people import queries as people
from backend.people.queries import residents
from backend.people.rules import full_view
from backend.visits import rules as visit_rules
from backend.visits.queries import story as visits
from backend.voice.queries import complaints, rectifications

AT_ONCE = 200
STATES: dict[str, Mapping[Any, Text]] = {
    "errand": case_rules.STATE_NAMES, "appointment": booking_rules.STATE_NAMES, "visit": visit_rules.STATE_NAMES,
    "correction": rules.STATE_NAMES,
}
CALLER = "caller"
_VIEW = "SELECT resident_id, viewed_at FROM full_view WHERE id = ? AND account_id = ?"
_ENTRIES = """
SELECT seq, happened_at, actor, role, unit, action, subject_type, subject_id, outcome FROM ledger_entry
WHERE seq IN ({}) ORDER BY seq
"""


def one(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The copy as it is handed out; after some minutes it says only that it was, to the account that made it."""
    resident_id, copy_id = ref
    view = sql.row(_VIEW, (copy_id, actor.id))
    if view is None or view["resident_id"] != resident_id:
        raise NotFound()
    row = residents.visible(resident_id, actor)
    told = {"id": copy_id, "resident_id": resident_id, "name": row["name"], "made_at": view["viewed_at"]}
    if not full_view.is_shown(view["viewed_at"], now):
        return told | {"full": False, "held": [], "acts": [], "accesses": []}
    apart = _apart(resident_id, actor)
    acts = list(_acts(resident_id, apart))
    return told | {
        "full": True, "held": list(held(resident_id, apart)), "acts": [act for act in acts if not act["access"]],
        "accesses": [act for act in acts if act["access"]],
    }


def _apart(resident_id: str, actor: Actor) -> set[str]:
    """What of hers the actor must not know of, by id: a complaint about himself, or about his own house."""
    return {one for hers in erasure.kept.values() if hers.apart for one in hers.apart(resident_id, actor)}


def held(resident_id: str, apart: Collection[str] = ()) -> Iterator[dict[str, Any]]:
    """Every row that holds something of hers, opened, by table; without what is ``apart``."""
    seen: set[tuple[str, Any]] = set()
    for cells in (each for each in _cells(resident_id) if each.id not in apart):
        model = next(m for m in db.Row.__subclasses__() if m._meta.table_name == cells.table)
        primary: Any = model._meta.primary_key
        key = cells.key or primary.column_name
        for row in sql.rows(f'SELECT * FROM "{cells.table}" WHERE "{key}" = ?', (cells.id,)):
            mark = (cells.table, row.get("id", str(sorted(row.items(), key=str))))
            if mark in seen:
                continue
            seen.add(mark)
            yield {
                "table": cells.table, "title": words.TABLES.get(cells.table, cells.table),
                "values": [{"name": name, "title": words.COLUMNS.get(name, name), "value": value}
                           for name, value in _opened(cells.table, row)],
            }


def _cells(resident_id: str) -> Iterator[erasure.Cells]:
    yield from personal.cells(resident_id)
    for hers in erasure.kept.values():
        yield from hers.cells(resident_id)


def _opened(table: str, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The row's columns that say something, sealed ones opened; numbers of whoever rang for her are masked."""
    for column, value in row.items():
        if value is None or value == "" or not words.is_shown(column):
            continue
        if isinstance(value, (bytes, memoryview)):
            place = rotation.Column(table, column, "id").place(row["id"])
            name = column.removesuffix("_sealed")
            yield name, _plain(name, secrets.unseal(bytes(value), place))
        else:
            yield column, _said(table, column, value, row)


def _said(table: str, column: str, value: Any, row: dict[str, Any]) -> str:
    """A stored value as people read it: places and items by name, states in words, moments on the wall clock."""
    if isinstance(value, datetime):
        return clock.local(value).strftime("%Y-%m-%d %H:%M")
    if column == "item_code" and "item_number" in row:
        return str(catalogue.version(value, row["item_number"])["name"])
    if column in words.PLACES:
        unit = units.unit(value)
        return str(value if unit is None else unit["name"])
    if column == "state" and table in STATES and value in STATES[table]:
        return STATES[table][value].zh
    return words.VALUES.get((column, str(value)), str(value))


def _plain(name: str, text: str) -> str:
    if name != CALLER:
        return text
    caller = orjson.loads(text)
    masks = {"phone": secrets.mask_phone, "id_number": secrets.mask_id_number}
    return orjson.dumps({key: masks.get(key, str)(value) for key, value in caller.items()}).decode()


def _acts(resident_id: str, apart: Collection[str]) -> Iterator[dict[str, Any]]:
    """Every act about her and in her name, in order: what, when, by whom; without those on what is ``apart``."""
    seqs = sorted({*personal.entries(resident_id), *(
        seq for hers in erasure.kept.values() for seq in hers.entries(resident_id)
    )})
    known = errands.WHAT | appointments.WHAT | visits.WHAT | complaints.WHAT | rectifications.WHAT
    for start in range(0, len(seqs), AT_ONCE):
        part = seqs[start : start + AT_ONCE]
        found = sql.rows(_ENTRIES.format(", ".join("?" * len(part))), part)
        names = people.names({row["actor"] for row in found})
        places = gathering.names("unit", sorted({row["unit"] for row in found if row["unit"]}))
        for row in found:
            if row["subject_id"] in apart:
                continue
            by = names.get(row["actor"], "本人" if row["role"] == "anonymous" else "系统")
            yield {
                "seq": row["seq"], "at": row["happened_at"], "what": words.act(row["action"], known),
                "action": row["action"], "by": by,
                "unit": places.get(row["unit"]),
                "access": accesses.is_access(row["action"], row["outcome"]),
            }
