"""Filing a report, filing it again, correcting it: the text is kept, the register follows."""
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.core import clock, ids, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands.rules import numbers
from backend.org import rules as tree
from backend.org.actions import building
from backend.reports.actions import drafting, row
from backend.reports.models import ReportProblem, ReportRevision, Site
from backend.reports.queries import reports
from backend.reports.queries.reports import Found
from backend.reports.rules import corrections, sites, states
from backend.reports.rules import filing as rules
from backend.reports.rules.filing import Ground

_SERIAL = """
INSERT INTO number_series (tail, day_on, last) VALUES (?, ?, 1)
ON CONFLICT (tail, day_on) DO UPDATE SET last = number_series.last + 1 RETURNING last
"""


@transaction
def file(week: str, unit_code: str, *, actor: Actor, now: datetime) -> list[str]:
    """File what the draft says, completed by the register; week and unit.

    The first filing gives the receipt's number and time, and whether it was in time: exactly at the due moment
    still is (rules 7.1, Civil Code art. 203). NotFound, IllegalMove, WeekNotBegun, StaleVersion; Invalid names
    every field and site.
    """
    found, state = row.moved(week, unit_code, "file", actor=actor, now=now)
    first = found.row["revisions"] == 0
    text, held = _text(found, now)
    values: dict[str, Any] = {"state": state, "body": text, "revisions": found.row["revisions"] + 1}
    if first:
        values |= _receipt(found, actor, now)
    row.write(found, actor, **values)
    kind = states.FILING if first else states.REFILING
    _keep(found, text, kind, None, actor, now)
    _follow(found, text["problems"], text["sites"], held, actor, now)
    ledger.record(
        "report.file", "report", found.row["id"], scope=unit_code, fields=values,
        detail={"kind": kind, "number": values.get("receipt_number") or found.row["receipt_number"],
                "on_time": values.get("on_time", found.row["on_time"])},
    )
    filed = found.row | values | {"version": found.row["version"] + 1}
    ledger.keep_fresh(found.row["id"], reports.receipt_of(filed))
    return [week, unit_code]


@transaction
def correct(week: str, unit_code: str, *, given: dict[str, Any], actor: Actor, now: datetime) -> list[Any]:
    """Correct what was filed; week, unit and the number of the text.

    The filing keeps its time, and both texts are kept (rules 7.3). NotFound, IllegalMove while it is not filed,
    StaleVersion, Invalid.
    """
    found, state = row.moved(week, unit_code, "correct", actor=actor, now=now)
    rules.check_reason(given["reason"])
    said = drafting.plainly(given)
    drafting.check_photos(said.get("photos"), actor)
    held = reports.ground(found, said, now)
    text, entered = corrections.corrected(found.row["body"], said, given["reason"], held)
    number = found.row["revisions"] + 1
    row.write(found, actor, state=state, body=text, revisions=number)
    _keep(found, text, states.CORRECTION, given["reason"], actor, now)
    _follow(found, text["problems"] if "problems" in said else [], entered, held, actor, now)
    ledger.record(
        "report.correct", "report", found.row["id"], scope=unit_code, fields=("body",),
        detail={"n": number, "reason": given["reason"]},
    )
    return [week, unit_code, number]


def _text(found: Found, now: datetime) -> tuple[dict[str, Any], Ground]:
    """The whole text that is to be filed, and what it was held against; Invalid where it cannot be."""
    held = reports.ground(found, found.row["body"], now)
    body = rules.still(found.row["body"], held)
    entries = rules.whole(body, held)
    rules.check(body, entries, held)
    whole = sites.without_gaps(rules.settled(entries, held))
    return {"problems": [], "photos": []} | rules.told(body, held) | {"sites": whole}, held


def _receipt(found: Found, actor: Actor, now: datetime) -> dict[str, Any]:
    today, code = clock.local_date(now), found.row["unit_code"]
    serial = sql.value(_SERIAL, (numbers.tail_of(code), today.isoformat()))
    return {
        "receipt_number": numbers.number(code, today, serial), "filed_at": now, "filed_by": actor.id,
        "due_at": found.due_at, "on_time": None if found.due_at is None else now <= found.due_at,
    }


def _keep(
    found: Found, text: dict[str, Any], kind: str, reason: str | None, actor: Actor, now: datetime
) -> None:
    report = found.row
    sql.insert(
        ReportRevision, report_id=report["id"], n=report["revisions"] + 1, week=report["week"],
        unit_code=report["unit_code"], district_code=tree.district_of(report["unit_code"]), kind=kind, reason=reason,
        body=text, made_by=actor.id, made_at=now,
    )


def _follow(
    found: Found, problems: Sequence[dict[str, Any]], entered: Sequence[Mapping[str, Any]], held: Ground, actor: Actor,
    now: datetime,
) -> None:
    """Open the problems of a text, and have the register follow where no later week was filed."""
    _open(found, problems, held, now)
    if found.newest:
        _enter(entered, held, actor, now)


def _open(found: Found, problems: Sequence[dict[str, Any]], held: Ground, now: datetime) -> None:
    """Open those problems of the text that no earlier text of this report raised."""
    new = {(one["text"], one["asked_of"]): one for one in problems}
    fresh = [one for key, one in new.items() if key not in held.opened]
    if not fresh:
        return
    report = found.row
    code, start = report["unit_code"], len(held.opened)
    sql.insert_many(ReportProblem, [
        {
            "id": ids.new(now), "report_id": report["id"], "n": start + place, "week": report["week"],
            "unit_code": code, "township_code": tree.township_of(code), "district_code": tree.district_of(code),
            "text": one["text"], "department_code": one["asked_of"], "due_on": one["due_on"], "state": "open",
            "made_at": now,
        }
        for place, one in enumerate(fresh, 1)
    ])
    for one in fresh:
        ledger.record("problem.open", "report", report["id"], scope=code, fields=("problems",), detail=one)


_COLUMNS = (
    "unit_code", "township_code", "district_code", *sites.KEPT, "checklist_number", "changed_at",
)
_ENTER = (
    f"INSERT INTO site ({', '.join(_COLUMNS)}, version) VALUES {{}} ON CONFLICT (unit_code) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[3:]) + ", version = site.version + 1"
)
_MARKS = f"({', '.join('?' * len(_COLUMNS))}, 1)"


def _enter(filed: Sequence[Mapping[str, Any]], held: Ground, actor: Actor, now: datetime) -> None:
    """Write into the register what the report changes of it; how far a site is built is its unit's own."""
    changes = {one["unit_code"]: sites.changed(held.sites[one["unit_code"]], one) for one in filed}
    changed = [one for one in filed if set(changes[one["unit_code"]]) - {"status"}]
    if changed:
        stored = [_stored(one, held, now) for one in changed]
        params = [row[name] for row in stored for name in _COLUMNS]
        sql.execute(_ENTER.format(", ".join([_MARKS] * len(stored))), params)
        for one in changed:
            code = one["unit_code"]
            ledger.record("site.report", "site", code, scope=code, fields=changes[code],
                          detail={name: one[name] for name in changes[code]} | {"reason": one["reason"]})
    stands = {
        one["unit_code"]: (held.sites[one["unit_code"]]["status"], one["status"])
        for one in filed if "status" in changes[one["unit_code"]]
    }
    if stands:
        building.stand(stands, actor=actor, now=now)


def _stored(one: Mapping[str, Any], held: Ground, now: datetime) -> dict[str, Any]:
    register, code = held.sites[one["unit_code"]], one["unit_code"]
    values = {name: one[name] for name in sites.KEPT} | {
        "unit_code": code, "township_code": tree.township_of(code), "district_code": tree.district_of(code),
        "checklist_number": held.checklist(register).number, "changed_at": now,
    }
    return sql.as_stored(Site, values)
