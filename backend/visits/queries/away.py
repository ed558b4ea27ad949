"""Visits whose agent will not come: his account is disabled or moved away, or he is on leave that day."""
from datetime import datetime, timedelta
from typing import Any

from backend.core import clock, sql
from backend.visits import rules
from backend.visits.queries import agents

AWAY = "visit_agent_away"
"""Why somebody is rung about such a visit; her unit's task, open until the visit is given to somebody else."""
BEHIND = timedelta(days=30)

_DEDUPE = "'visit:' || v.id || ':away:' || v.version"
HELD = f"""
EXISTS (SELECT 1 FROM call_task t WHERE t.dedupe = {_DEDUPE} AND (t.state = 'open' OR t.called_at IS NOT NULL))
"""
"""That a visit stands so, as SQL: its task was opened and not withdrawn."""

_SUSPECT = f"""
SELECT v.id FROM account a CROSS JOIN visit v
WHERE v.agent_id = a.id AND v.state = ? AND v.order_at >= ?
  AND (a.disabled_at IS NOT NULL OR a.unit_code <> v.unit_code AND a.unit_code <> v.township_code
       OR EXISTS (SELECT 1 FROM leave l WHERE l.account_id = a.id AND l.state = 'approved' AND l.to_on >= ?))
  AND NOT EXISTS (SELECT 1 FROM call_task t WHERE t.dedupe = {_DEDUPE}) AND v.id > ? ORDER BY v.id LIMIT ?
"""
"""Account by account (the cross join keeps an engine that counts nothing to it): no index begins with the state."""
_TOLD = f"""
SELECT v.id FROM account a CROSS JOIN visit v WHERE v.agent_id = a.id AND v.state = ?
  AND EXISTS (SELECT 1 FROM call_task t WHERE t.dedupe = {_DEDUPE} AND t.state = 'open') AND v.id > ?
ORDER BY v.id LIMIT ?
"""


def suspects(now: datetime, after: str, limit: int) -> list[str]:
    """Visits with a time whose agent may be away, and of which nobody was told; by id, :func:`is_away` decides."""
    since = now - BEHIND
    params = (rules.SCHEDULED, clock.to_micros(since), clock.local_date(since).isoformat(), after, limit)
    return [visit_id for (visit_id,) in sql.execute(_SUSPECT, params).fetchall()]


def told(after: str, limit: int) -> list[str]:
    """Visits with an open task of this kind, by id."""
    return [visit_id for (visit_id,) in sql.execute(_TOLD, (rules.SCHEDULED, after, limit)).fetchall()]


def dedupe(found: dict[str, Any]) -> str:
    """What tells one such task from another: a visit is told of once for each time that was set."""
    return f"visit:{found['id']}:away:{found['version']}"


def is_away(found: dict[str, Any]) -> bool:
    """Whether the agent of a visit's own row will not come, as things are now."""
    if found["state"] != rules.SCHEDULED:
        return False
    if agents.able(found["agent_id"], found) is None:
        return True
    return agents.is_on_leave(found["agent_id"], clock.local_date(found["start_at"]))


_ANY = "SELECT * FROM visit WHERE id = ?"


def any_row(visit_id: str) -> dict[str, Any] | None:
    """A visit's own row, locked, whoever asks."""
    return sql.row(_ANY + sql.held(), (visit_id,))
