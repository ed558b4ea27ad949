"""Residents' voice: upheld complaints, low ratings, moments let pass. Asked when a half-year is over, all at once.

Had a line been written at once, the rated would see in his score when and by whom he was rated or complained about.
Ratings count for an agent with five answers or more, and for a unit those of such agents only: what it says less
what they say tells of nobody.
"""
from collections import Counter
from typing import Any

from backend.assessment.queries.sources import parts
from backend.assessment.rules import AGENT_SUBJECT, UNIT_SUBJECT, periods
from backend.assessment.rules.evidence import Evidence, Subject, Wanted
from backend.core import clock, sql

LEAST_ANSWERS = 5
LEVELS = {1: "rating_lowest", 2: "rating_low"}
COMPLAINT, RATINGS, LAPSE = "complaint", "ratings", "voice_lapse"
_CLOSED = """
SELECT id FROM complaint
WHERE district_code = ? AND state = 'closed' AND upheld AND closed_at >= ? AND closed_at < ?
"""
_WRITTEN = """
SELECT DISTINCT source_id FROM evidence_line
WHERE source_type = ? AND district_code || '' = ? AND period || '' <= ?
"""
"""By the index of sources: that of half-years would walk over all lines."""
_COMPLAINTS = """
SELECT id, number, state, upheld, unit_code, account_id, agent_id FROM complaint WHERE district_code = ? AND id IN ({})
"""
_RATINGS = """
SELECT agent_id, unit_code, level, count(*) AS times FROM rating
WHERE district_code = ? AND round = 1 AND excluded_at IS NULL AND rated_at >= ? AND rated_at < ?
GROUP BY agent_id, unit_code, level
"""
_LAPSES = """
SELECT id, code, kind FROM voice_lapse WHERE district_code = ? AND effective_at >= ? AND effective_at < ?
"""


def closing(district_code: str, period: str) -> list[Evidence]:
    """What residents say of a half-year that is over, and of what became of earlier ones."""
    span = _span(period)
    found = _complaints(district_code, period, span)
    for each in sorted({period, *_told_before(district_code, period)}):
        found += _ratings(district_code, each, _written(RATINGS, district_code, period))
    for row in sql.plain(_LAPSES, (district_code, *span)):
        subject = Subject(UNIT_SUBJECT, row["code"], row["code"])
        found.append(Evidence(LAPSE, row["id"], _end(period), (Wanted("voice_late", subject),)))
    return found


def _span(period: str) -> tuple[int, int]:
    first = clock.at_local(periods.first_on(period), 0)
    return clock.to_micros(first), clock.to_micros(periods.over_at(period))


def _end(period: str) -> Any:
    """The moment at which all of it counts: the last of the half-year."""
    return periods.over_at(period) - clock.MICROSECOND


def _written(source_type: str, district_code: str, period: str) -> set[str]:
    rows = sql.execute(_WRITTEN, (source_type, district_code, period)).fetchall()
    return {source_id for (source_id,) in rows}


def _told_before(district_code: str, period: str) -> set[str]:
    return {source_id.partition("/")[0] for source_id in _written(RATINGS, district_code, period)}


def _complaints(district_code: str, period: str, span: tuple[int, int]) -> list[Evidence]:
    """Those closed as upheld in the half-year, and those counted before, which may have been reopened."""
    closed = {row["id"] for row in sql.plain(_CLOSED, (district_code, *span))}
    found = []
    for row in parts.rows(_COMPLAINTS, closed | _written(COMPLAINT, district_code, period), district_code):
        holds = row["state"] == "closed" and row["upheld"]
        wanted = tuple(Wanted("complaint_upheld", one) for one in _subjects(row)) if holds else ()
        found.append(Evidence(COMPLAINT, row["id"], _end(period), wanted, row["number"]))
    return found


def _subjects(row: dict[str, Any]) -> list[Subject]:
    person = row["account_id"] or row["agent_id"]
    unit = [Subject(UNIT_SUBJECT, row["unit_code"], row["unit_code"])]
    return unit + ([Subject(AGENT_SUBJECT, person, row["unit_code"])] if person else [])


def _ratings(district_code: str, period: str, before: set[str]) -> list[Evidence]:
    """One source for each agent and unit, so that no single rating shows."""
    agents: dict[tuple[str, str], Counter[int]] = {}
    for row in sql.plain(_RATINGS, (district_code, *_span(period))):
        agents.setdefault((row["agent_id"], row["unit_code"]), Counter())[row["level"]] += row["times"]
    said: dict[Subject, Counter[int]] = {}
    for (agent_id, unit_code), levels in sorted(agents.items()):
        if levels.total() >= LEAST_ANSWERS:
            for subject in (Subject(AGENT_SUBJECT, agent_id, unit_code), Subject(UNIT_SUBJECT, unit_code, unit_code)):
                said.setdefault(subject, Counter()).update(levels)
    found = {
        f"{period}/{subject.id}": tuple(
            Wanted(kind, subject, levels[level]) for level, kind in LEVELS.items() if levels[level]
        )
        for subject, levels in said.items()
    }
    gone = {source_id for source_id in before if source_id.startswith(f"{period}/")}
    return [Evidence(RATINGS, one, _end(period), found.get(one, ())) for one in sorted({*found, *gone})]
