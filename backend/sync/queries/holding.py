"""What a phone should hold now: the ids and versions of an account's rows within a window.

``me`` names the reader once; the parts below refer to it, so that a text is the same for all readers of a kind.
"""
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from backend.appointments.rules import states
from backend.core import clock, sql
from backend.core.actor import Actor
from backend.errands import rules as errands
from backend.org import rules as tree
from backend.org.rules import scope
from backend.sync.rules import window
from backend.sync.rules.window import Bounds
from backend.visits.queries import scope as visits

ME = """
me AS (SELECT CAST(? AS text) AS id, CAST(? AS text) AS code, CAST(? AS text) AS township,
              CAST(? AS bigint) AS since, CAST(? AS bigint) AS morning)
"""
DESK = "unit_code"
"""The scope of agents and operators: their own unit."""
FAR = clock.to_micros(clock.NEVER)
OPEN = ", ".join(f"'{state}'" for state in errands.OPEN_STATES)
OVER = ", ".join(f"'{state}'" for state in errands.OVER)
_ALL = ", ".join(f"'{state}'" for state in states.STATES)
CODE, MYSELF, MORNING = "(SELECT code FROM me)", "(SELECT id FROM me)", "(SELECT morning FROM me)"
TOWNSHIP, SINCE = "(SELECT township || '' FROM me)", "(SELECT since + 0 FROM me)"
"""Compared with indexed expressions, which have no type of their own: nor may these (SQLite passes the index over)."""


def kind_of(actor: Actor) -> tuple[str, bool]:
    """What the texts differ by: the column that bounds what the reader sees, and whether he makes visits himself."""
    return scope.column(actor)[0], visits.makes_visits(actor)


def me(actor: Actor, bounds: Bounds) -> list[Any]:
    """The parameters of ``me``."""
    code = scope.column(actor)[1]
    return [actor.id, code, tree.township_of(code)[:9], bounds.ended, bounds.appointments]


@lru_cache(maxsize=8)
def held(column: str, makes_visits: bool) -> str:
    """The parts of a statement, from ``me`` to ``held(place, id, version, ended)``: all that the phone should hold.

    ``place`` is the rank of the type, ``ended`` the moment at which it ended, far off for what has not.
    """
    placed = " UNION ALL ".join(
        f"SELECT {place} AS place, id, version, ended FROM held_{kind}" for place, kind in enumerate(window.TYPES)
    )
    return f"""
WITH {ME}, held_errand AS MATERIALIZED (
    SELECT e.id, e.version, e.resident_id, {FAR} AS ended FROM errand e
    WHERE e.{column} = {CODE} AND e.state IN ({OPEN})
    UNION ALL
    SELECT e.id, e.version, e.resident_id, COALESCE(e.closed_at, e.finished_at) FROM errand e
    WHERE e.{column} = {CODE} AND e.state || '' IN ({OVER}) AND COALESCE(e.closed_at, e.finished_at) >= {SINCE}
), held_visit AS MATERIALIZED ({_visits(column, makes_visits)}), held_resident AS (
    SELECT r.id, r.version, max(h.ended) AS ended FROM (
        SELECT resident_id, ended FROM held_errand UNION ALL SELECT resident_id, ended FROM held_visit
    ) AS h JOIN resident r ON r.id = h.resident_id WHERE r.erased_at IS NULL GROUP BY r.id, r.version
), held_note AS (
    SELECT n.id, n.version, h.ended FROM held_errand h CROSS JOIN errand_note n WHERE n.errand_id = h.id
), held_appointment AS (
    SELECT p.id, p.version, {FAR} AS ended FROM appointment p
    WHERE p.{column} = {CODE} AND p.state IN ({_ALL}) AND p.order_at >= {MORNING}
), held_file AS (
    SELECT f.id, f.version, f.made_at AS ended FROM file f
    WHERE substr(f.unit_code, 1, 9) = {TOWNSHIP} AND f.made_at >= {SINCE} AND {file_scope(column)}
), held AS ({placed})
"""


def _visits(column: str, makes_visits: bool) -> str:
    bounds = [f"v.{column} = {CODE}", *([f"v.agent_id = {MYSELF}"] if makes_visits else [])]
    return " UNION ".join(
        f"SELECT v.id, v.version, v.resident_id, {ended} AS ended FROM visit v WHERE {bound} AND {when}"
        for bound in bounds
        for ended, when in ((FAR, "v.ended_at IS NULL"), ("v.ended_at", f"v.ended_at >= {SINCE}"))
    )


def file_scope(column: str) -> str:
    """Which files of the township are the reader's."""
    return f"f.unit_code = {CODE}" if column == DESK else f"substr(f.unit_code, 1, 9) = {TOWNSHIP}"


_COUNTED = """
SELECT place, count(*), sum(CASE WHEN ended >= ? THEN 1 ELSE 0 END), sum(CASE WHEN ended >= ? THEN 1 ELSE 0 END),
       sum(CASE WHEN ended >= ? THEN 1 ELSE 0 END), '' FROM held GROUP BY place
UNION ALL SELECT -1, h.seq, 0, 0, 0, s.epoch FROM ledger_head h CROSS JOIN sync_state s
"""


def counted(actor: Actor, spans: Mapping[int, Bounds]) -> tuple[int, str, list[int]]:
    """The head, the epoch, and how many rows the phone should hold for each of the SPANS; one statement."""
    longest, *shorter = window.SPANS
    params = [*me(actor, spans[longest]), *(spans[days].ended for days in shorter)]
    seq, epoch, rows = 0, "", [0] * len(window.SPANS)
    for place, *counts, text in sql.execute(held(*kind_of(actor)) + _COUNTED, params).fetchall():
        if place < 0:
            seq, epoch = counts[0], text
        else:
            rows = [before + int(count) for before, count in zip(rows, counts)]
    return seq, epoch, rows


_VERSIONS = "SELECT place, id, version FROM held"


def versions(actor: Actor, bounds: Bounds) -> dict[str, list[str]]:
    """``id:version`` of all that the phone should hold, by type, in order; one statement."""
    found: dict[str, list[str]] = {kind: [] for kind in window.TYPES}
    for place, row_id, version in sql.execute(held(*kind_of(actor)) + _VERSIONS, me(actor, bounds)).fetchall():
        found[window.TYPES[place]].append(f"{row_id}:{version}")
    return {kind: sorted(lines) for kind, lines in found.items()}
