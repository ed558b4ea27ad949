"""Routes of posts: head and duty of a unit or department."""
from datetime import datetime
from typing import Any

from backend.core.actor import ADMIN, TOWNSHIP, Actor
from backend.core.problems import Conflict, Forbidden, NotFound, StaleVersion
from backend.people.actions import posts
from backend.people.api.blueprint import STAFF, blp
from backend.people.queries import posts as held
from backend.people.schemas import posts as shapes


def _shown(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    return held.shown(*ref, actor=actor, now=now)


@blp.reads("/posts/<code>/<post>", roles=STAFF, answers=shapes.PostShape(), refuses=(NotFound,))
def read_post(code: str, post: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Who holds head or duty of a unit or department of the district."""
    return held.shown(code, post, actor=actor, now=now)


@blp.changes("/posts/<code>/<post>", roles=frozenset({ADMIN, TOWNSHIP}), body=shapes.Appointment(),
             answers=shapes.PostShape(), shows=_shown, within=held.shown,
             refuses=(NotFound, Forbidden, Conflict, StaleVersion))
def fill_post(code: str, post: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Have an account hold head or duty, or nobody: then matters go to the next post above."""
    return posts.appoint(code, post, **body, actor=actor, now=now)
