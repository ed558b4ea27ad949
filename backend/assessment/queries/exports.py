"""Scores and lines of a half-year for a workbook, read piece by piece."""
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from backend.assessment.queries import periods, schemes, standings
from backend.assessment.rules import scoring
from backend.assessment.rules.schemes import Scheme, points
from backend.core import sql
from backend.core.actor import Actor

LOOK, MOST_LINES = 5000, 100_000


@dataclass(frozen=True)
class Told:
    """The half-year that is told of."""

    period: str
    district_code: str
    settled: bool
    content_sha256: str | None
    scheme: Scheme


def told(period: str, actor: Actor) -> Told:
    """The half-year of the actor's district; NotFound for any other."""
    found = periods.seen(period, actor)
    return Told(
        period, found["district_code"], found["state"] == periods.SETTLED, found["content_sha256"],
        schemes.numbered(found["district_code"], found["scheme_number"]),
    )


def scores(of: Told, kind: str, actor: Actor) -> Iterator[tuple[Any, ...]]:
    """The rows of one kind of subject, the best first."""
    condition, params = standings.within(actor)
    after: tuple[int, str] = (1 << 30, "")
    text = (
        "SELECT s.id, s.name, s.unit_code, s.total_tenths, s.settled_tenths, s.lines, s.sums, s.place FROM standing s "
        f"WHERE s.period = ? AND s.subject_type = ? AND {condition} AND (s.total_tenths, s.id) < (?, ?) "
        f"ORDER BY s.total_tenths DESC, s.id DESC LIMIT {LOOK}"
    )
    while found := sql.plain(text, [of.period, kind, *params, *after]):
        for row in found:
            settled = row["settled_tenths"]
            yield (
                row["place"], row["name"], row["unit_code"], points(row["total_tenths"]),
                scoring.grade(of.scheme, row["total_tenths"]), None if settled is None else points(settled),
                row["lines"],
                *(points(part.result) for part in scoring.parts(of.scheme, orjson.loads(row["sums"]))),
            )
        after = found[-1]["total_tenths"], found[-1]["id"]


def lines(of: Told, actor: Actor) -> Iterator[dict[str, Any]]:
    """What the scores rest on, subject by subject; no more than so many."""
    condition, params = standings.within(actor)
    after, left = ("", ""), MOST_LINES
    text = (
        "SELECT l.standing_id, l.id, s.subject_type, s.name, l.kind, l.indicator, l.tenths, l.effective_at, "
        "l.source_type, l.source_id, l.note, l.n FROM evidence_line l JOIN standing s ON s.id = l.standing_id "
        f"WHERE l.district_code = ? AND l.period = ? AND (l.standing_id, l.id) > (?, ?) AND {condition} "
        "ORDER BY l.standing_id, l.id LIMIT ?"
    )
    while left > 0:
        found = sql.rows(text, [of.district_code, of.period, *after, *params, min(LOOK, left)])
        yield from found
        if len(found) < min(LOOK, left):
            return
        after, left = (found[-1]["standing_id"], found[-1]["id"]), left - len(found)
