"""Open government as pages: the directory, offices, bulletins, and each month's figures."""
import re
from typing import Any

import flask
from flask import Response, request
from markupsafe import Markup

from backend.core import drawn, wire
from backend.core.actor import anonymous
from backend.core.drawn import Chart, Line
from backend.core.problems import NotFound
from backend.disclosure.queries import told
from backend.disclosure.rules import directory
from backend.org import rules as tree
from backend.org.schemas import UNIT_CODE
from backend.reports.queries import bulletins
from backend.web import pages

doors = flask.Blueprint("openness", __name__)
MONTHS, ROWS = 24, 200
LINES = (
    Line("实际提速", (), "1f6f8b", drawn.CIRCLE), Line("满意度", (), "2e7d32", drawn.SQUARE),
)


def _query(limit: int) -> dict[str, Any]:
    """Of which unit, and from where on; what is neither is nobody's page."""
    if set(request.args) - {"unit_code", "cursor"}:
        raise NotFound()
    code = request.args.get("unit_code")
    if code is not None and not re.fullmatch(UNIT_CODE, code):
        raise NotFound()
    return {"unit_code": code, "limit": limit, "cursor": request.args.get("cursor")}


@doors.get("/open")
def index() -> Response:
    """What is open to everybody."""
    return pages.public("open.html", entries=directory.DIRECTORY)


@doors.get("/open/offices")
def offices() -> Response:
    """The service points of the district: first the townships, then, by ``unit_code``, all of one."""
    query = _query(ROWS)
    found = told.offices(query, actor=anonymous(), now=pages.now())
    return pages.public(
        "open_offices.html", offices=found.items, unit_code=query["unit_code"], next_cursor=found.next_cursor,
        township=lambda code: tree.level_of(code) == "township",
    )


@doors.get("/open/bulletins")
def issued() -> Response:
    """The weekly bulletins that were issued."""
    found = bulletins.page(_query(ROWS), actor=anonymous())
    return pages.public("open_bulletins.html", bulletins=found.items, next_cursor=found.next_cursor)


@doors.get("/open/figures")
def months() -> Response:
    """The months whose figures were told, with their course."""
    found = told.page(_query(MONTHS), actor=anonymous())
    return pages.public(
        "open_months.html", months=found.items, next_cursor=found.next_cursor, picture=_picture(found.items)
    )


@doors.get("/open/figures/<month>")
def month(month: str) -> Response:
    """A month's figures, to be read and printed."""
    if wire.odd_path({"month": month}):
        raise NotFound()
    body = told.one(month, _query(1), actor=anonymous(), now=pages.now())
    return pages.public("open_figures.html", body=body)


def _picture(listed: list[dict[str, Any]]) -> Markup | None:
    """Speed-up and content of the months, the oldest first; None where there is nothing to draw."""
    held = listed[::-1]
    values = ([one["total"][name] for one in held] for name in ("speed_up_percent", "content_percent"))
    lines = [
        Line(line.name, [None if value is None else max(0.0, value) for value in found], line.colour, line.shape)
        for line, found in zip(LINES, values) if any(value is not None for value in found)
    ]
    if not lines:
        return None
    chart = Chart("实际提速与满意度", [one["month"] for one in held], lines, "每月一点，已公布的月份不再改动")
    return Markup(drawn.svg(chart))
