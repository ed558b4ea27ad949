"""Weekly reports: one with its prefilled draft, who sees it, lists and revisions."""
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from backend.clocks import queries as calendars
from backend.core import adjustable, clock, ledger, paging, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.files import queries as files
from backend.org import rules as tree
from backend.org.queries import in_office
from backend.reports.queries import coverage, register, tasks
from backend.reports.rules import filing, hints, settings, states, weeks
from backend.reports.rules.checklists import Checklist
from backend.reports.rules.filing import Ground
from backend.reports.rules.sites import BUILT, DESIGNATED
from backend.reports.rules.weeks import Due

_REPORT = """
r.id, r.state, r.body, r.due_at, r.filed_at, r.on_time, r.receipt_number, r.returned_reason, r.revisions, r.version
"""
_ONE = f"""
SELECT u.code AS unit_code, u.name, u.valid_from_on, u.valid_to_on, o.due_at AS owed_at, {_REPORT},
       (SELECT version FROM calendar_stamp WHERE id = 1) AS stamp, (SELECT count(*) FROM checklist) AS lists,
       (SELECT max(week) FROM report WHERE unit_code = ? AND revisions > 0) AS last_week
FROM unit u LEFT JOIN report r ON r.week = ? AND r.unit_code = u.code
LEFT JOIN obligation o ON o.week = ? AND o.unit_code = u.code
WHERE u.code = ? AND u.code BETWEEN ? AND ? AND u.level = 'township'
"""
_BEFORE = """
SELECT week, body, filed_at FROM report WHERE unit_code = ? AND week < ? AND revisions > 0 ORDER BY week DESC LIMIT 1
"""
_LAST_TEXT = "SELECT made_at FROM report_revision WHERE report_id = ? AND n = ?"
_OPENED = "SELECT text, department_code FROM report_problem WHERE report_id = ?"
_REVISIONS = """
SELECT v.n, v.kind, v.reason, v.body, v.made_at, v.made_by, a.name AS by_name
FROM report_revision v LEFT JOIN account a ON a.id = v.made_by WHERE v.report_id = ?
"""


@dataclass(frozen=True)
class Found:
    """A report's row (``state`` draft and ``version`` 0 before anything was saved), its week's due moment and lists."""

    row: dict[str, Any]
    due: Due
    due_at: datetime | None
    checklists: dict[str, Checklist]

    @property
    def newest(self) -> bool:
        """Whether no later week was filed."""
        return self.row["last_week"] is None or self.row["last_week"] <= self.row["week"]


def report_id(week: str, unit_code: str) -> str:
    """The key of a report."""
    return f"{week}/{unit_code}"


def found(week: str, unit_code: str, *, actor: Actor, now: datetime) -> Found:
    """A township's report of a week in the actor's reach; NotFound for others, and where it never owed one.

    One statement, as long as calendar and checklists are known to the process.
    """
    if weeks.monday_of(week) is None or not unit_code.isdigit():
        raise NotFound()
    row = sql.row(_ONE, (unit_code, week, week, unit_code, *register.reach(actor)))
    if row is None:
        raise NotFound()
    due = weeks.due_of(week, calendars.present(row["stamp"]).calendar)
    known = row["id"] is not None or row["owed_at"] is not None
    if not known and not in_office(row, due.standing_on):
        raise NotFound()
    row |= {"week": week, "body": orjson.loads(row["body"]) if row["body"] else {}}
    if row["id"] is None:
        row |= {"id": report_id(week, unit_code), "state": states.DRAFT, "revisions": 0, "version": 0}
    due_at = row["due_at"] if row["revisions"] else row["owed_at"] or due.at
    return Found(row, due, due_at, register.checklists_on(clock.local_date(now), row["lists"]))


def ground(given: Found, body: dict[str, Any], now: datetime, *, anything: bool = False) -> Ground:
    """What the report is held against: register, checklists, departments where it may name any.

    A draft keeps the ``departments`` that it named when it was saved: they are not looked up again.
    """
    today = clock.local_date(now)
    sites = register.of_township(given.row["unit_code"], today)
    said = body.get("sites") or ()
    named = {one["asked_of"] for one in body.get("problems") or ()}
    named.update(code for one in said for code in one.get("onboarded") or ())
    departments = body.get("departments", {})
    if anything or not named <= departments.keys():
        departments = register.departments()
    asked = any(
        one.get("status") == BUILT and sites.get(one["unit_code"], {}).get("site_type") == DESIGNATED for one in said
    )
    return Ground(
        sites, given.checklists, departments, asked and designated_counts(today), today, given.newest,
        _opened(given.row["id"]) if body.get("problems") and given.row["revisions"] else frozenset(),
    )


def designated_counts(on: date) -> bool:
    """Whether a designated agent in place counts as built on a day (a setting)."""
    return bool(adjustable.in_force(settings.DESIGNATED, on))


def _opened(report_id: str) -> frozenset[tuple[str, str]]:
    return frozenset((row["text"], row["department_code"]) for row in sql.plain(_OPENED, (report_id,)))


def one(week: str, unit_code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The report as shown: what was filed, or the draft prefilled from the register and what was saved."""
    given = found(week, unit_code, actor=actor, now=now)
    row = given.row
    told = {
        "week": week, "unit_code": unit_code, "name": row["name"], "state": row["state"],
        "due_at": given.due_at, "provisional": given.due.provisional, "filed_at": row["filed_at"],
        "receipt_number": row["receipt_number"], "on_time": None if row["on_time"] is None else bool(row["on_time"]),
        "returned_reason": row["returned_reason"], "revisions": row["revisions"], "version": row["version"],
        "plan": row["body"].get("plan") or "", "problems": row["body"].get("problems") or [],
        "photos": row["body"].get("photos") or [],
    }
    return told | (_draft(given, now) if row["state"] in states.OPEN else _filed(given))


def _draft(given: Found, now: datetime) -> dict[str, Any]:
    body = given.row["body"]
    held = ground(given, body, now)
    entries = filing.whole(body, held)
    district = tree.district_of(given.row["unit_code"])
    targets = coverage.targets(district, held.today)
    before = sql.row(_BEFORE, (given.row["unit_code"], given.row["week"]))
    shown = [] if body.get("sites") == [] else entries
    return {
        "sites": [register.shown(entry, held.checklist(entry)) for entry in shown],
        "must_say": hints.of(body, entries, held, targets),
        "last_week": before and {"week": before["week"], "plan": orjson.loads(before["body"])["plan"]},
        "raised": tasks.followed(given.row["unit_code"], before["filed_at"] if before else now, now),
    }


def _filed(given: Found) -> dict[str, Any]:
    """What was filed last, by the checklists that held then."""
    made_at = sql.value(_LAST_TEXT, (given.row["id"], given.row["revisions"]))
    lists = register.checklists_on(clock.local_date(clock.from_micros(made_at)), given.row["lists"])
    known = register.of_township(given.row["unit_code"])
    said = [(one, known[one["unit_code"]]) for one in given.row["body"]["sites"] if one["unit_code"] in known]
    return {
        "sites": [register.shown(entry | one, lists[entry["level"]]) for one, entry in said],
        "must_say": [], "last_week": None, "raised": [],
    }


def receipt(week: str, unit_code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What proves a filing: its number and the server's time of the first one."""
    kept = ledger.fresh(report_id(week, unit_code))
    return dict(kept) if kept else receipt_of(found(week, unit_code, actor=actor, now=now).row)


def receipt_of(row: dict[str, Any]) -> dict[str, Any]:
    """The receipt that a report's row tells."""
    return {
        "week": row["week"], "unit_code": row["unit_code"], "state": row["state"], "due_at": row["due_at"],
        "receipt_number": row["receipt_number"], "filed_at": row["filed_at"],
        "on_time": None if row["on_time"] is None else bool(row["on_time"]), "version": row["version"],
    }


def revision(week: str, unit_code: str, n: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One text of a report as it was filed; NotFound where there is none."""
    given = found(week, unit_code, actor=actor, now=now)
    rows = sql.rows(f"{_REVISIONS} AND v.n = ?", (given.row["id"], n))
    if not rows:
        raise NotFound()
    return _revision(rows[0], given)


def revisions(week: str, unit_code: str, query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Every text of a report that was filed, first to last."""
    given = found(week, unit_code, actor=actor, now=now)
    after = paging.values_of("revisions", query["cursor"])[0] if query["cursor"] else 0
    text = f"{_REVISIONS} AND v.n > ? ORDER BY v.n LIMIT ?"
    rows = sql.rows(text, (given.row["id"], after, query["limit"] + 1))
    page = paging.page("revisions", rows, query["limit"], ("n",))
    return Page([_revision(row, given) for row in page.items], page.next_cursor)


def _revision(row: dict[str, Any], given: Found) -> dict[str, Any]:
    body, report = orjson.loads(row["body"]), given.row
    sites = [
        {
            **one, "readiness": [{"code": code, "passed": bool(passed)} for code, passed in one["readiness"].items()],
            "onboarded": [{"department_code": code, "items": n} for code, n in one["onboarded"].items()],
        }
        for one in body["sites"]
    ]
    return {
        "week": report["week"], "unit_code": report["unit_code"], "n": row["n"], "kind": row["kind"],
        "reason": row["reason"], "made_at": row["made_at"], "by": {"id": row["made_by"], "name": row["by_name"] or ""},
        "receipt_number": report["receipt_number"], "filed_at": report["filed_at"],
        "on_time": None if report["on_time"] is None else bool(report["on_time"]),
        "sites": sites, "problems": body["problems"], "plan": body["plan"], "photos": body.get("photos") or [],
    }


_PICTURED = "SELECT body FROM report_revision WHERE report_id = ?"


def photo(week: str, unit_code: str, sha256: str, *, actor: Actor, now: datetime) -> str:
    """The media type of a photo of any text of the report; NotFound for every other file."""
    given = found(week, unit_code, actor=actor, now=now)
    bodies = [given.row["body"], *(orjson.loads(row["body"]) for row in sql.plain(_PICTURED, (given.row["id"],)))]
    kept = files.kept(sha256) if any(sha256 in (body.get("photos") or ()) for body in bodies) else None
    if kept is None:
        raise NotFound()
    return str(kept["media_type"])


_LISTED = """
SELECT u.code AS unit_code, u.name, COALESCE(r.state, 'draft') AS state, r.due_at, o.due_at AS owed_at, r.filed_at,
       r.receipt_number, r.on_time, COALESCE(r.revisions, 0) AS revisions, COALESCE(r.version, 0) AS version
FROM unit u LEFT JOIN report r ON r.week = ? AND r.unit_code = u.code
LEFT JOIN obligation o ON o.week = ? AND o.unit_code = u.code
WHERE u.level = 'township' AND u.code BETWEEN ? AND ? AND u.code > ?
  AND (r.id IS NOT NULL OR o.week IS NOT NULL
       OR ((u.valid_from_on IS NULL OR u.valid_from_on <= ?) AND (u.valid_to_on IS NULL OR u.valid_to_on > ?)))
"""


def page(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The reports of a week (the present one unless named) in the actor's reach, begun or not, by township."""
    week = weeks.week_of(query["week"] or clock.local_date(now))
    due = weeks.due_of(week, calendars.calendar())
    after = paging.values_of("reports", query["cursor"]) if query["cursor"] else [week, ""]
    day = due.standing_on.isoformat()
    text, params = _LISTED, [week, week, *register.reach(actor), after[1] if after[0] == week else "", day, day]
    wanted = [state for state in query["state"] if state != "all"]
    if wanted and "all" not in query["state"]:
        text += f" AND COALESCE(r.state, 'draft') IN ({', '.join('?' * len(wanted))})"
        params += wanted
    if query["unit_code"]:
        text += f" AND u.code IN ({', '.join('?' * len(query['unit_code']))})"
        params += query["unit_code"]
    rows = sql.rows(f"{text} ORDER BY u.code LIMIT ?", [*params, query["limit"] + 1])
    for row in rows:
        row["week"] = week
    kept = paging.page("reports", rows, query["limit"], ("week", "unit_code"))
    return Page([_listed(row, due) for row in kept.items], kept.next_cursor)


def _listed(row: dict[str, Any], due: Due) -> dict[str, Any]:
    owed_at = row.pop("owed_at")
    due_at = row["due_at"] if row["revisions"] else owed_at or due.at
    on_time = None if row["on_time"] is None else bool(row["on_time"])
    return row | {"due_at": due_at, "on_time": on_time}
