"""Every refusal and every fault becomes one problem document; nothing else renders errors."""
import logging
from typing import Any

import orjson
from flask import Flask, Response, request
from peewee import IntegrityError
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WerkzeugMethodNotAllowed

from backend.core import db, logs, problems
from backend.core.problems import Problem
from backend.core.transaction import drop_connection

log = logging.getLogger("daiban")

_BY_STATUS: dict[int, type[Problem]] = {
    400: problems.Malformed, 404: problems.NotFound, 405: problems.MethodNotAllowed,
    411: problems.LengthRequired, 413: problems.TooLarge, 415: problems.NotJson,
}


def register(app: Flask) -> None:
    """Have the application answer faults with problem documents."""
    app.register_error_handler(Problem, rendered)
    app.register_error_handler(HTTPException, _from_werkzeug)
    app.register_error_handler(IntegrityError, _from_constraint)
    for kind in db.FAULTS:
        app.register_error_handler(kind, _from_database)
    app.register_error_handler(Exception, _from_fault)


def wants_english() -> bool:
    """Whether the reader asks for English before Chinese."""
    return request.accept_languages.best_match(["zh-CN", "zh", "en"], default="zh-CN") == "en"


def rendered(problem: Problem) -> Response:
    """The problem as ``application/problem+json`` in the reader's language."""
    language = 1 if wants_english() else 0
    document: dict[str, Any] = {
        "type": f"/problems/{problem.slug}", "title": problem.title[language],
        "status": problem.status,
    }
    if problem.detail:
        document["detail"] = problem.detail[language]
    document["instance"] = request.path.encode("utf-8", "replace").decode()
    if problem.errors:
        document["errors"] = {
            name: [told[language] for told in messages] for name, messages in problem.errors.items()
        }
    document |= problem.extra
    response = Response(orjson.dumps(document, default=str), status=problem.status,
                        content_type="application/problem+json")
    response.headers["Content-Language"] = ("zh-CN", "en")[language]
    response.headers["Cache-Control"] = "no-store"
    response.headers.extend(problem.headers)
    return response


def _from_werkzeug(error: HTTPException) -> Response:
    kind = _BY_STATUS.get(error.code or 500)
    if kind is None:
        if (error.code or 500) < 400:
            return error.get_response()  # type: ignore[return-value]
        log.warning("unexpected refusal %s", error.code)
        kind = problems.Malformed if (error.code or 500) < 500 else Problem
    problem = kind()
    if isinstance(error, WerkzeugMethodNotAllowed) and error.valid_methods:
        problem.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return rendered(problem)


def _from_constraint(error: IntegrityError) -> Response:
    """Uniqueness and references are conflicts; a value that we failed to give is our fault."""
    if db.lacks_value(error):
        return _from_fault(error)
    log.info("constraint refused a write: %s", logs.told(error))
    return rendered(problems.Conflict())


def _from_database(error: Exception) -> Response:
    drop_connection()
    if not db.does_not_answer(error):
        return _from_fault(error)
    log.error("the database does not answer: %s", logs.told(error))
    return rendered(problems.Unavailable())


def _from_fault(error: Exception) -> Response:
    log.error("fault in %s", request.endpoint, exc_info=error)
    return rendered(Problem())
