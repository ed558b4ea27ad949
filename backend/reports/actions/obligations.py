"""Freezing who owed a report, and telling the townships that have not filed (rules 7.1, 7.4)."""
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.notifications.actions import outbox
from backend.people.queries import posts
from backend.reports.models import Obligation
from backend.reports.queries import obligations
from backend.reports.queries.reports import report_id
from backend.reports.rules import weeks

STALE = timedelta(days=7)
"""What nobody could be told for so long is told no more."""
_MOMENT = """
INSERT INTO report_moment (district_code, week, kind, effective_at, detected_at, owed) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_OWED = """
UPDATE report_moment SET owed = ?, effective_at = ?, detected_at = ?
WHERE district_code = ? AND week = ? AND kind = ? AND owed IS NULL
"""
_CLIMBED = """
UPDATE obligation SET climb_at = NULL, climbed_at = ? WHERE week = ? AND unit_code = ? AND climb_at IS NOT NULL
"""


@transaction
def begin(district_code: str, week: str, *, actor: Actor, now: datetime) -> int:
    """Mark the last week that was over before anybody reported here: nobody owed it; 1 where it was not marked."""
    return _come(district_code, week, weeks.DUE, None, None, now)


@transaction
def freeze(district_code: str, week: str, *, actor: Actor, now: datetime) -> int:
    """Freeze a district's obligations of a week that has fallen due; how many, 0 where it was done before.

    Owed by the townships in office on the due day, due at its close (rules 7.1). A week without working day owes
    nothing. Those that have not filed climb to head and office; the office is told of all in one notice.
    """
    due = weeks.due_of(week, calendars.calendar())
    owing = obligations.standing(district_code, week, due.on) if due.on and due.at else []
    if _come(district_code, week, weeks.DUE, due.at, len(owing), now) == 0:
        params = (len(owing), _micros(due.at), clock.to_micros(now), district_code, week, weeks.DUE)
        if sql.run(_OWED, params) == 0:
            return 0
    if due.at is None or not owing:
        return 0
    missing = [one for one in owing if one["filed_at"] is None]
    late = {one["unit_code"] for one in owing if one["filed_at"] is None or one["filed_at"] > due.at}
    sql.insert_many(Obligation, [
        {
            "week": week, "unit_code": one["unit_code"], "district_code": district_code, "name": one["name"],
            "due_at": due.at, "frozen_at": now, "missing": one["unit_code"] in late,
            "climb_at": due.at if one["filed_at"] is None else None,
        }
        for one in owing
    ])
    if missing:
        _tell_office(district_code, week, due.at, len(owing), missing, actor, now)
    ledger.record(
        "report.due", "report_week", f"{week}/{district_code}", scope=district_code, happened_at=due.at,
        detail={"owed": len(owing), "missing": [one["unit_code"] for one in missing]},
    )
    return len(owing)


def _micros(instant: datetime | None) -> int | None:
    return None if instant is None else clock.to_micros(instant)


def _come(
    district_code: str, week: str, kind: str, effective_at: datetime | None, owed: int | None, now: datetime
) -> int:
    params = (district_code, week, kind, _micros(effective_at), clock.to_micros(now), owed)
    return sql.run(_MOMENT, params)


def _tell_office(
    district_code: str, week: str, due_at: datetime, expected: int, missing: Sequence[dict[str, Any]], actor: Actor,
    now: datetime,
) -> None:
    to = posts.answering(district_code, "duty")["account_id"]
    if to is None or now >= due_at + STALE:
        return
    names = [one["name"] for one in missing]
    outbox.post(
        "reports_missing", to=to, subject_type="report_week", subject_id=f"{week}/{district_code}",
        unit_code=district_code, dedupe=f"reports:{week}:{district_code}:missing",
        values={"week": week, "due": due_at, "expected": expected, "count": len(missing), "units": names},
        not_after=due_at + STALE, actor=actor, now=now,
    )


@transaction
def climb(batch: list[dict[str, Any]], *, actor: Actor, now: datetime) -> int:
    """Tell the heads of townships that their report is missing, once; how many. One filed meanwhile is let be."""
    count = 0
    for one in batch:
        week, code = one["week"], one["unit_code"]
        if sql.run(_CLIMBED, (clock.to_micros(now), week, code)) == 0:
            continue
        count += 1
        to = posts.answering(code, "head")
        if one["filed_at"] is None and to["account_id"] is not None and now < one["due_at"] + STALE:
            _post("report_missing", to["account_id"], one, f"report:{week}/{code}:missing", one["due_at"] + STALE,
                  actor, now)
        ledger.record(
            "report.climb", "report", report_id(week, code), scope=code, happened_at=one["due_at"],
            detail={"to": to["account_id"], "post": to["post"], "filed_meanwhile": one["filed_at"] is not None},
        )
    return count


@transaction
def remind(
    batch: list[dict[str, Any]], kind: str, effective_at: datetime, *, actor: Actor, now: datetime
) -> int:
    """Remind the townships' duty posts that their report is due, once per kind of reminder; how many."""
    count = 0
    for one in batch:
        to = posts.answering(one["unit_code"], "duty")
        if to["account_id"] is None:
            continue
        dedupe = f"report:{one['week']}/{one['unit_code']}:{kind}"
        if _post("report_reminder", to["account_id"], one, dedupe, one["due_at"], actor, now):
            count += 1
            ledger.record(
                "report.remind", "report", report_id(one["week"], one["unit_code"]), scope=one["unit_code"],
                happened_at=effective_at, detail={"kind": kind, "to": to["account_id"]},
            )
    return count


def _post(
    template: str, to: str, one: dict[str, Any], dedupe: str, not_after: datetime, actor: Actor, now: datetime
) -> str | None:
    return outbox.post(
        template, to=to, subject_type="report", subject_id=report_id(one["week"], one["unit_code"]),
        unit_code=one["unit_code"], values={"unit": one["name"], "week": one["week"], "due": one["due_at"]},
        dedupe=dedupe, not_after=not_after, actor=actor, now=now,
    )


@transaction
def reminded(
    district_code: str, week: str, kind: str, effective_at: datetime, *, actor: Actor, now: datetime
) -> int:
    """Note that all townships of a district were reminded, so that nobody looks again."""
    return _come(district_code, week, kind, effective_at, None, now)
