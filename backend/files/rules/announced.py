"""Files told of before they are sent: text first, photos later (rules 9). Pure."""
from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.core.problems import Problem, Text

PENDING, ARRIVED, OVERDUE = "pending", "arrived", "overdue"
STATES = (PENDING, OVERDUE, ARRIVED)
LATE = timedelta(days=7)
"""After which the township is shown what never came."""
KEPT_DAYS = 180
"""As long as an outbox can be old."""
MOST = 50
"""Files announced at once."""
IDENTIFIER = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
"""A UUID made by the phone, taken as it is written."""


class FileIdTaken(Problem):
    """The id that the phone made for a file belongs to another one; it is not said whose."""

    status, slug, title = 409, "file-id-taken", Text("文件编号已被使用", "The id of the file is taken")


def overdue(state: str, announced_at: datetime, now: datetime) -> bool:
    """Whether a file that was announced should have come by now."""
    return state == PENDING and announced_at <= now - LATE


def walks(asked: Sequence[str], now: datetime) -> list[tuple[str, datetime | None]]:
    """The stored states to look for, each with the moment by which it must have been announced, or None."""
    wanted = set(asked) or {PENDING}
    if "all" in wanted:
        wanted = {PENDING, ARRIVED}
    found: list[tuple[str, datetime | None]] = []
    if PENDING in wanted:
        found.append((PENDING, None))
    elif OVERDUE in wanted:
        found.append((PENDING, now - LATE))
    if ARRIVED in wanted:
        found.append((ARRIVED, None))
    return found
