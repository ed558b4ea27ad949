"""The rows that changes are made of, as they are now: those of all types in one statement."""
from functools import lru_cache

import orjson

from backend.core import sql
from backend.core.actor import Actor
from backend.sync.queries import columns, holding
from backend.sync.queries.holding import CODE, MORNING, MYSELF, OVER, SINCE, TOWNSHIP
from backend.sync.rules import window
from backend.sync.rules.merging import Row
from backend.sync.rules.window import Bounds

_KEPT_ERRAND = f"(e.state NOT IN ({OVER}) OR COALESCE(e.closed_at, e.finished_at, 0) >= {SINCE})"
_KEPT_VISIT = f"(v.ended_at IS NULL OR v.ended_at >= {SINCE})"
_SCOPED = {
    "errand": "e.{column} || '' = {code}", "visit": "(v.{column} || '' = {code}{mine})",
    "appointment": "p.{column} || '' = {code}",
}
"""All are found by their ids, or by a resident's: ``|| ''`` keeps an engine that counts nothing to that."""


def _scoped(kind: str, column: str, makes_visits: bool) -> str:
    mine = f" OR v.agent_id || '' = {MYSELF}" if makes_visits else ""
    return _SCOPED[kind].format(column=column, code=CODE, mine=mine)


def _flag(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


@lru_cache(maxsize=8)
def _branches(column: str, makes_visits: bool, _: bool) -> str:
    """One selection a type of the ids in ``errands``, ``visits`` … , all of the same columns."""
    errand, visit = (_scoped(kind, column, makes_visits) for kind in ("errand", "visit"))
    held = (
        f"(EXISTS (SELECT 1 FROM errand e WHERE e.resident_id = r.id AND {errand} AND {_KEPT_ERRAND}) "
        f"OR EXISTS (SELECT 1 FROM visit v WHERE v.resident_id = r.id AND {visit} AND {_KEPT_VISIT}))"
    )
    resident = "CROSS JOIN resident r"
    parts = {
        "resident": ("r", "x CROSS JOIN resident r WHERE r.id = x.id", held, "r.erased_at IS NULL", "''"),
        "errand": (
            "e", f"x CROSS JOIN errand e {resident} JOIN account f ON f.id = e.first_receiver_id "
            "JOIN account a ON a.id = e.agent_id WHERE e.id = x.id AND r.id = e.resident_id",
            errand, _KEPT_ERRAND, "e.resident_id",
        ),
        "note": (
            "n", "x CROSS JOIN errand_note n CROSS JOIN errand e JOIN account a ON a.id = n.account_id "
            "WHERE n.id = x.id AND e.id = n.errand_id", errand, _KEPT_ERRAND, "n.errand_id",
        ),
        "visit": (
            "v", f"x CROSS JOIN visit v {resident} LEFT JOIN account a ON a.id = v.agent_id "
            "WHERE v.id = x.id AND r.id = v.resident_id", visit, _KEPT_VISIT, "v.resident_id",
        ),
        "appointment": (
            "p", "x CROSS JOIN appointment p LEFT JOIN unit u ON u.code = p.unit_code "
            "LEFT JOIN account a ON a.id = p.made_by WHERE p.id = x.id",
            _scoped("appointment", column, False), f"p.order_at >= {MORNING}", "p.resident_id",
        ),
        "file": (
            "f", "x CROSS JOIN file f WHERE f.id = x.id",
            f"f.unit_code <> '' AND substr(f.unit_code, 1, 9) = {TOWNSHIP} AND {holding.file_scope(column)}",
            f"f.made_at >= {SINCE}", "''",
        ),
    }
    return " UNION ALL ".join(_branch(place, kind, *parts[kind]) for place, kind in enumerate(window.TYPES))


def _branch(place: int, kind: str, alias: str, tables: str, seen: str, kept: str, parent: str) -> str:
    body = columns.array(", ".join(columns.of(kind).values()))
    return (
        f"SELECT {place} AS place, {alias}.id AS id, {alias}.version AS version, {_flag(seen)} AS seen, "
        f"{_flag(kept)} AS kept, COALESCE({parent}, '') AS parent, CAST({body} AS text) AS body, "
        f"{'n.made_at' if kind == window.NOTE else 'CAST(0 AS bigint)'} AS made "
        f"FROM {kind}s {tables}"
    )


_SNAPSHOT = """
, chosen AS (
    SELECT place, id FROM held WHERE place > ? OR place = ? AND {id} > ? ORDER BY place, {id} LIMIT ?
), {parts} SELECT * FROM ({branches}) AS found ORDER BY place, {id}
"""


def snapshot(actor: Actor, bounds: Bounds, after: tuple[int, str], limit: int) -> list[Row]:
    """What the phone should hold behind a rank of type and an id, in their order; one statement."""
    parts = ", ".join(
        f"{kind}s AS (SELECT id FROM chosen WHERE place = {place})" for place, kind in enumerate(window.TYPES)
    )
    kind = holding.kind_of(actor)
    text = holding.held(*kind) + _SNAPSHOT.format(
        id=sql.bytewise("id"), parts=parts, branches=_branches(*kind, sql.on_postgresql())
    )
    return _read(text, [*holding.me(actor, bounds), after[0], *after, limit])


_TOUCHED = {
    False: """
SELECT json_extract(j.value, '$[0]') AS type, json_extract(j.value, '$[1]') AS id,
       json_extract(j.value, '$[2]') AS since FROM json_each(?) AS j
""",
    True: """
SELECT j.value->>0 AS type, j.value->>1 AS id, CAST(j.value->>2 AS bigint) AS since
FROM json_array_elements(CAST(? AS json)) AS j(value)
""",
}
_GROWN = """
WITH {me}, touched AS ({touched}), errands AS (
    SELECT t.id FROM touched t WHERE t.type = 'errand' UNION
    SELECT e.id FROM touched t CROSS JOIN errand e
    WHERE t.type = 'resident' AND e.resident_id = t.id AND {errand} AND {kept_errand}
), visits AS (
    SELECT t.id FROM touched t WHERE t.type = 'visit' UNION
    SELECT v.id FROM touched t CROSS JOIN visit v
    WHERE t.type = 'resident' AND v.resident_id = t.id AND {visit} AND {kept_visit}
), appointments AS (
    SELECT t.id FROM touched t WHERE t.type = 'appointment' UNION
    SELECT p.id FROM touched t CROSS JOIN appointment p
    WHERE t.type = 'resident' AND p.resident_id = t.id AND {appointment} AND p.order_at >= {morning}
), residents AS (
    SELECT t.id FROM touched t WHERE t.type = 'resident' UNION
    SELECT e.resident_id FROM errands x CROSS JOIN errand e WHERE e.id = x.id UNION
    SELECT v.resident_id FROM visits x CROSS JOIN visit v WHERE v.id = x.id
), notes AS (
    SELECT n.id FROM touched t CROSS JOIN errand_note n
    WHERE t.type = 'errand' AND n.errand_id = t.id AND n.made_at >= t.since UNION
    SELECT n.id FROM touched t CROSS JOIN resident r CROSS JOIN errand e CROSS JOIN errand_note n
    WHERE t.type = 'resident' AND r.id = t.id AND r.erased_at IS NOT NULL AND e.resident_id = r.id
      AND n.errand_id = e.id AND {errand} AND {kept_errand}
), files AS (SELECT t.id FROM touched t WHERE t.type = 'file') {branches}
"""


@lru_cache(maxsize=8)
def _grown(column: str, makes_visits: bool, postgresql: bool) -> str:
    scoped = {kind: _scoped(kind, column, makes_visits) for kind in _SCOPED}
    return _GROWN.format(
        me=holding.ME, touched=_TOUCHED[postgresql], kept_errand=_KEPT_ERRAND, kept_visit=_KEPT_VISIT,
        morning=MORNING, branches=_branches(column, makes_visits, postgresql), **scoped,
    )


def touched(actor: Actor, bounds: Bounds, subjects: dict[tuple[str, str], int | None]) -> list[Row]:
    """The subjects of entries as they are now, and what a phone must be told along with them; one statement.

    With a resident her errands, visits and appointments, which carry her name; with those their resident; with an
    errand its notes from a moment on.
    """
    given = orjson.dumps([[kind, subject, since] for (kind, subject), since in subjects.items()]).decode()
    text = _grown(*holding.kind_of(actor), sql.on_postgresql())
    return _read(text, [*holding.me(actor, bounds), given])


def _read(text: str, params: list[object]) -> list[Row]:
    return [
        Row(window.TYPES[place], row_id, version, bool(seen), bool(kept), parent, body, made)
        for place, row_id, version, seen, kept, parent, body, made in sql.execute(text, params).fetchall()
    ]
