"""What becomes of a mutation, and what it must say (rules 9). Pure."""
import re
from typing import Any

from backend.core.problems import Problem, Text, invalid

APPLIED, MERGED, CONFLICT, REJECTED, DUPLICATE = "applied", "merged", "conflict", "rejected", "duplicate"
STATUSES = (APPLIED, MERGED, CONFLICT, REJECTED, DUPLICATE)
OPEN, SETTLED, RESOLVED = "open", "settled", "resolved"
INBOX_STATES, CONFLICT_STATES = (OPEN, SETTLED), (OPEN, RESOLVED)
SERVER, DEVICE = "server", "device"
CHOICES = (SERVER, DEVICE)
REJECTED_KIND, LEFT_SCOPE = "rejected", "left_scope"
KINDS = (REJECTED_KIND, LEFT_SCOPE)
KEPT_DAYS = 180
"""Answers are kept as long as an outbox can be old."""
NAME = r"[0-9A-Za-z._:-]{1,64}"
UUID = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"


class UnexpectedState(Problem):
    """The thing is in another state than the phone took it to be."""

    status, slug, title = 409, "unexpected-state", Text("状态已变化", "It is in another state by now")


def check_state(base: dict[str, Any], state: str) -> None:
    """UnexpectedState where the phone says in which state it saw the thing, and it is in another one."""
    expected = base.get("state")
    if expected is not None and expected != state:
        raise UnexpectedState(state=state)


def check_base(base_version: int | None, *, needed: bool) -> None:
    """Invalid where a version must be named and is not."""
    if needed and base_version is None:
        raise invalid("base_version", "缺少原版本号", "Name the version that it was made from.")


def outcome(base_version: int | None, version: int) -> str:
    """Applied to what the phone had seen, or merged into what others changed meanwhile."""
    return APPLIED if base_version in (None, version) else MERGED


def kind_of(status: int) -> str:
    """What a refusal is called in the inbox: a 404 is work on what left the scope, or never was in it."""
    return LEFT_SCOPE if status == 404 else REJECTED_KIND


def check_made(entity_id: str) -> None:
    """Invalid unless the id that a phone made for a new thing is a UUID."""
    if re.fullmatch(UUID, entity_id) is None:
        raise invalid("entity_id", "须为 UUID", "Must be a UUID.")
