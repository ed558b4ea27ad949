"""What stopped the clocks of a subject, as the wire shows it. Whoever asks has found the subject in his scope."""
from typing import Any

from backend.clocks.rules import words
from backend.core import paging, sql
from backend.core.paging import Page
from backend.core.problems import NotFound

KIND = "suspensions"

_SHOWN = """
SELECT s.n, s.reason, s.notice, s.from_at, s.to_at, s.restart, s.account_id, a.name AS account_name, s.version
FROM suspension s JOIN account a ON a.id = s.account_id WHERE s.subject_type = ? AND s.subject_id = ?
"""
_ONE = f"{_SHOWN} AND s.n = ?"
_PAGE = f"{_SHOWN} AND s.n > ? ORDER BY s.n LIMIT ?"


def one(subject_type: str, subject_id: str, number: int) -> dict[str, Any]:
    """One suspension of a subject by its number; NotFound where there is none."""
    found = sql.row(_ONE, (subject_type, subject_id, number))
    if found is None:
        raise NotFound()
    return _shown(found)


def of(subject_type: str, subject_id: str, query: dict[str, Any]) -> Page:
    """The suspensions of a subject, oldest first."""
    (after,) = paging.values_of(KIND, query["cursor"]) if query["cursor"] else (0,)
    found = sql.rows(_PAGE, (subject_type, subject_id, after, query["limit"] + 1))
    part = paging.page(KIND, found, query["limit"], ("n",))
    return Page([_shown(row) for row in part.items], part.next_cursor)


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    by = {"id": found.pop("account_id"), "name": found.pop("account_name")}
    mode = words.RESTART if found.pop("restart") else words.RESUME
    return found | {"mode": mode if found["to_at"] else None, "by": by}
