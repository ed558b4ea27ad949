"""The edge: routes declared with their policy, served in one order of refusals, problem+json.

A route says who may call it, what it takes and what it answers; the rest (sign-in, strict
reading, idempotency, ETag, receipts) happens here, once. A writing view returns the *reference*
of what it made or changed; ``shows`` turns a reference into its representation, so that a replay
shows the thing as it is now, after the caller's right is checked anew.
"""
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from zlib import crc32

import flask_smorest
import orjson
from flask import Flask, Response, current_app, request
from marshmallow import Schema

from backend.core import clock, denials, openapi, secrets, wire
from backend.core.actor import Actor, Call, anonymous
from backend.core.paging import Page
from backend.core.problems import (
    Forbidden,
    IfMatchRequired,
    Invalid,
    KeyRequired,
    NotFound,
    NotSignedIn,
    Problem,
)
from backend.core.routing import EMPTY, PUBLIC, Doors, Route
from backend.core.shapes import ListQuery, page_of
from backend.core.transaction import Replayed


class Blueprint(flask_smorest.Blueprint):
    """A capability's routes. Every declaration names its policy; there is no default."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, __name__, **kwargs)
        self.declared: list[Route] = []
        self._undescribed: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def _store_endpoint_docs(self, endpoint: str, obj: Any, *more: Any, **options: Any) -> None:
        """Descriptions are made when the document is: they take as much memory as the routes, and few ask."""
        self._undescribed.append(((endpoint, obj, *more), options))

    def register_views_in_doc(self, *given: Any, **named: Any) -> None:
        """Describe what was declared."""
        for (endpoint, served, *more), options in self._undescribed:
            served._apidoc = openapi.described(served.route, self.name)
            super()._store_endpoint_docs(endpoint, served, *more, **options)
        self._undescribed.clear()
        super().register_views_in_doc(*given, **named)

    def reads(self, rule: str, *, roles: frozenset[str], answers: Schema | None = None, **more: Any) -> Any:
        """GET of one thing."""
        return self._declare("GET", rule, roles=roles, answers=answers, **more)

    def lists(self, rule: str, *, roles: frozenset[str], item: Schema, **more: Any) -> Any:
        """GET of a page; the view returns a Page."""
        more.setdefault("query", ListQuery())
        more.setdefault("tagged", False)
        return self._declare("GET", rule, roles=roles, answers=page_of(item), **more)

    def creates(self, rule: str, *, roles: frozenset[str], keyed: bool = True, **more: Any) -> Any:
        """POST; the view returns a reference, answered with 201 unless told otherwise."""
        more.setdefault("status", 201)
        return self._declare("POST", rule, roles=roles, keyed=keyed, **more)

    def changes(self, rule: str, *, roles: frozenset[str], matched: bool = True, **more: Any) -> Any:
        """PUT of a transition or an edit; the view returns a reference."""
        return self._declare("PUT", rule, roles=roles, matched=matched, **more)

    def patches(self, rule: str, *, roles: frozenset[str], matched: bool = True, **more: Any) -> Any:
        """PATCH of some fields; the view returns a reference."""
        return self._declare("PATCH", rule, roles=roles, matched=matched, **more)

    def deletes(self, rule: str, *, roles: frozenset[str], matched: bool = True, **more: Any) -> Any:
        """DELETE; answered with 204."""
        return self._declare("DELETE", rule, roles=roles, matched=matched, status=204, **more)

    def tells(self, method: str, rule: str, *, roles: frozenset[str], **more: Any) -> Any:
        """HEAD or OPTIONS: the view answers with headers only. A HEAD is declared before the GET of its address."""
        return self._declare(method, rule, roles=roles, media=(), **more)

    def _declare(self, method: str, rule: str, **more: Any) -> Any:
        if method in ("POST", "PUT", "PATCH"):
            more.setdefault("body", EMPTY)

        def decorator(view: Callable[..., Any]) -> Callable[..., Any]:
            route = Route(method=method, rule=rule, view=view, **more)
            self.declared.append(route)
            if route.when:
                first = next(each for each in self.declared if (each.method, each.rule) == (method, rule))
                first.instead.append(route)
                return view
            served = _server(route)
            served.__doc__ = view.__doc__
            served.route = route  # type: ignore[attr-defined]
            self.add_url_rule(rule, view.__name__, served, methods=[method])
            return view

        return decorator


def _server(route: Route) -> Callable[..., Response]:
    def served(**path: Any) -> Response:
        return _serve(_taken(route) if route.instead else route, path)

    return served


def _taken(route: Route) -> Route:
    """The route that takes this request: one that a header of it asks for, else the first."""
    return next((each for each in route.instead if each.when in request.headers), route)


def _serve(route: Route, path: dict[str, Any]) -> Response:
    doors: Doors = current_app.extensions["daiban"]
    now = doors.clock.now()
    actor = _caller(route, doors, now)
    document = None
    if route.upload:
        document = wire.upload(request)
    elif route.raw:
        document = wire.raw(request, route.raw)
    elif route.body is not None:
        document = wire.body(request, mends=route.mends)
    try:
        return _answered(route, path, document, actor, now)
    except (Forbidden, NotFound):
        if actor.signed_in:
            denials.count(actor, now)
        raise


def _caller(route: Route, doors: Doors, now: datetime) -> Actor:
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    actor = doors.authenticate(token.strip(), now) if scheme.lower() == "bearer" and token else None
    if actor is None and route.roles is not PUBLIC:
        raise NotSignedIn()
    return actor or anonymous()


def _answered(route: Route, path: dict[str, Any], document: Any, actor: Actor, now: datetime) -> Response:
    if route.roles is not PUBLIC and actor.role not in route.roles:
        raise Forbidden()
    if wire.odd_path(path):
        raise NotFound()
    try:
        given = _given(route, document)
        call = _call(route, document, actor)
    except (Invalid, IfMatchRequired, KeyRequired):
        if route.within:
            route.within(*path.values(), actor=actor, now=now)
        raise
    actor = actor.calling(call)
    if route.at_once and route.shows:
        call.shows = partial(route.shows, actor=actor, now=now)
    replayed = False
    try:
        result = route.view(**path, **given, actor=actor, now=now)
    except Replayed as before:
        result, replayed, call.receipt = before.ref, True, before.receipt
    if call.shown is not None and call.shown[0] is result:
        return _response(route, call.shown[1], call, replayed)
    return _response(route, _shown(route, result, call, actor, now), call, replayed)


def _shown(route: Route, ref: Any, call: Call, actor: Actor, now: datetime) -> Any:
    """What was written as it is now; a refusal of what was kept all the same carries its receipt."""
    try:
        return route.shows(ref, actor=actor, now=now) if route.shows else ref
    except Problem as refusal:
        refusal.headers |= {"Ledger-Receipt": call.receipt} if call.receipt else {}
        raise


def _given(route: Route, document: Any) -> dict[str, Any]:
    given: dict[str, Any] = {}
    query = wire.query(route.query, request.args)
    if route.query:
        given["query"] = query
    if route.upload or route.raw:
        given["data"] = document
    elif route.body is EMPTY:
        wire.load(EMPTY, {} if _absent(document) else document)
    elif route.body is not None:
        optional = _absent(document) and not any(field.required for field in route.body.fields.values())
        given["body"] = wire.load(route.body, {} if optional else document)
    return given


def _absent(document: Any) -> bool:
    """Whether no body was sent; ``null`` is one."""
    return document is None and not request.content_length


def _call(route: Route, document: Any, actor: Actor) -> Call:
    if not route.writes:
        return Call()
    version = wire.if_match(request, required=route.matched)
    key = None
    if route.keyed or route.method == "PUT":
        key = wire.idempotency_key(request, required=route.keyed)
    if key is None:
        return Call(if_match=version)
    place = f"{request.method} {request.path}"
    digest = secrets.digest(document) if route.upload else wire.digest(document)
    return Call(key=key, scope=actor.id or place[:64], route=place[:300], digest=digest, if_match=version)


def _response(route: Route, result: Any, call: Call, replayed: bool) -> Response:
    if isinstance(result, Response):
        response = result
    elif route.status == 204:
        response = Response(status=204)
    else:
        paged = isinstance(result, Page)
        response = _rendered(route, {"items": result.items, "next_cursor": result.next_cursor} if paged else result)
    if call.receipt:
        response.headers["Ledger-Receipt"] = call.receipt
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    response.headers.setdefault("Cache-Control", "no-cache" if route.cacheable else "no-store")
    return response


def _rendered(route: Route, result: dict[str, Any]) -> Response:
    version, headers = result.pop("_etag", None) or result.get("version"), result.pop("_headers", {})
    data = orjson.dumps(result, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)
    response = Response(data, status=route.status, content_type=str(route.media), headers=headers)
    if route.tagged and version is not None:
        response.set_etag(f"{version}-{crc32(data):08x}")
        if not route.writes:
            unless_known(response)
    return response


def unless_known(response: Response) -> None:
    """Make it 304 where the caller holds the same; If-Match is for writes and says nothing of a read."""
    response.make_conditional({name: held for name, held in request.environ.items() if name != "HTTP_IF_MATCH"})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.wire(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


@dataclass
class Api:
    """The documented API of an application: blueprints in, one OpenAPI 3.1 document out."""

    app: Flask
    routes: list[Route] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.spec = openapi.api(self.app)

    def register(self, blueprint: Blueprint, prefix: str = "/api/v1") -> None:
        """Serve and document the blueprint's routes."""
        self.routes += blueprint.declared
        self.spec.register_blueprint(blueprint, url_prefix=prefix)

    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return openapi.completed(self.spec.described())
