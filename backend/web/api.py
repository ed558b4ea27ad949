"""The system's own doors outside /api/v1: landing page, documentation, health, figures."""
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import flask
import orjson
from flask import Flask, Response, current_app

from backend.catalogue import queries as catalogue
from backend.core import clock, http, problems, wire
from backend.core.actor import Actor
from backend.core.problems import NotFound, Problem
from backend.org import queries as units
from backend.people import queries as people
from backend.web import metrics, openness, pages, papers, queries, rules

doors = flask.Blueprint("doors", __name__)
blp = http.Blueprint("cards", description="便民服务卡")


def install(app: Flask) -> None:
    """Open the doors of this application and count what comes through."""
    metrics.watch(app)
    app.register_blueprint(doors)
    app.register_blueprint(openness.doors)


@doors.get("/")
def landing() -> Response:
    """Where a visitor finds what there is."""
    return pages.public("landing.html", year=_today().year)


@doors.get("/progress")
def progress() -> Response:
    """Where a resident follows her errand, by its number and four digits."""
    return pages.public("progress.html")


@doors.get("/rating")
def rating() -> Response:
    """Where a resident rates her errand, by the code on her slip."""
    return pages.public("rating.html", levels=papers.LEVELS)


@doors.get("/complaint")
def complaint() -> Response:
    """Where a resident complains, by name or without."""
    return pages.public("complaint.html")


@doors.get("/survey")
def survey() -> Response:
    """Where somebody answers a survey with the slip in hand; which it is stands behind the # and is not sent here."""
    return pages.public("survey.html")


@doors.get("/items")
def items() -> Response:
    """What is offered today, by department, to be read and printed."""
    found = catalogue.offered(_today())
    return pages.public("items.html", departments=found, today=_today())


@doors.get("/items/<code>")
def item(code: str) -> Response:
    """One item with its six disclosures, to be read and printed."""
    if wire.odd_path({"code": code}):
        raise NotFound()
    found = catalogue.item(code, _today())
    return pages.public("item.html", item=found, url=f"{_base()}/items/{found['code']}")


def _today() -> date:
    return clock.local_date(pages.now())


def _base() -> str:
    base: str = current_app.extensions["daiban"].settings.public_url
    return base


@doors.get("/docs")
def docs() -> Response:
    """The API, to be read and tried, without anything from outside the machine."""
    return pages.public("docs.html")


@doors.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    response = Response(_document(app), content_type="application/json")
    return pages.tagged(response, "no-cache")


@lru_cache(maxsize=4)
def _document(app: Flask) -> bytes:
    document: dict[str, Any] = app.extensions["daiban.api"].document()
    return orjson.dumps(document)


@doors.get("/problems/<slug>")
def problem(slug: str) -> Response:
    """What a refusal means, for whoever follows its ``type``."""
    kinds = {kind.slug: kind for kind in problems.all_kinds()}
    if slug not in kinds:
        raise NotFound()
    return pages.public("problem.html", kind=kinds[slug], told=explained(kinds[slug]))


def explained(kind: type[Problem]) -> str:
    """The docstring of a kind itself, not of its parents."""
    return " ".join((kind.__dict__.get("__doc__") or "").split())


@doors.get("/static/<name>")
def static(name: str) -> Response:
    """Style sheets and scripts of the pages."""
    return pages.static(name)


@doors.get("/healthz")
def alive() -> Response:
    """Whether the process answers at all."""
    return _plain('{"status":"ok"}', "application/json")


@doors.get("/readyz")
def ready() -> Response:
    """Whether work may be sent here: database, migrations, the jobs' lease."""
    found = queries.state()
    missing = rules.missing(
        reachable=found.reachable, current=found.current, lease_seconds=found.lease_seconds,
        asks_lease=current_app.config.get("DAIBAN_JOBS", True),
    )
    if missing:
        raise rules.NotReady(missing)
    return _plain('{"status":"ready"}', "application/json")


@doors.get("/metrics")
def figures() -> Response:
    """The figures of this process, for Prometheus."""
    board = current_app.extensions["daiban.metrics"]
    page = metrics.text(board, queries.counted(queries.state()), clock.to_micros(pages.now()))
    return _plain(page, "text/plain; version=0.0.4; charset=utf-8")


def _plain(text: str, media: str) -> Response:
    return Response(text, content_type=media, headers={"Cache-Control": "no-store"})


@blp.reads("/units/<code>/card", roles=http.PUBLIC, media="text/html")
def card(code: str, *, actor: Actor, now: datetime) -> Response:
    """Service card of a unit: what, who, phone; print size, QR to this very page."""
    unit = units.unit(code)
    if unit is None or not units.in_office(unit, clock.local_date(now)):
        raise NotFound()
    return pages.public(
        "card.html", unit=unit, agents=people.agents_of(code), url=f"{_base()}/api/v1/units/{code}/card"
    )
