"""A refusal as it is kept with a mutation, and told again in the reader's language. Pure."""
from typing import Any

import orjson

from backend.core.problems import Problem


def kept(problem: Problem) -> dict[str, Any]:
    """A Problem as JSON, in both languages."""
    return {
        "slug": problem.slug, "status": problem.status, "title": list(problem.title),
        "detail": list(problem.detail) if problem.detail else None,
        "errors": {name: [list(text) for text in told] for name, told in (problem.errors or {}).items()},
        "extra": orjson.loads(orjson.dumps(problem.extra, default=str)),
    }


def told(stored: dict[str, Any], *, english: bool) -> dict[str, Any]:
    """What was kept, as the wire shows a refusal."""
    language = 1 if english else 0
    shown: dict[str, Any] = {
        "type": f"/problems/{stored['slug']}", "title": stored["title"][language], "status": stored["status"],
    }
    if stored["detail"]:
        shown["detail"] = stored["detail"][language]
    if stored["errors"]:
        shown["errors"] = {name: [text[language] for text in texts] for name, texts in stored["errors"].items()}
    return shown | stored["extra"]
