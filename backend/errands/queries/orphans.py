"""Open errands that their agent cannot carry any more: his account was disabled, or went to another unit or role.

Found from the few accounts that are disabled or were moved, each by the index of its own work list, so that the
cost does not grow with the errands. A subquery of one value is never turned into a walk of all errands.
"""
from typing import Any

from backend.core import sql
from backend.core.actor import AGENT, OPERATOR, TOWNSHIP, Actor
from backend.core.models import GRANT
from backend.errands import rules
from backend.errands.queries import scope
from backend.org.rules import posts as ladder
from backend.people.queries import posts

_STATES = ", ".join(f"'{state}'" for state in rules.OPEN_STATES)
_LOST = f"""
(a.disabled_at > 0 OR NOT (a.role IN ('{AGENT}', '{OPERATOR}') AND e.unit_code || '' = a.unit_code
                           OR a.role = '{TOWNSHIP}' AND e.township_code || '' = a.unit_code))
"""
"""Whether an account cannot see the errand it answers for (rules 12), or nobody signs in by it."""
_CARRIED = f"SELECT {{}} FROM errand e WHERE e.agent_id = a.id AND e.state IN ({_STATES}) AND {_LOST}"
_GONE = f"""
FROM account a WHERE a.disabled_at > 0 OR a.id IN (
    SELECT l.subject_id FROM ledger_entry l
    WHERE {GRANT} AND l.action = 'account.edit' AND (l.fields LIKE '%role%' OR l.fields LIKE '%unit_code%')
)
"""
_LEFT_BEHIND = f"SELECT a.id, ({_CARRIED.format('e.id')} LIMIT 1) AS errand_id {_GONE}"
_COUNT = f"SELECT sum(({_CARRIED.format('count(*)')})) {_GONE}"
_OF = f"""
SELECT e.id, e.unit_code, e.township_code, e.district_code FROM errand e JOIN account a ON a.id = e.agent_id
WHERE e.agent_id = ? AND e.state IN ({_STATES}) AND e.id > ? AND {_LOST} ORDER BY e.id LIMIT ?
"""
_ONE = f"""
SELECT e.id, e.number, e.item_code, e.item_number, e.unit_code, e.township_code, e.district_code, e.agent_id,
       e.version
FROM errand e JOIN account a ON a.id = e.agent_id
WHERE e.id = ? AND e.state IN ({_STATES}) AND {_LOST}
"""


def agents() -> list[str]:
    """The accounts that answer for open errands they cannot carry; one statement."""
    return [row["id"] for row in sql.plain(_LEFT_BEHIND) if row["errand_id"] is not None]


def count() -> int:
    """How many open errands have an agent who cannot carry them."""
    return int(sql.value(_COUNT) or 0)


def of(agent_id: str, after: str, limit: int) -> list[dict[str, Any]]:
    """The open errands that an agent cannot carry, by id."""
    return sql.rows(_OF, (agent_id, after, limit))


def one(errand_id: str) -> dict[str, Any] | None:
    """The errand, locked, while it is open and its agent cannot carry it; else None."""
    return sql.row(_ONE + sql.held(of="e"), (errand_id,))


def heir(found: dict[str, Any]) -> tuple[ladder.Step, dict[str, Any]] | None:
    """Who inherits an errand, and by which post: the first on the way up from its unit's duty post who
    takes errands and sees this one (rules 3.2, 12).

    That is its unit's own people or its township; the district's posts carry no errands.
    """
    for step, account in posts.line(found["unit_code"], ladder.DUTY):
        if account["role"] in rules.TAKERS and _sees(account, found):
            return step, account
    return None


def _sees(account: dict[str, Any], found: dict[str, Any]) -> bool:
    place = {name: account[name] for name in ("id", "name", "role", "unit_code", "department_code")}
    column, code = scope.column(Actor(**place))
    return bool(found[column] == code)
