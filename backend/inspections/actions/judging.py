"""The duty of a visit a month: the supervising office is reminded of it, and flagged itself where it fell short."""
from datetime import datetime

from backend.clocks import queries as calendars
from backend.core import adjustable, clock, ledger, monthly, sql
from backend.core.actor import Actor
from backend.core.adjustable import Adjustable
from backend.core.transaction import transaction
from backend.inspections.queries import plans
from backend.inspections.rules import months
from backend.notifications.actions import outbox
from backend.people.queries import posts
from backend.visits.queries import agents

SUBJECT = "inspection_month"
_BEGIN = """
INSERT INTO inspection_month (district_code, month, detected_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
"""
_JUDGE = """
INSERT INTO inspection_month (district_code, month, least, made, short, effective_at, detected_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (district_code, month) DO UPDATE SET least = excluded.least, made = excluded.made, short = excluded.short,
effective_at = excluded.effective_at, detected_at = excluded.detected_at
WHERE inspection_month.detected_at IS NULL
"""
_REMIND = """
INSERT INTO inspection_month (district_code, month, reminded_at) VALUES (?, ?, ?)
ON CONFLICT (district_code, month) DO UPDATE SET reminded_at = excluded.reminded_at
WHERE inspection_month.reminded_at IS NULL
"""


def _changed() -> None:
    """Nobody keeps this setting: it is read when it is asked for."""


adjustable.declare(Adjustable(months.SETTING, months.USUAL, months.check_setting, _changed))


@transaction
def begin(district_code: str, month: str, *, actor: Actor, now: datetime) -> int:
    """Mark the last month that was over before this district was seen: nobody owed it."""
    return sql.run(_BEGIN, (district_code, month, clock.to_micros(now)))


@transaction
def judge(district_code: str, month: str, *, actor: Actor, now: datetime) -> int:
    """Judge a month that is over, once: 1 where the supervising office is flagged.

    What was made is what was recorded by the moment of judgement, whenever that is noticed.
    """
    due_at = months.judged_at(month, calendars.calendar())
    least, made = plans.least(monthly.first_on(month)), plans.made(district_code, month, due_at)
    short = made < least
    moments = clock.to_micros(due_at), clock.to_micros(now)
    if sql.run(_JUDGE, (district_code, month, least, made, short, *moments)) == 0:
        return 0
    ledger.record(
        "inspection_month.judge", SUBJECT, f"{month}/{district_code}", happened_at=due_at,
        outcome="short" if short else "done", detail={"least": least, "made": made},
    )
    if short:
        head = posts.answering(district_code, "head")["account_id"]
        _tell("inspections_short", district_code, month, least, [head] if head else [], actor, now)
    return int(short)


@transaction
def remind(district_code: str, month: str, *, actor: Actor, now: datetime) -> int:
    """Remind the supervisors, once a month, while there is time; 1 where they were lacking something."""
    if sql.run(_REMIND, (district_code, month, clock.to_micros(now))) == 0:
        return 0
    least = plans.least(monthly.first_on(month))
    if plans.made(district_code, month, now) >= least:
        return 0
    _tell("inspections_lacking", district_code, month, least, [], actor, now)
    ledger.record("inspection_month.remind", SUBJECT, f"{month}/{district_code}", detail={"least": least})
    return 1


def _tell(
    act: str, district_code: str, month: str, least: int, others: list[str], actor: Actor, now: datetime
) -> None:
    for account_id in dict.fromkeys([*agents.supervisors(district_code), *others]):
        outbox.post(
            act, to=account_id, subject_type=SUBJECT, subject_id=f"{month}/{district_code}", unit_code=district_code,
            values={"month": month, "least": least}, dedupe=f"{act}:{district_code}:{month}:{account_id}",
            actor=actor, now=now,
        )
