"""Lines and what follows from them: the only place that writes lines, standings and later scores.

Whoever calls holds the half-year's row, so that a settlement and a line never pass each other by.
"""
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.assessment.models import AssessmentPeriod, AssessmentScore, EvidenceLine, Standing
from backend.assessment.queries import recomputing, schemes
from backend.assessment.rules import scoring
from backend.assessment.rules.evidence import Due, Evidence, Subject, Written
from backend.assessment.rules.schemes import BASE, Scheme
from backend.core import ids, ledger, sql
from backend.core.problems import Conflict
from backend.org import rules as tree

Row = dict[str, Any]
PLUS_ONE = "UPDATE assessment_period SET version = version + 1 WHERE district_code = ? AND period = ?"


def begin(district_code: str, period: str, now: datetime) -> Row:
    """Begin a half-year with the scheme that holds in it; its row."""
    scheme = schemes.holding(district_code, period)
    sql.insert(
        AssessmentPeriod, district_code=district_code, period=period, state="open", scheme_number=scheme.number,
        begun_at=now,
    )
    ledger.record(
        "assessment.begin", "assessment", f"{period}/{district_code}", scope=district_code,
        detail={"scheme": scheme.number},
    )
    return {
        "district_code": district_code, "period": period, "state": "open", "scheme_number": scheme.number,
        "settled_at": None, "version": 1,
    }


def stand(subject: Subject, name: str, district_code: str, period: str, now: datetime) -> Row:
    """A standing without lines, not stored yet."""
    return {
        "id": ids.new(now), "district_code": district_code, "period": period, "subject_type": subject.type,
        "subject_id": subject.id, "name": name, "unit_code": subject.unit_code,
        "township_code": tree.township_of(subject.unit_code), "total_tenths": BASE, "sums": {}, "lines": 0,
        "revision": 0, "version": 1,
    }


def store(standings: list[Row]) -> None:
    """Insert standings as :func:`stand` makes them."""
    sql.insert_many(Standing, standings)


@dataclass
class Writing:
    """Lines that one act or one pass of the job writes; ``done`` stores them and all that follows."""

    made_by: str
    now: datetime
    rows: list[Row] = field(default_factory=list)
    standings: dict[str, Row] = field(default_factory=dict)
    added: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))

    def write(self, standing: Row, said: Evidence, due: Due, n: int, cause: str) -> str:
        """A line for somebody; its id."""
        return self._line(
            standing, said.source_type, said.source_id, due.kind, n, due.indicator, due.tenths, said.effective_at,
            cause, said.note[:200] or None,
        )

    def reverse(
        self, standing: Row, source: tuple[str, str], line: Written, effective_at: datetime, cause: str,
        note: str | None = None,
    ) -> str:
        """A line that takes another one back; its id. The database refuses a second one."""
        return self._line(
            standing, *source, line.kind, -line.n, line.indicator, -line.tenths, effective_at, cause, note
        )

    def _line(
        self, standing: Row, source_type: str, source_id: str, kind: str, n: int, indicator: str, tenths: int,
        effective_at: datetime, cause: str, note: str | None,
    ) -> str:
        line_id = ids.new(self.now)
        self.rows.append({
            "id": line_id, "district_code": standing["district_code"], "period": standing["period"],
            "standing_id": standing["id"], "source_type": source_type, "source_id": source_id, "kind": kind, "n": n,
            "indicator": indicator, "tenths": tenths, "effective_at": effective_at, "made_at": self.now,
            "made_by": self.made_by, "cause": cause, "note": note, "revision": standing["revision"],
        })
        self.standings[standing["id"]] = standing
        self.added[standing["id"]].append((indicator, tenths))
        return line_id

    def done(self) -> int:
        """Store the lines, bring standings and settled scores up to them, enter it in the ledger; how many lines."""
        sql.insert_many(EvidenceLine, self.rows)
        for standing_id, more in self.added.items():
            self._bring_up(self.standings[standing_id], more)
        for period, district in sorted({(row["period"], row["district_code"]) for row in self.rows}):
            sql.execute(PLUS_ONE, (district, period))
            ledger.record(
                "assessment.add", "assessment", f"{period}/{district}", scope=district,
                detail={"lines": [
                    {"id": row["id"], "standing_id": row["standing_id"], "kind": row["kind"],
                     "tenths": row["tenths"], "cause": row["cause"]}
                    for row in self.rows if (row["period"], row["district_code"]) == (period, district)
                ]},
            )
        return len(self.rows)

    def _bring_up(self, standing: Row, more: list[tuple[str, int]]) -> None:
        scheme = scheme_of(standing["district_code"], standing["period"])
        sums = scoring.added(recomputing.sums_of(standing) if standing["lines"] else {}, more)
        total, lines = scoring.total(scheme, sums), standing["lines"] + len(more)
        values: Row = {"sums": sums, "total_tenths": total, "lines": lines}
        if standing["revision"]:
            values |= {"revision": standing["revision"] + 1, "tell_at": self.now}
            self._score(standing, sums, total, lines)
        if not sql.amend(Standing, standing["id"], standing["version"], **values):
            raise Conflict()

    def _score(self, standing: Row, sums: dict[str, int], total: int, lines: int) -> None:
        count = recomputing.own(standing["district_code"], standing["period"], standing["id"])
        sql.insert(
            AssessmentScore, standing_id=standing["id"], revision=standing["revision"] + 1,
            district_code=standing["district_code"], period=standing["period"], name=standing["name"],
            total_tenths=total, sums=sums, lines=lines, lines_sha256=count.digest, place=None, made_at=self.now,
        )


def scheme_of(district_code: str, period: str) -> Scheme:
    """The scheme with which a half-year was begun."""
    number = sql.value(
        "SELECT scheme_number FROM assessment_period WHERE district_code = ? AND period = ?", (district_code, period)
    )
    return schemes.numbered(district_code, int(number))
