"""Half-years: begun, with all who belong into them; settled, once, from their lines alone (rules 10.6)."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from backend.assessment.actions import adding
from backend.assessment.models import AssessmentScore, Standing
from backend.assessment.queries import periods, schemes, subjects, written
from backend.assessment.rules import AGENT_SUBJECT, SUBJECTS, scoring
from backend.assessment.rules import periods as halves
from backend.assessment.rules.schemes import Scheme, points
from backend.assessment.rules.scoring import Count
from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.org import rules as tree
from backend.supervision.actions import watching
from backend.supervision.rules import bodies, findings

Settled = Mapping[str, tuple[dict[str, int], int, str]]
_MOVED = "UPDATE standing SET name = ?, unit_code = ?, township_code = ?, version = version + 1 WHERE id = ?"
_SETTLED = """
UPDATE standing
SET revision = 1, settled_tenths = total_tenths, place = ranked.place, tell_at = ?, version = version + 1 FROM (
    SELECT id, rank() OVER (PARTITION BY subject_type ORDER BY total_tenths DESC) AS place FROM standing
    WHERE district_code = ? AND period = ?
) AS ranked WHERE ranked.id = standing.id
"""
_CLOSED = """
UPDATE assessment_period SET state = 'settled', settled_at = ?, summary = ?, content_sha256 = ?, version = version + 1
WHERE district_code = ? AND period = ? AND state = 'open' AND version = ?
"""
_COLUMNS = (
    "standing_id", "revision", "district_code", "period", "name", "total_tenths", "sums", "lines", "lines_sha256",
    "place", "made_at",
)


@transaction
def enrol(district_code: str, period: str, *, actor: Actor, now: datetime) -> int:
    """Begin a half-year where nobody has, and have some of those who belong into it stand in it; how many."""
    held = periods.held([district_code])
    if (district_code, period) not in held:
        adding.begin(district_code, period, now)
    elif held[district_code, period]["state"] != halves.OPEN:
        return 0
    on = min(clock.local_date(now), halves.last_on(period))
    found = subjects.missing(district_code, period, on)
    adding.store([adding.stand(subject, name, district_code, period, now) for subject, name in found])
    for one in subjects.moved(district_code, period):
        sql.execute(_MOVED, (one["name"], one["unit_code"], tree.township_of(one["unit_code"]), one["id"]))
    return len(found)


@transaction
def settle(found: dict[str, Any], counted: Settled, *, actor: Actor, now: datetime) -> int:
    """Freeze the scores of a half-year as they were counted from its lines; how many.

    ``found`` is the half-year as it was before counting: where a line was written since, nothing happens (0),
    and it is counted again. A standing that says otherwise than its lines is put right.
    """
    district, period = found["district_code"], found["period"]
    held = periods.row(district, period, lock=True)
    if held is None or held["state"] != halves.OPEN or held["version"] != found["version"]:
        return 0
    scheme = schemes.numbered(district, held["scheme_number"])
    nothing: tuple[dict[str, int], int, str] = ({}, 0, Count().digest)
    rows = sorted(written.all_of(district, period), key=lambda row: (row["subject_type"], row["subject_id"]))
    for row in rows:
        sums, row["counted"], row["digest"] = counted.get(row["id"], nothing)
        row["added"] = scoring.added(sums, ())
        row["score"] = scoring.total(scheme, sums)
    places = _places(rows)
    wrong = _put_right(rows)
    moment = clock.to_micros(now)
    sql.execute(_SETTLED, (moment, district, period))
    sql.fill(AssessmentScore, _COLUMNS, [
        (row["id"], 1, district, period, row["name"], row["score"], orjson.dumps(row["added"]).decode(),
         row["counted"], row["digest"], places[row["id"]], moment) for row in rows
    ])
    watched = [row["subject_id"] for row in rows if _watch(row, scheme, actor, now)]
    content = scoring.content_sha256(
        (row["subject_type"], row["subject_id"], row["score"], row["digest"]) for row in rows
    )
    summary = _summary(rows)
    sql.execute(_CLOSED, (moment, orjson.dumps(summary).decode(), content, district, period, held["version"]))
    ledger.record(
        "assessment.settle", "assessment", f"{period}/{district}", scope=district,
        happened_at=halves.over_at(period),
        detail={"content_sha256": content, "summary": summary, "put_right": wrong, "scheme": scheme.number,
                "watched": watched},
    )
    return len(rows)


def _places(rows: list[dict[str, Any]]) -> dict[str, int | None]:
    """Each one's place among those of its kind."""
    found: dict[str, int | None] = {}
    for kind in SUBJECTS:
        some = [row for row in rows if row["subject_type"] == kind]
        found |= dict(zip([row["id"] for row in some], scoring.ranks([row["score"] for row in some])))
    return found


def _watch(row: dict[str, Any], scheme: Scheme, actor: Actor, now: datetime) -> bool:
    """Put a body that is settled under the scheme's mark on the watch-list; whether it was not on it yet."""
    if row["score"] >= scheme.watch_below or row["subject_type"] == AGENT_SUBJECT:
        return False
    body = bodies.columns(row["subject_id"], row["district_code"], row["name"])
    reason = f"{row['period']}考核得{points(row['score'])}分"
    source = ("standing", row["id"])
    return watching.put_on(body, findings.BY_SCORE, reason=reason, source=source, actor=actor, now=now) is not None


def _put_right(rows: list[dict[str, Any]]) -> list[str]:
    """Bring standings that differ from their lines up to them; their ids."""
    wrong = []
    for row in rows:
        if (row["total_tenths"], row["lines"]) != (row["score"], row["counted"]):
            wrong.append(row["id"])
            sql.amend(
                Standing, row["id"], row["version"], total_tenths=row["score"], lines=row["counted"], sums=row["added"]
            )
    return wrong


def _summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How many of each kind, and their average with one decimal."""
    found = {}
    for kind in SUBJECTS:
        scores = [row["score"] for row in rows if row["subject_type"] == kind]
        average = None if not scores else (2 * sum(scores) + len(scores)) // (2 * len(scores)) / 10
        found[kind] = {"count": len(scores), "average": average}
    return found
