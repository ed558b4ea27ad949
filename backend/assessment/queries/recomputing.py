"""Scores computed anew from their lines alone, and held against what stands (rules 10.6)."""
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from backend.assessment.queries import periods, schemes, written
from backend.assessment.rules import scoring
from backend.assessment.rules.scoring import LINE, Count
from backend.core import sheets, sql
from backend.core.actor import Actor
from backend.core.problems import Conflict

AT_ONCE = 100
"""Subjects whose lines are read at a time."""
NEVER = 1 << 30
_PROOF = " || '|' || ".join(LINE)
_COUNTED = f"""
SELECT standing_id, indicator, sum(tenths), count(*), string_agg({_PROOF}, {{newline}} ORDER BY id) FROM evidence_line
WHERE district_code = ? AND period = ? AND standing_id >= ? AND standing_id <= ? AND revision < ?
GROUP BY standing_id, indicator
"""
_PLACES = "SELECT id FROM standing WHERE district_code = ? AND period = ? ORDER BY id"
_SCORES = """
SELECT standing_id, revision, total_tenths, lines, lines_sha256 FROM assessment_score
WHERE district_code = ? AND period = ? AND revision = ?
"""
_LATEST = """
SELECT s.id AS standing_id, s.total_tenths, s.lines, s.revision, c.lines_sha256, c.total_tenths AS scored
FROM standing s LEFT JOIN assessment_score c ON c.standing_id = s.id AND c.revision = s.revision
WHERE s.district_code = ? AND s.period = ?
"""


def counted(district_code: str, period: str, before: int = NEVER) -> Iterator[tuple[str, Count]]:
    """Every subject that has lines with what they come to; the database adds up and writes the proof.

    ``before`` leaves out what was written at that revision or later: 1 for the settlement.
    """
    places = [standing_id for (standing_id,) in sql.execute(_PLACES, (district_code, period)).fetchall()]
    for start in range(0, len(places), AT_ONCE):
        part = places[start:start + AT_ONCE]
        yield from _between(district_code, period, part[0], part[-1], before).items()


def own(district_code: str, period: str, standing_id: str, before: int = NEVER) -> Count:
    """What the lines of one subject come to."""
    return _between(district_code, period, standing_id, standing_id, before).get(standing_id, Count())


def _between(district_code: str, period: str, first: str, last: str, before: int) -> dict[str, Count]:
    text = _COUNTED.format(newline="chr(10)" if sql.on_postgresql() else "char(10)")
    found: dict[str, Count] = {}
    rows = sql.execute(text, (district_code, period, first, last, before)).fetchall()
    for standing_id, indicator, added, lines, proof in sorted(rows):
        found.setdefault(standing_id, Count()).add(indicator, int(added), int(lines), proof)
    return found


def verified(period: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Recompute a half-year of the actor's district from its lines: the settlement, and how all stand now.

    Conflict where lines were written meanwhile; TooMany where others are at it.
    """
    with sheets.turn():
        found = periods.seen(period, actor)
        told = compared(found)
        after = periods.seen(period, actor)
    if after["version"] != found["version"]:
        raise Conflict()
    return told


def compared(found: dict[str, Any]) -> dict[str, Any]:
    """A stored half-year against its lines: which standings differ, and whether the settlement's hash comes out."""
    district, period = found["district_code"], found["period"]
    scheme = schemes.numbered(district, found["scheme_number"])
    counts = {one: (count.sums, count.lines, count.digest) for one, count in counted(district, period)}
    nothing: tuple[dict[str, int], int, str] = ({}, 0, Count().digest)
    differing = []
    rows = sql.plain(_LATEST, (district, period))
    for row in rows:
        sums, lines, digest = counts.get(row["standing_id"], nothing)
        total = scoring.total(scheme, sums)
        same = (row["total_tenths"], row["lines"]) == (total, lines)
        if row["revision"]:
            same = same and (row["scored"], row["lines_sha256"]) == (total, digest)
        if not same:
            differing.append(row["standing_id"])
    settled = None
    if found["state"] == periods.SETTLED:
        settled = _content(district, period, scheme)
    return {
        "period": period, "subjects": len(rows), "lines": sum(lines for _, lines, _ in counts.values()),
        "differing": sorted(differing), "content_sha256": settled,
        "same": not differing and settled == found["content_sha256"],
    }


def _content(district_code: str, period: str, scheme: Any) -> str:
    """The settlement's hash, made anew from the lines that it was made of."""
    counts = {one: (count.sums, count.digest) for one, count in counted(district_code, period, 1)}
    empty = Count().digest
    settled = {row["standing_id"] for row in sql.plain(_SCORES, (district_code, period, 1))}
    told = []
    for row in written.all_of(district_code, period):
        if row["id"] in settled:
            sums, digest = counts.get(row["id"], ({}, empty))
            told.append((row["subject_type"], row["subject_id"], scoring.total(scheme, sums), digest))
    return scoring.content_sha256(told)


def sums_of(row: dict[str, Any]) -> dict[str, int]:
    """The stored sums of a standing or score."""
    return dict(orjson.loads(row["sums"]))
