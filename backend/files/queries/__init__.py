"""What of the files can be seen: the uploader's own, and what his unit's subtree handed in."""
from collections.abc import Sequence
from typing import Any

from backend.core import sql
from backend.core.actor import Actor
from backend.files.queries import expected, scope

_COLUMNS = "SELECT id, sha256, media_type, size, unit_code, account_id, made_at, version FROM file"


def visible(file_id: str, actor: Actor) -> dict[str, Any] | None:
    """The file with this id, or the one announced under it, if the actor may see it.

    What is announced and not there yet has no content (``sha256`` is None): text comes first, photos later.
    """
    return arrived(file_id, actor) or expected.visible(file_id, actor)


def arrived(file_id: str, actor: Actor) -> dict[str, Any] | None:
    """The file with this id that is there, if the actor may see it."""
    return _seen("id", file_id, actor)


def with_content(sha256: str, actor: Actor) -> dict[str, Any] | None:
    """A file with this content, if the actor may see one of those that have it."""
    return _seen("sha256", sha256, actor)


def pictures(contents: Sequence[str], actor: Actor) -> set[str]:
    """Which of these contents are photos that the actor may see."""
    condition, params = scope.condition(actor)
    marks = ", ".join("?" * len(contents))
    text = (
        f"SELECT DISTINCT sha256 FROM file WHERE sha256 IN ({marks}) AND media_type <> 'application/pdf' "
        f"AND {condition}"
    )
    return {row["sha256"] for row in sql.plain(text, (*contents, *params))}


def kept(sha256: str) -> dict[str, Any] | None:
    """A file with this content, whoever handed it in: for what another thing's own scope has let through."""
    return sql.row(f"{_COLUMNS} WHERE sha256 = ? ORDER BY id LIMIT 1", (sha256,))


def _seen(column: str, value: str, actor: Actor) -> dict[str, Any] | None:
    condition, params = scope.condition(actor)
    return sql.row(f"{_COLUMNS} WHERE {column} = ? AND {condition} ORDER BY id LIMIT 1", (value, *params))
