"""A mystery visit is recorded, hidden; amended or withdrawn while it is.

Its entries in the ledger are of no unit's scope, and nobody gets a notice: until it is published nothing outside the
supervising office changes by it. Its photos become nobody's unit's, so that the files' own address does not give them.
"""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import SUPERVISOR, Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.files import queries as files
from backend.files import rules as media
from backend.files.actions import intake
from backend.inspections import rules
from backend.inspections.actions import planning, row
from backend.inspections.models import Inspection, InspectionFinding, InspectionPhoto
from backend.inspections.queries import inspections
from backend.org import rules as tree
from backend.people import queries as people

SUBJECT = "inspection"


@transaction
def record(given: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Record a visit, hidden from whoever is not of the supervising office; its id. Invalid names what makes no sense.

    ``given`` is the body of POST /inspections; a plan that is named is done by it.
    """
    rules.check_visited(given["visited_at"], now)
    unit_code = planning.unit_of(given["unit_code"], actor, clock.local_date(given["visited_at"]))
    inspection_id = ids.new(now)
    values = _values(given, unit_code, actor)
    if given.get("plan_id"):
        planning.done(given["plan_id"], unit_code, inspection_id, actor=actor, now=now)
    sql.insert(
        Inspection, id=inspection_id, state=rules.HIDDEN, unit_code=unit_code,
        township_code=tree.township_of(unit_code), district_code=tree.district_of(unit_code),
        plan_id=given.get("plan_id"), recorded_by=actor.id, recorded_at=now, **values,
    )
    _lay(inspection_id, given["findings"], unit_code, {}, actor, now)
    _enter("record", inspection_id, given, ("state", "unit_code", "visited_at", "findings"))
    return inspection_id


@transaction
def amend(inspection_id: str, given: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Write a hidden visit anew: when, what was found, who went. IllegalMove once it is published."""
    found = inspections.row(inspection_id, actor, lock=True)
    values = row.move(found, "amend", actor)
    rules.check_visited(given["visited_at"], now)
    versions.amend(Inspection, found, actor, **values, **_values(given, found["unit_code"], actor))
    held = inspections.photos(inspection_id)
    for table in ("inspection_photo", "inspection_finding"):
        sql.run(f"DELETE FROM {table} WHERE inspection_id = ?", (inspection_id,))
    _lay(inspection_id, given["findings"], found["unit_code"], held, actor, now)
    _enter("amend", inspection_id, given, ("visited_at", "findings", "summary", "inspectors"))
    return inspection_id


@transaction
def withdraw(inspection_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Take a hidden visit back, which never was or must not count; nobody else ever learns of it."""
    found = inspections.row(inspection_id, actor, lock=True)
    versions.amend(Inspection, found, actor, **row.move(found, "withdraw", actor), ended_for=reason)
    ledger.record("inspection.withdraw", SUBJECT, inspection_id, fields=("state",), detail={"reason": reason})
    return inspection_id


def _values(given: dict[str, Any], unit_code: str, actor: Actor) -> dict[str, Any]:
    return {
        "visited_at": given["visited_at"], "summary": given.get("summary"),
        "points": sum(each["points"] for each in given["findings"]),
        "inspectors": _inspectors(given.get("inspector_ids") or [actor.id], unit_code),
    }


def _inspectors(wanted: Sequence[str], unit_code: str) -> list[str]:
    for account_id in wanted:
        planning.check_inspector(account_id, unit_code, "inspector_ids")
    return list(dict.fromkeys(wanted))


def _lay(
    inspection_id: str, findings: Sequence[dict[str, Any]], unit_code: str, held: dict[str, dict[str, Any]],
    actor: Actor, now: datetime,
) -> None:
    for n, each in enumerate(findings, 1):
        _check_account(each.get("account_id"), unit_code, n - 1)
        sql.insert(
            InspectionFinding, inspection_id=inspection_id, n=n, kind=each.get("kind", rules.OTHER), text=each["text"],
            points=each["points"], account_id=each.get("account_id"),
        )
        for place, file_id in enumerate(dict.fromkeys(each.get("photos", ())), 1):
            photo = held.get(file_id) or _photo(file_id, n - 1, actor)
            intake.set_apart(file_id, actor=actor, now=now)
            sql.insert(
                InspectionPhoto, inspection_id=inspection_id, n=n, place=place, file_id=file_id,
                sha256=photo["sha256"], media_type=photo["media_type"],
            )


def _check_account(account_id: str | None, unit_code: str, place: int) -> None:
    """Of whom a finding is: somebody of the inspected unit, whom it counts for besides the unit."""
    if account_id is None:
        return
    found = people.account(account_id)
    if found is None or found["unit_code"] != unit_code or found["role"] == SUPERVISOR:
        raise invalid(f"findings.{place}.account_id", "须为被查机构的人员", "Must be of the inspected unit.")


def _photo(file_id: str, place: int, actor: Actor) -> dict[str, Any]:
    """A photo that the actor handed in himself: another's is not his to take out of its unit's sight."""
    found = files.arrived(file_id, actor)
    if found is None or found["account_id"] != actor.id or found["media_type"] not in media.PICTURES:
        raise invalid(f"findings.{place}.photos", "须为本人上传的照片", "Must be photos that you handed in.")
    return found


def _enter(verb: str, inspection_id: str, given: dict[str, Any], fields: Sequence[str]) -> None:
    detail = given | {"visited_at": clock.wire(given["visited_at"])}
    ledger.record(f"inspection.{verb}", SUBJECT, inspection_id, fields=fields, detail=detail)
