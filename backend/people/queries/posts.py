"""Who holds a post (岗位), and who answers where it is vacant (rules 4).

A holder counts while the account can sign in and still belongs to the post's unit, a unit above it, or
its department. Whoever was disabled or moved away leaves a vacancy by that alone, with nothing to be
undone: every query here looks at the account as it is now.

``district`` is needed for departments only, whose posts are held anew in each district; a ValueError
where it is missing. An errand has it as ``district_code``.
"""
from functools import lru_cache
from typing import Any

from backend.core import sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.org import queries as units
from backend.org import rules as tree
from backend.org.rules import posts as rules
from backend.org.rules.posts import Step
from backend.people.queries.accounts import ABLE

_PERSON = "a.id, a.name, a.role, a.unit_code, a.department_code, a.phone"
_HELD = f"""
SELECT s.place, {_PERSON} FROM step s
JOIN post p ON p.district_code = ? AND p.code = s.code AND p.post = s.post
JOIN account a ON a.id = p.account_id AND {ABLE} ORDER BY s.place
"""
_HELD_BY = f"""
SELECT p.district_code, p.code, p.post, {_PERSON} FROM account a JOIN post p ON p.account_id = a.id
WHERE a.id = ? AND {ABLE} ORDER BY p.code, p.post DESC
"""
_STORED = "SELECT account_id, version FROM post WHERE district_code = ? AND code = ? AND post = ?"
_ONE = f"SELECT {_PERSON} FROM account a WHERE a.id = ? AND {ABLE}"


@lru_cache(maxsize=16)
def _line_text(count: int) -> str:
    values = ", ".join(f"({place}, ?, ?)" for place in range(count))
    return f"WITH step (place, code, post) AS (VALUES {values}) {_HELD}"


def line(code: str, post: str, *, district: str | None = None) -> list[tuple[Step, dict[str, Any]]]:
    """Every holder on the way up from a post, nearest first; one statement for the whole way.

    The way is that of :func:`backend.org.rules.posts.climb`. A holder is a dict of id, name, role,
    unit_code, department_code and phone. For who cannot leave a matter to just anybody on the way:
    the heir of an errand must also be able to see it.
    """
    return _line(rules.climb(code, post, district), rules.district_of(code, district))


def _line(steps: list[Step], district: str) -> list[tuple[Step, dict[str, Any]]]:
    params = [part for step in steps for part in step]
    found = sql.rows(_line_text(len(steps)), [*params, district])
    held = [(steps[row.pop("place")], row) for row in found]
    return [(step, row) for step, row in held if _fits(step.code, district, row)]


def _fits(code: str, district: str, account: dict[str, Any]) -> bool:
    return rules.may_hold(code, district, account["unit_code"], account["department_code"])


def holder(code: str, post: str, *, district: str | None = None) -> dict[str, Any] | None:
    """Who holds exactly this post (id, name, role, unit_code, department_code, phone); None where vacant."""
    held = _line([Step(code, post)], rules.district_of(code, district))
    return held[0][1] if held else None


def answering(code: str, post: str, *, district: str | None = None) -> dict[str, Any]:
    """Whom a matter for this post reaches: the first post on the way up that has a holder (rules 4).

    ``answering(unit_code, "duty")`` is who gets a red card of a township, ``answering(unit_code,
    "head")`` who gets a unit head's yellow one, ``answering(department_code, "duty", district=…)``
    who gets a department's. The answer is ``{"code", "post", "account_id", "account_name"}``: the
    post that took it (not always the one asked for) and its holder. Where nobody holds any post up
    to the district it is addressed to the district's duty post, account None: it waits there for
    whoever is appointed. Ask when the matter is delivered, not when it arises.
    """
    steps = rules.climb(code, post, district)
    held = dict(_line(steps, rules.district_of(code, district)))
    step, found = rules.first_held(steps, held.get)
    return {
        "code": step.code, "post": step.post,
        "account_id": found and found["id"], "account_name": found and found["name"],
    }


def held_by(account_id: str) -> list[dict[str, str]]:
    """The posts that an account holds now, by code, head first: ``district_code``, ``code``, ``post``."""
    return [
        {name: row[name] for name in ("district_code", "code", "post")}
        for row in sql.rows(_HELD_BY, (account_id,)) if _fits(row["code"], row["district_code"], row)
    ]


def candidate(account_id: str, code: str, district: str) -> dict[str, Any] | None:
    """The account, where it may hold a post of this unit or department; else None."""
    found = sql.row(_ONE, (account_id,))
    return found if found and _fits(code, district, found) else None


def district_seen(code: str, post: str, actor: Actor) -> str:
    """The actor's district, where it has this post; NotFound for a unit of another one as for none."""
    district = tree.district_of(actor.unit_code or "")
    if rules.is_unit(code):
        known = tree.contains(district, code) and units.unit(code) is not None
    else:
        known = units.department(code) is not None
    if not known or post not in rules.POSTS:
        raise NotFound()
    return district


def stored(district: str, code: str, post: str) -> dict[str, Any]:
    """The account last named for a post, able or not, and the row's version, locked; 0 before the first."""
    text = _STORED + sql.held()
    return sql.row(text, (district, code, post)) or {"account_id": None, "version": 0}


def shown(code: str, post: str, *, actor: Actor, now: Any) -> dict[str, Any]:
    """A post of the actor's district with its holder; NotFound for any other."""
    district = district_seen(code, post, actor)
    version = sql.value("SELECT version FROM post WHERE district_code = ? AND code = ? AND post = ?",
                        (district, code, post))
    found = holder(code, post, district=district)
    return {
        "code": code, "post": post, "holder": found and {"id": found["id"], "name": found["name"]},
        "version": version or 0,
    }
