"""Corrections that persons ask for: those of one's scope, numbers masked."""
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from backend.core import ledger, secrets, sql
from backend.core.actor import Actor
from backend.core.erasure import Cells
from backend.core.paging import Page, states_of
from backend.disclosure.rules import corrections as rules
from backend.notifications.queries import walking
from backend.org import queries as units
from backend.org.rules import scope
from backend.people import queries as people
from backend.people.queries import residents
from backend.people.rules import numbers

PLACE = "correction|asked|"
_ROW = "SELECT * FROM correction"
_OF = "SELECT id FROM correction WHERE resident_id = ?"
_MASKS = {"id_number": secrets.mask_id_number, "phone": secrets.mask_phone, "address": numbers.mask_address}


def row(correction_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """A correction as stored, in the actor's scope; NotFound otherwise."""
    return units.within(_ROW, correction_id, actor, lock=lock)


def asked(found: dict[str, Any]) -> dict[str, Any]:
    """What she wants and why, plain; nothing once it was erased."""
    sealed = found["asked_sealed"]
    if sealed is None:
        return {"wanted": {}, "grounds": ""}
    return dict(orjson.loads(secrets.unseal(sealed, PLACE + found["id"])))


def one(correction_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One correction."""
    found = row(correction_id, actor)
    return _shown([found])[0] | {"_etag": found["version"]}


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Corrections of the actor's scope, the oldest first; open ones unless asked otherwise."""
    column, code = scope.column(actor)
    wanted = states_of(query["state"], rules.STATES, (rules.ASKED,))
    part = walking.listed("corrections", _ROW, wanted, query, column=column, code=code)
    return Page(_shown(part.items), part.next_cursor)


def _shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    whose = residents.resident_summaries(each["resident_id"] for each in found)
    names = people.names({each[key] for each in found for key in ("asked_by", "decided_by") if each[key]})
    return [_one(each, whose.get(each["resident_id"]), names) for each in found]


def _one(each: dict[str, Any], resident: dict[str, Any] | None, names: dict[str, str]) -> dict[str, Any]:
    def who(account_id: str | None) -> dict[str, str] | None:
        return {"id": account_id, "name": names.get(account_id, "")} if account_id else None

    said = asked(each)
    kept = ("id", "state", "unit_code", "asked_at", "answer", "decided_at", "version")
    return {name: each[name] for name in kept} | {
        "resident": resident, "due_on": each["due_on"], "grounds": said["grounds"], "asked_by": who(each["asked_by"]),
        "wanted": {name: _MASKS.get(name, str)(text) for name, text in said["wanted"].items()},
        "decided_by": who(each["decided_by"]),
    }


def _of(resident_id: str) -> list[str]:
    return [row_id for (row_id,) in sql.execute(_OF, (resident_id,)).fetchall()]


def cells(resident_id: str) -> Iterator[Cells]:
    """The cells that an erasure blanks: what she wanted, why, and what she was answered."""
    for row_id in _of(resident_id):
        yield Cells("correction", row_id, ("asked_sealed", "answer"))


def entries(resident_id: str) -> list[int]:
    """The numbers of the ledger's entries about her corrections."""
    return [seq for row_id in _of(resident_id) for seq in ledger.seqs_of("correction", row_id)]
