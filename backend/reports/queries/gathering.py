"""What a bulletin is made of, read as of one moment (rules 7.5)."""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, sql
from backend.core.problems import NotFound
from backend.org import queries as units
from backend.org import rules as tree
from backend.reports.queries import coverage, obligations, spans, tasks
from backend.reports.rules import body as rules
from backend.reports.rules import standing, weeks, wording
from backend.reports.rules.standing import Owed, Standing
from backend.reports.rules.weeks import Due

MARGIN = timedelta(days=1)
"""How much earlier than the last issue a text may bear its time and yet have been kept after it."""

_TOWNSHIPS = """
SELECT code, name FROM unit WHERE level = 'township' AND code BETWEEN ? AND ?
AND (valid_from_on IS NULL OR valid_from_on <= ?) AND (valid_to_on IS NULL OR valid_to_on > ?)
"""
_LAST_ISSUE = "SELECT max(issued_at) FROM bulletin WHERE district_code = ?"
_ERRATA = """
SELECT v.report_id, v.n, v.week, v.unit_code, u.name, v.kind, v.reason, v.made_at AS corrected_at
FROM report_revision v JOIN unit u ON u.code = v.unit_code
JOIN bulletin b ON b.district_code = v.district_code AND b.week = v.week
LEFT JOIN bulletin_revision t ON t.report_id = v.report_id AND t.n = v.n
WHERE v.district_code = ? AND v.kind IN ('filing', 'refiling', 'correction') AND v.made_at > ? AND t.report_id IS NULL
ORDER BY v.made_at, v.report_id, v.n
"""


@dataclass(frozen=True)
class Gathered:
    """The body but for its number, day and place in the ledger, and which texts it tells as errata."""

    body: dict[str, Any]
    told: list[tuple[str, int]]


def gathered(district_code: str, week: str, now: datetime) -> Gathered:
    """All that the bulletin of a week says ``now``; NotFound for a district that is none."""
    district = units.unit(district_code)
    if district is None:
        raise NotFound()
    due = weeks.due_of(week, calendars.calendar())
    today = clock.local_date(now)
    as_of = min(today, due.over_on)
    stands = _standing(district_code, week, due)
    errata = _errata(district_code)
    body = rules.body(rules.Found(
        week=week, district={"code": district_code, "name": district["name"]}, due_at=_due_at(stands, due),
        as_of=as_of, today=today, standing=stands, townships=_townships(district_code, as_of, stands),
        counts=spans.places(district_code, as_of, due.over_on - timedelta(days=6)),
        planned=spans.planned(district_code), built=spans.built(district_code),
        targets=coverage.targets(district_code, due.over_on - timedelta(days=3)),
        problems=tasks.unanswered(district_code, today), errata=[_told(one) for one in errata],
    ))
    return Gathered(body, [(one["report_id"], one["n"]) for one in errata])


def _standing(district_code: str, week: str, due: Due) -> Standing:
    """The week's obligations as they were frozen, else as they would be now."""
    found: list[dict[str, Any]] = obligations.owed(district_code, week)
    if not found and due.at is not None and not obligations.is_frozen(district_code, week):
        found = obligations.standing(district_code, week, due.standing_on)
    owed = [Owed(one["unit_code"], one["name"], one.get("due_at") or due.at) for one in found]
    return standing.standing(owed, {one["unit_code"]: one["filed_at"] for one in found if one["filed_at"]})


def _due_at(stands: Standing, due: Due) -> datetime | None:
    return stands.outcomes[0].owed.due_at if stands.outcomes else due.at


def _townships(district_code: str, as_of: date, stands: Standing) -> Mapping[str, str]:
    """The townships in office on the day, and those that owed a report, under the name of that time."""
    day = as_of.isoformat()
    rows = sql.tuples(_TOWNSHIPS, (*tree.subtree(district_code), day, day))[1]
    return dict(rows) | {one.owed.unit_code: one.owed.name for one in stands.outcomes}


def _errata(district_code: str) -> list[dict[str, Any]]:
    """Texts of weeks already issued that no bulletin has told yet, oldest first."""
    last = sql.value(_LAST_ISSUE, (district_code,))
    if last is None:
        return []
    since = clock.from_micros(last) - MARGIN
    return sql.rows(_ERRATA, (district_code, clock.to_micros(since)))


def _told(one: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: one[name] for name in ("week", "unit_code", "name", "kind")}
    reason = one["reason"] or wording.KINDS[one["kind"]]
    return named | {"reason": reason, "corrected_at": clock.wire(one["corrected_at"])}
