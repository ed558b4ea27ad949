"""Ratings as figures. To who may be rated whole bundles only: the difference of any two answers is five or more."""
from datetime import date, datetime, timedelta
from typing import Any

from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.org import rules as tree
from backend.org.rules import scope as reach
from backend.voice.rules import ratings as rules

_ONE = "SELECT id, round, level, rated_at FROM rating WHERE id = ?"
_LEVELS = {"village": "unit_code", "township": "township_code"}
_BUNDLES = """
SELECT bundle FROM rating WHERE unit_code = ? AND round = 1 GROUP BY bundle
HAVING COUNT(*) = ? AND MIN(rated_at) >= ? AND MAX(rated_at) < ?
"""
_IN_BUNDLES = f"""
SELECT level, COUNT(*) FROM rating WHERE unit_code = ? AND round = 1 AND bundle IN ({_BUNDLES}) GROUP BY level
"""


def given(rating_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What who has rated is answered."""
    found = sql.row(_ONE, (rating_id,))
    if found is None:
        raise NotFound()
    return {
        "level": found["level"], "level_name": rules.LEVEL_NAMES[found["level"]].zh, "round": found["round"],
        "rated_at": found["rated_at"],
    }


def told(query: dict[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Count, average and counts by level within the actor's reach; null under five. One statement."""
    rules.check_span(query["from"], query["to"])
    first, last = _span(query["from"], query["to"])
    if actor.role in rules.IN_BUNDLES:
        today = clock.to_micros(clock.at_local(clock.local_date(now), 0))
        own = actor.unit_code or ""
        wanted = not query["unit_code"] or own in query["unit_code"]
        params = (own, own, rules.FEWEST, first, min(last, today))
        rows = sql.execute(_IN_BUNDLES, params).fetchall() if wanted else []
    else:
        rows = _counted(query["unit_code"], first, last, actor)
    return rules.told(rules.added(rows))


def _span(first: date | None, last: date | None) -> tuple[int, int]:
    """The two days as moments; open ends are very long ago and very late."""
    start = 0 if first is None else clock.to_micros(clock.at_local(first, 0))
    end = clock.to_micros(clock.NEVER if last is None else clock.at_local(last + timedelta(days=1), 0))
    return start, end


def _counted(unit_codes: list[str], first: int, last: int, actor: Actor) -> list[Any]:
    column, code = reach.column(actor)
    bounds = [(column, code)]
    if unit_codes:
        inside = [one for one in dict.fromkeys(unit_codes) if tree.contains(code, one)]
        bounds = [(_LEVELS.get(tree.level_of(one), "district_code"), one) for one in _apart(inside)]
    branch = (
        "SELECT level, COUNT(*) FROM rating WHERE {} = ? AND round = 1 AND rated_at >= ? AND rated_at < ? "
        "AND excluded_at IS NULL GROUP BY level"
    )
    text = " UNION ALL ".join(branch.format(name) for name, _ in bounds)
    params = [value for _, under in bounds for value in (under, first, last)]
    return sql.execute(text, params).fetchall() if bounds else []


def _apart(codes: list[str]) -> list[str]:
    """The codes of which none stands under another, so that nothing is counted twice."""
    return [one for one in codes if not any(other != one and tree.contains(other, one) for other in codes)]
