"""Lines and standings as they are stored, for those who add to them."""
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from backend.assessment.rules.evidence import Subject, Written
from backend.core import sql

Key = tuple[str, str]
StandingKey = tuple[str, str, str, str]
_BY_SOURCE = """
SELECT l.source_type, l.source_id, l.id, l.standing_id, l.kind, s.subject_type, s.subject_id, l.indicator, l.tenths,
       l.n, r.cause AS reversed_by
FROM evidence_line l JOIN standing s ON s.id = l.standing_id
LEFT JOIN evidence_line r ON r.source_type = l.source_type AND r.source_id = l.source_id AND r.kind = l.kind
     AND r.standing_id = l.standing_id AND r.n = -l.n
WHERE l.source_type = ? AND l.source_id IN ({}) AND l.n > 0
"""
_STANDINGS = """
SELECT id, district_code, period, subject_type, subject_id, name, unit_code, township_code, total_tenths, sums, lines,
       revision, version
FROM standing
"""
AT_ONCE = 200


def of_sources(keys: Collection[Key]) -> dict[Key, list[Written]]:
    """The lines of these sources, reversing ones left out, each with what reversed it."""
    found: dict[Key, list[Written]] = defaultdict(list)
    by_type: dict[str, list[str]] = defaultdict(list)
    for source_type, source_id in sorted(set(keys)):
        by_type[source_type].append(source_id)
    for source_type, ids in by_type.items():
        for start in range(0, len(ids), AT_ONCE):
            part = ids[start:start + AT_ONCE]
            for row in sql.plain(_BY_SOURCE.format(", ".join("?" * len(part))), (source_type, *part)):
                key = row.pop("source_type"), row.pop("source_id")
                found[key].append(Written(**row))
    return found


def standings(wanted: Iterable[tuple[str, Subject]], district_code: str) -> dict[StandingKey, dict[str, Any]]:
    """The standings of these subjects in their half-years, where there are any."""
    found: dict[StandingKey, dict[str, Any]] = {}
    by_kind: dict[tuple[str, str], set[str]] = defaultdict(set)
    for period, subject in wanted:
        by_kind[period, subject.type].add(subject.id)
    for (period, kind), ids in by_kind.items():
        text = f"{_STANDINGS} WHERE period = ? AND subject_type = ? AND district_code = ? AND subject_id IN ({{}})"
        some = sorted(ids)
        for row in sql.plain(text.format(", ".join("?" * len(some))), (period, kind, district_code, *some)):
            found[period, kind, row["subject_id"], district_code] = row
    return found


def by_id(standing_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Standings by their ids."""
    ids = sorted(set(standing_ids))
    if not ids:
        return {}
    rows = sql.plain(f"{_STANDINGS} WHERE id IN ({', '.join('?' * len(ids))})", ids)
    return {row["id"]: row for row in rows}


def all_of(district_code: str, period: str) -> list[dict[str, Any]]:
    """Every standing of a half-year."""
    return sql.plain(f"{_STANDINGS} WHERE district_code = ? AND period = ?", (district_code, period))
