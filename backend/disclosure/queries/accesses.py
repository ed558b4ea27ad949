"""Who read personal data in full, or took it out; who gave or took rights: two readings of the ledger."""
from datetime import datetime, timedelta
from typing import Any

import orjson

from backend.core import clock, ledger, paging, secrets, sql
from backend.core.actor import Actor
from backend.core.models import GRANT, READ
from backend.core.paging import Page
from backend.core.problems import invalid
from backend.disclosure.rules import words
from backend.org import rules as tree
from backend.org.rules import scope
from backend.people import queries as people
from backend.voice.queries import scope as voice

ACCESSES, GRANTS = "accesses", "grants"
_ENTRIES = """
SELECT e.seq, e.recorded_at, e.actor, e.role, e.unit, e.action, e.subject_type, e.subject_id, e.fields, d.sealed
FROM ledger_entry e JOIN ledger_detail d ON d.seq = e.seq WHERE ({what}) AND e.seq < ?{more} ORDER BY e.seq DESC LIMIT ?
"""
_TEXTS = {
    ACCESSES: READ.replace("outcome", "e.outcome").replace("action", "e.action"),
    GRANTS: GRANT.replace("action", "e.action"),
}
_BELOW = " AND (e.scope BETWEEN ? AND ? OR e.unit BETWEEN ? AND ?)"
_OLDEST = 1 << 62


def accesses(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Who read whose data in full in the supervisor's district, and why; the latest first. Of complaints about himself
    the supervisor reads nothing."""
    return _listed(ACCESSES, query, actor)


def grants(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Who gave, approved or took which rights in the district; the latest first."""
    return _listed(GRANTS, query, actor)


def _listed(kind: str, query: dict[str, Any], actor: Actor) -> Page:
    more, params = _BELOW, [*tree.subtree(scope.district(actor))] * 2
    if kind == ACCESSES:
        more, params = f"{more} AND NOT ({voice.ENTRY_OF_COMPLAINT})", [*params, actor.id, actor.id]
    for name, column in (("account_id", "e.actor"), ("subject_id", "e.subject_id")):
        if query.get(name):
            more += f" AND {column} = ?"
            params.append(query[name])
    if query["from"] and query["to"] and query["to"] < query["from"]:
        raise invalid("to", "不得早于起始日期", "Not before `from`.")
    if query["from"]:
        more += " AND e.recorded_at >= ?"
        params.append(clock.to_micros(clock.at_local(query["from"], 0)))
    if query["to"]:
        more += " AND e.recorded_at < ?"
        params.append(clock.to_micros(clock.at_local(query["to"] + timedelta(days=1), 0)))
    before = paging.values_of(kind, query["cursor"])[0] if query["cursor"] else _OLDEST
    text = _ENTRIES.format(what=_TEXTS[kind], more=more)
    found = sql.rows(text, (before, *params, query["limit"] + 1))
    kept = paging.page(kind, found, query["limit"], ("seq",))
    names = people.names({row["actor"] for row in kept.items})
    return Page([shown(row, names) for row in kept.items], kept.next_cursor)


def shown(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """An entry as it is told; ``detail`` is null once it was erased."""
    sealed = row["sealed"]
    place = f"ledger_detail|sealed|{row['seq']}"
    detail = None if sealed is None else orjson.loads(secrets.unseal(sealed, place))
    return {
        "seq": row["seq"], "at": row["recorded_at"],
        "account": {"id": row["actor"], "name": names.get(row["actor"], "系统")},
        "role": row["role"], "unit_code": row["unit"] or None, "action": row["action"],
        "what": words.act(row["action"], {}), "subject_type": row["subject_type"], "subject_id": row["subject_id"],
        "changed": [name for name in row["fields"].split(",") if name], "detail": detail,
    }


def is_access(action: str, outcome: str) -> bool:
    """Whether an entry says that somebody read personal data in full."""
    return outcome == ledger.READ or f"'{action}'" in READ
