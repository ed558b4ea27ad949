"""The OpenAPI 3.1 document: exact, made from the routes' own declarations."""
import threading
from copy import deepcopy
from http import HTTPStatus
from typing import Any

import flask_smorest
from flask import Flask
from marshmallow import INCLUDE, fields

from backend.core import problems
from backend.core.problems import Problem
from backend.core.routing import Header, Route
from backend.core.shapes import Shape

PROBLEM_JSON = "application/problem+json"
UPLOAD = {
    "type": "object", "required": ["file"], "additionalProperties": False,
    "properties": {"file": {"type": "string", "format": "binary"}},
}
BYTES = {"type": "string", "format": "binary"}


class ProblemShape(Shape):
    """RFC 9457 problem document; a kind may have further members."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True, metadata={"description": "/problems/<slug>"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    instance = fields.String()
    errors = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()),
        metadata={"description": "field name → what is wrong with it (422)"},
    )


class Smorest(flask_smorest.Api):
    """flask-smorest's documentation without its error handlers: errors are Problems here."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = ProblemShape

    def __init__(self, app: Flask) -> None:
        self._undescribed: list[flask_smorest.Blueprint] = []
        self._describing = threading.Lock()
        super().__init__(app)

    def _register_error_handlers(self) -> None:
        """``backend.app`` renders every refusal."""

    def register_blueprint(self, blp: flask_smorest.Blueprint, **options: Any) -> None:
        """Serve the blueprint; describing its routes takes longer than making them and waits until somebody asks."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._undescribed.append(blp)

    def described(self) -> dict[str, Any]:
        """The document of all blueprints, in the order of their registration."""
        with self._describing:
            while self._undescribed:
                blp = self._undescribed.pop(0)
                blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
                self.spec.tag({"name": blp.name, "description": blp.description})
            return self.spec.to_dict()


def api(app: Flask) -> Smorest:
    """The documenting half of the API."""
    app.config |= {
        "API_TITLE": "Daiban 代办",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "API_SPEC_OPTIONS": {
            "info": {
                "description": "便民服务代办网络后台 · backend of a district's convenience-service network",
            },
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        },
    }
    return Smorest(app)


def described(route: Route, tag: str) -> dict[str, Any]:
    """The route's documentation in the form that flask-smorest registers, with those that are taken instead of it."""
    parameters: list[dict[str, Any]] = []
    if route.query is not None:
        parameters.append({"in": "query", "schema": route.query})
    parameters += _request_headers(route)
    arguments: dict[str, Any] = {"parameters": parameters}
    if body := _body(route):
        arguments["requestBody"] = body
    media = (route.media,) if isinstance(route.media, str) else route.media
    responses: dict[Any, Any] = {route.status: [_success(route, kind) for kind in media or (None,)]}
    if not route.writes and _has_tag(route):
        responses[304] = [{"description": "Not Modified", "content_type": None}]
    for status in sorted(_refusals(route).union(*map(_refusals, route.instead))):
        responses[status] = [_refusal(status)]
    manual: dict[str, Any] = {"operationId": f"{tag}_{route.view.__name__}"}
    if route.roles:
        manual["security"] = [{"bearer": []}]
        manual["x-roles"] = sorted(route.roles)
    return {"arguments": arguments, "response": {"responses": responses}, "manual_doc": manual}


def _body(route: Route) -> dict[str, Any] | None:
    """What is sent, by media type; not required where another route is taken instead that needs none."""
    if route.upload:
        found = {"required": True, "content": {"multipart/form-data": {"schema": UPLOAD}}}
    elif route.raw:
        found = {"required": route.method == "PATCH", "content": {route.raw: {"schema": BYTES}}}
    elif route.body is not None:
        required = any(field.required for field in route.body.fields.values())
        found = {"required": required, "content": {"application/json": {"schema": route.body}}}
    else:
        return None
    for other in filter(None, map(_body, route.instead)):
        content: Any = found["content"]
        found = {"required": found["required"] and other["required"], "content": content | other["content"]}
    return found


def _refusal(status: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": _phrase(status), "schema": ProblemShape, "content_type": PROBLEM_JSON
    }
    if status == 401:
        found["headers"] = {"WWW-Authenticate": _told("Bearer", True)}
    if status in (429, 503):
        found["headers"] = {"Retry-After": _told("seconds", True, {"type": "integer", "minimum": 1})}
    return found


def _phrase(status: int) -> str:
    return _PHRASES.get(status) or HTTPStatus(status).phrase


_PHRASES = {460: "Checksum Mismatch"}
"""Statuses of the protocols spoken here that HTTP does not name."""


def _success(route: Route, media: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"description": _phrase(route.status), "content_type": media}
    if route.answers is not None:
        others = [other.answers for other in route.instead if other.status == route.status and other.answers]
        found["schema"] = {"anyOf": [route.answers, *others]} if others else route.answers
    elif route.status != 204 and media is not None:
        found["schema"] = {"type": "string"} if media.startswith("text/") else {}
    headers: dict[str, Any] = {each.name: _told("", each.required, each.shape) for each in route.gives}
    for each in (each for other in route.instead for each in other.gives):
        headers.setdefault(each.name, _told("", False, each.shape))
    if _has_tag(route):
        headers["ETag"] = _told("the version, for If-Match and If-None-Match", True)
    if route.writes:
        headers["Ledger-Receipt"] = _told("seq.hash, where something was written", False)
    if route.keyed or route.method == "PUT":
        headers["Idempotent-Replayed"] = _told("a repeated key", False, {"type": "string", "enum": ["true"]})
    if headers:
        found["headers"] = headers
    return found


def _has_tag(route: Route) -> bool:
    return route.tagged and (route.answers is not None or route.cacheable)


def _told(description: str, always: bool, shape: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"description": description, "required": always, "schema": shape or {"type": "string"}}


def _request_headers(route: Route) -> list[dict[str, Any]]:
    found = [_header(*each) for each in map(_named, route.headers)]
    found += [_header(*each._replace(required=False)) for other in route.instead for each in map(_named, other.headers)]
    if not route.writes and _has_tag(route):
        found.append(_header("If-None-Match", {"type": "string"}, False))
    if route.keyed or route.method == "PUT":
        shape = {"type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[!-~]+$"}
        required = route.keyed and all(other.keyed for other in route.instead)
        found.append(_header("Idempotency-Key", shape, required))
    if route.matched or route.method == "POST" and route.within is not None:
        found.append(_header("If-Match", {"type": "string"}, route.matched))
    return found


def _named(header: str | Header) -> Header:
    return header if isinstance(header, Header) else Header(header, {"type": "string", "maxLength": 200})


def _header(name: str, shape: dict[str, Any], required: bool) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": required, "schema": shape}


def _refusals(route: Route) -> set[int]:
    found = {422, 503} | {kind.status for kind in route.refuses}
    if route.roles:
        found |= {401, 403}
    if "<" in route.rule:
        found.add(404)
    if route.body is not None or route.raw:
        found |= {400, 411, 413, 415}
    if route.keyed:
        found |= {409, 428}
    if route.method == "PUT":
        found.add(409)
    if route.matched:
        found |= {409, 412, 428}
    if route.method == "POST" and route.within is not None:
        found |= {409, 412}
    return found


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with every problem slug listed, and nothing in it that is not on the wire."""
    found = deepcopy(document)
    found["components"]["schemas"].pop("PaginationMetadata", None)
    for path in found["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()) if isinstance(operation, dict) else ():
                _never_null(parameter)
    for shape in found["components"]["schemas"].values():
        for member in shape.get("properties", {}).values():
            _null_apart(member)
    found["x-problems"] = {
        kind.slug: {"status": kind.status, "title": kind.title.en} for kind in _kinds()
    }
    return found


def _never_null(parameter: dict[str, Any]) -> None:
    """A query says nothing by leaving a name out; there is no null in it."""
    shape = parameter["schema"]
    if parameter["in"] == "query" and isinstance(shape.get("type"), list):
        shape["type"] = next(kind for kind in shape["type"] if kind != "null")
        if shape.get("default", "") is None:
            del shape["default"]


def _null_apart(member: dict[str, Any]) -> None:
    """A word or null is two alternatives: generators make three types of the short form."""
    if None in member.get("enum", ()):
        words = [word for word in member.pop("enum") if word is not None]
        member["anyOf"] = [{"type": member.pop("type")[0], "enum": words}, {"type": "null"}]


def _kinds() -> list[type[Problem]]:
    return sorted(problems.all_kinds(), key=lambda kind: kind.slug)
