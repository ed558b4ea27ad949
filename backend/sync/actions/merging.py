"""Merging what a phone changed into what others changed meanwhile, through the actions of the online routes."""
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from backend.core import sql
from backend.core.actor import Actor
from backend.errands import rules as errands
from backend.errands.actions import carrying, row
from backend.errands.queries import cases
from backend.people.actions import residents
from backend.people.queries import residents as registry
from backend.sync.rules import fieldwise as rules
from backend.sync.rules import masking

_HOLD = "SELECT id FROM resident WHERE id = ?"
_EDITS = """
SELECT fields, actor, device FROM ledger_entry
WHERE subject_type = 'resident' AND subject_id = ? AND action = 'resident.edit' ORDER BY seq DESC LIMIT ?
"""


class Outcome(NamedTuple):
    """The version before, whose data it is, and what is in conflict."""

    version: int
    resident_id: str
    conflicts: dict[str, dict[str, Any]]


def resident(
    resident_id: str, body: dict[str, Any], *, base: dict[str, Any], base_version: int, actor: Actor, now: datetime
) -> Outcome:
    """Merge an edit of a resident by field. NotFound, Invalid, DuplicateResident."""
    sql.execute(_HOLD + sql.held(), (resident_id,))
    found = registry.visible(resident_id, actor)
    stands = registry.opened(found) | {"name": found["name"], "takes_sms": bool(found["takes_sms"])}
    edited = _edited(resident_id, base_version, found["version"], actor)
    merged = rules.fields(stands, residents.normal(body, now), base, edited=edited, masks=masking.MASKS)
    if merged.taken:
        residents.edit(resident_id, merged.taken, actor=actor, now=now)
    return Outcome(found["version"], resident_id, merged.conflicts)


def _edited(resident_id: str, base_version: int, version: int, actor: Actor) -> set[str] | None:
    """The fields that others changed since ``base_version``; None where the ledger cannot tell.

    Every version of a resident but the first is one edit; those that this phone made itself it has seen.
    """
    count = version - base_version
    if count < 0:
        return None
    found = sql.execute(_EDITS, (resident_id, count)).fetchall()
    if len(found) < count:
        return None
    return {
        name for fields, who, device in found if (who, device) != (actor.id, actor.device or "")
        for name in fields.split(",")
    }


def papers(
    errand_id: str, body: dict[str, Any], *, base: dict[str, Any], base_version: int, actor: Actor, now: datetime
) -> Outcome:
    """Merge what is said of an errand's papers, by paper. NotFound, and what :func:`carrying.lay_papers` refuses."""
    found = row.mandated(errand_id, actor, now)
    if found["state"] not in errands.UNFINISHED:
        raise errands.ErrandOver(state=found["state"])
    stands = {paper["name"]: _state(paper) for paper in cases.papers(errand_id)}
    told = [paper | {"deferred_until": _iso(paper.get("deferred_until"))} for paper in body["materials"]]
    merged = rules.papers(stands, told, _seen(base), moved=base_version != found["version"])
    if merged.taken:
        taken = [paper for paper in body["materials"] if paper["name"] in merged.taken]
        carrying.lay_papers(errand_id, materials=taken, actor=actor, now=now)
    return Outcome(found["version"], found["resident_id"], merged.conflicts)


def _state(paper: dict[str, Any]) -> dict[str, Any]:
    received = paper["received_at"] is not None
    return rules.state_of({"received": received, "deferred_until": _iso(paper["deferred_until_on"])})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _seen(base: dict[str, Any]) -> dict[str, Any]:
    """The papers as the phone saw them, by name; what is no paper is passed over."""
    listed = base.get("materials")
    papers: Sequence[Any] = listed if isinstance(listed, list) else ()
    return {
        paper["name"]: rules.state_of(paper) for paper in papers
        if isinstance(paper, dict) and isinstance(paper.get("name"), str) and "received" in paper
    }
