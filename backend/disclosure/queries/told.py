"""What is told to everybody: the months' figures as they were told, and where everything public stands."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import clock, monthly, paging, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.disclosure.queries import gathering
from backend.disclosure.rules import directory
from backend.disclosure.rules.figures import Fact, table
from backend.org import rules as tree
from backend.reports.queries import coverage

FIGURES = "open-figures"
_ONE = "SELECT body, content_sha256 FROM open_figures WHERE district_code = ? AND month = ?"
_LAST = "SELECT max(month) FROM open_figures WHERE district_code = ?"
_PAGE = """
SELECT month, content_sha256, summary, issued_at FROM open_figures
WHERE district_code = ? AND month < ? ORDER BY month DESC LIMIT ?
"""
_OFFICES = """
SELECT code, name, level, parent_code, phone, address, status FROM unit
WHERE code BETWEEN ? AND ? AND level IN ('district', 'township', ?) AND code > ?
AND (valid_from_on IS NULL OR valid_from_on <= ?) AND (valid_to_on IS NULL OR valid_to_on > ?) ORDER BY code LIMIT ?
"""


def body(district_code: str, month: str) -> dict[str, Any]:
    """What a month's figures come to, as they are to be told."""
    facts: list[Fact] = [*gathering.finished(district_code, month), *gathering.rated(district_code, month)]
    total, townships = table(facts, lambda fact: fact.township)
    _, departments = table(facts, lambda fact: fact.department)
    deemed, revoked = gathering.deemed(district_code, month)
    names = gathering.names("department", sorted({row["department_code"] for row in deemed}))
    return {
        "month": month, "district": {"code": district_code, "name": gathering.district_name(district_code)},
        "smallest": directory.SMALLEST, "total": total, "townships": _named(townships, "unit"),
        "departments": _named(departments, "department"),
        "promised": gathering.promised(clock.local_date(monthly.span(month)[1])),
        "deemed_consents": {
            "total": sum(row["times"] for row in deemed), "revoked": revoked,
            "departments": [row | {"name": names.get(row["department_code"], "")} for row in deemed],
        },
    }


def _named(lines: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The lines with codes and names; those put together bear none but say how many they are."""
    names = gathering.names(kind, [line["codes"][0] for line in lines if len(line["codes"]) == 1])
    told = []
    for line in lines:
        codes = line.pop("codes")
        alone = codes[0] if len(codes) == 1 else None
        told.append({
            "code": alone, "name": names.get(alone, alone) if alone else directory.together(kind, len(codes)),
        } | line)
    return told


def frozen(district_code: str, month: str) -> dict[str, Any] | None:
    """A told month's text and hash."""
    return sql.row(_ONE, (district_code, month))


def last_told(district_code: str) -> str | None:
    """The latest month that was told."""
    found = sql.value(_LAST, (district_code,))
    return None if found is None else str(found)


def one(month: str, query: dict[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A month's figures as they were told, for ever; NotFound before, for a month is not told in parts."""
    found = frozen(coverage.district_of(query["unit_code"], actor), month)
    if found is None:
        raise NotFound()
    return orjson.loads(found["body"]) | {"content_sha256": found["content_sha256"], "version": 1}


def page(query: dict[str, Any], *, actor: Actor) -> Page:
    """The months that were told, the latest first."""
    district = coverage.district_of(query["unit_code"], actor)
    before = paging.values_of(FIGURES, query["cursor"])[0] if query["cursor"] else "9999-99"
    found = sql.rows(_PAGE, (district, before, query["limit"] + 1))
    kept = paging.page(FIGURES, found, query["limit"], ("month",))
    return Page([one | {"total": orjson.loads(one.pop("summary"))} for one in kept.items], kept.next_cursor)


def offices(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The centres of a district, or, where ``unit_code`` names a unit, all points of it; with telephone and card."""
    district = coverage.district_of(query["unit_code"], actor)
    code = query["unit_code"] or district
    after = paging.values_of("open-offices", query["cursor"])[0] if query["cursor"] else ""
    day = clock.local_date(now).isoformat()
    lowest = "village" if query["unit_code"] else "township"
    found = sql.rows(_OFFICES, (*tree.subtree(code), lowest, after, day, day, query["limit"] + 1))
    kept = paging.page("open-offices", found, query["limit"], ("code",))
    return Page([one | {"card": f"/api/v1/units/{one['code']}/card"} for one in kept.items], kept.next_cursor)


def content(month: str, query: dict[str, Any], *, actor: Actor) -> str:
    """The very text that was hashed; NotFound where the month was not told."""
    found = frozen(coverage.district_of(query["unit_code"], actor), month)
    if found is None:
        raise NotFound()
    return str(found["body"])
