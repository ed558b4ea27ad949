"""Who can be sent to a household, and when he is taken."""
from datetime import date
from typing import Any

from backend.core import sql
from backend.core.actor import SUPERVISOR
from backend.org import rules as tree
from backend.people import queries as people
from backend.visits import rules

_LEAVE = """
SELECT 1 FROM leave WHERE account_id = ? AND state = 'approved' AND to_on >= ? AND from_on <= ? LIMIT 1
"""
_SUPERVISORS = """
SELECT id FROM account
WHERE unit_code = ? AND role = 'supervisor' AND disabled_at IS NULL AND approval_by IS NOT NULL ORDER BY id
"""
_BUSY = "SELECT tick FROM visit_tick WHERE agent_id = ? AND tick >= ? AND tick < ? AND visit_id <> ?"


def able(account_id: str, visit: dict[str, Any]) -> dict[str, Any] | None:
    """The enabled account, of the visit's unit or its township, that may make the visit; else None."""
    found = people.account(account_id)
    if found is None or found["disabled_at"] is not None:
        return None
    fits = rules.may_visit(found["role"], found["unit_code"], visit["unit_code"], visit["township_code"])
    return found if fits else None


def is_on_leave(account_id: str, day: date) -> bool:
    """Whether a leave of the account is approved for that day."""
    return sql.value(_LEAVE, (account_id, day.isoformat(), day.isoformat())) is not None


def busy(account_id: str, ticks: range, *, besides: str) -> list[int]:
    """Which of these ticks of his are taken, by other visits than that."""
    found = sql.execute(_BUSY, (account_id, ticks.start, ticks.stop, besides)).fetchall()
    return [tick for (tick,) in found]


def supervisors(district_code: str) -> list[str]:
    """The district's supervisors who can sign in."""
    found = sql.execute(_SUPERVISORS, (district_code,)).fetchall()
    return [account_id for (account_id,) in found]


def is_supervisor(account_id: str, unit_code: str) -> bool:
    """Whether the account is an enabled supervisor of the unit's district."""
    found = people.account(account_id)
    return found is not None and found["disabled_at"] is None and found["role"] == SUPERVISOR and (
        tree.contains(found["unit_code"], unit_code)
    )
