"""Files that were announced: which are still on their way, for what, and since when."""
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.files.queries import scope, uploads
from backend.files.rules import announced as rules
from backend.org.rules import scope as reach

_VISIBLE = """
SELECT id, NULL AS sha256, media_type, size, unit_code, account_id, announced_at AS made_at, 0 AS version
FROM expected_file WHERE id = ? AND
"""
AWAITED = """
EXISTS (SELECT 1 FROM expected_use w JOIN expected_file x ON x.id = w.file_id AND x.state = 'pending'
        WHERE w.subject_type = '{}' AND w.subject_id = {})
"""
"""A condition for a larger statement, of type and id: whether anything of this subject is still on its way."""
_PENDING = """
SELECT x.id, x.announced_at, x.size, u.state, u.received, u.length, u.expires_at
FROM expected_use w JOIN expected_file x ON x.id = w.file_id AND x.state = 'pending'
LEFT JOIN upload u ON u.id = x.id AND u.account_id = x.account_id
WHERE w.subject_type = ? AND w.subject_id = ? ORDER BY x.announced_at, x.id
"""
_COLUMNS = """
x.id, x.unit_code, x.account_id, a.name AS account_name, x.media_type, x.size, x.state, x.announced_at, x.arrived_at,
u.state AS upload_state, u.received, u.length, u.expires_at, u.refusal
"""
_JOINS = """
JOIN account a ON a.id = x.account_id LEFT JOIN upload u ON u.id = x.id AND u.account_id = x.account_id
"""
_USES = "SELECT file_id, subject_type, subject_id FROM expected_use WHERE file_id IN ({}) ORDER BY file_id, subject_id"


def visible(file_id: str, actor: Actor) -> dict[str, Any] | None:
    """The announced file with this id as one that has no content yet, if the actor may see it."""
    condition, params = scope.condition(actor)
    return sql.row(_VISIBLE + condition, (file_id, *params))


def pending(subject_type: str, subject_id: str, *, now: datetime) -> list[dict[str, Any]]:
    """What of a subject is still on its way, oldest first, and how far it is; the caller was allowed to read it."""
    return [
        {"id": row["id"], "announced_at": row["announced_at"]} | uploads.progress(row, now, size=row["size"])
        for row in sql.rows(_PENDING, (subject_type, subject_id))
    ]


def one(file_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """An announced file of the actor's scope; NotFound otherwise."""
    found: dict[str, Any] = many([file_id], actor=actor, now=now)["items"][0]
    return found | {"_etag": 1}


def many(file_ids: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Announced files of the actor's scope in the order asked for; NotFound where one is not his to see."""
    condition, params = scope.condition(actor, "x")
    marks = ", ".join("?" * len(file_ids))
    text = f"SELECT {_COLUMNS} FROM expected_file x {_JOINS} WHERE x.id IN ({marks}) AND {condition}"
    found = {row["id"]: row for row in sql.rows(text, (*file_ids, *params))}
    if len(found) < len(set(file_ids)):
        raise NotFound()
    return {"items": _shown([found[each] for each in file_ids], now)}


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Announced files of the actor's scope, oldest first; what is still to come unless asked otherwise."""
    column, code = reach.column(actor)
    where, params = [f"{column} = ?"], [code]
    if query["unit_code"]:
        where.append(f"unit_code IN ({', '.join('?' * len(query['unit_code']))})")
        params += query["unit_code"]
    if query["cursor"]:
        where.append("(announced_at, id) > (?, ?)")
        params += values_of("announcements", query["cursor"])
    branches, given = [], []
    for state, before in rules.walks(query["state"], now):
        late = ["announced_at <= ?"] if before is not None else []
        branches.append(
            f"SELECT * FROM (SELECT id, announced_at FROM expected_file WHERE "
            f"{' AND '.join([*where, 'state = ?', *late])} ORDER BY announced_at, id LIMIT ?) AS branch"
        )
        given += [*params, state, *([clock.to_micros(before)] if before else []), query["limit"] + 1]
    text = (
        f"SELECT {_COLUMNS} FROM (SELECT * FROM ({' UNION ALL '.join(branches)}) AS found "
        f"ORDER BY announced_at, id LIMIT ?) AS chosen JOIN expected_file x ON x.id = chosen.id {_JOINS} "
        "ORDER BY x.announced_at, x.id"
    )
    part = page("announcements", sql.rows(text, (*given, query["limit"] + 1)), query["limit"], ("announced_at", "id"))
    return Page(_shown(part.items, now), part.next_cursor)


def _shown(found: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    uses = _uses(row["id"] for row in found)
    return [
        {name: row[name] for name in ("id", "unit_code", "media_type", "state", "announced_at", "arrived_at")}
        | {
            "account": {"id": row["account_id"], "name": row["account_name"]},
            "overdue": rules.overdue(row["state"], row["announced_at"], now), "refusal": row["refusal"],
            "subjects": uses.get(row["id"], []),
        }
        | uploads.progress(row | {"state": row["upload_state"]}, now, size=row["size"])
        for row in found
    ]


def _uses(file_ids: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    wanted, found = list(file_ids), {}
    for row in sql.plain(_USES.format(", ".join("?" * len(wanted))), wanted) if wanted else ():
        found.setdefault(row["file_id"], []).append({"type": row["subject_type"], "id": row["subject_id"]})
    return found


def long_arrived(now: datetime, limit: int) -> list[str]:
    """Announcements fulfilled so long ago that no phone asks for them any more."""
    before = clock.to_micros(now - timedelta(days=rules.KEPT_DAYS))
    text = "SELECT id FROM expected_file WHERE arrived_at < ? ORDER BY arrived_at LIMIT ?"
    return [file_id for (file_id,) in sql.execute(text, (before, limit)).fetchall()]
