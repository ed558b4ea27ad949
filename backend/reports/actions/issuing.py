"""Issuing a bulletin: its body is frozen, its hash goes into the ledger, and nothing changes it again (rules 7.5)."""
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import adjustable, clock, ledger, sql
from backend.core.actor import Actor
from backend.core.adjustable import Adjustable
from backend.core.problems import NotFound, StaleVersion
from backend.core.transaction import transaction
from backend.org.rules import scope
from backend.reports.actions import obligations
from backend.reports.models import Bulletin, BulletinRevision
from backend.reports.queries import bulletins, gathering
from backend.reports.queries import obligations as owing
from backend.reports.rules import bulletins as rules
from backend.reports.rules import weeks

_ALONE = "LOCK TABLE report IN SHARE ROW EXCLUSIVE MODE"
_NUMBER = "SELECT COALESCE(max(number), 0) + 1 FROM bulletin WHERE district_code = ? AND year = ?"
_TOLD = """
INSERT INTO bulletin_revision (report_id, n, district_code, week)
SELECT report_id, n, district_code, week FROM report_revision
WHERE report_id BETWEEN ? AND ? AND district_code = ?
"""
SUMMARY = ("expected", "received", "received_rate_percent", "on_time", "on_time_rate_percent")


adjustable.declare(Adjustable(rules.SETTING, rules.USUAL, rules.check_setting))


@transaction
def issue(week: str, *, actor: Actor, now: datetime) -> str:
    """Issue the bulletin of the actor's district; the week.

    NotFound for what is no week, NotYetDue before the due moment, AlreadyIssued a second time, StaleVersion.
    """
    return issue_in(scope.district(actor), week, actor=actor, now=now)


@transaction
def issue_in(district_code: str, week: str, *, actor: Actor, now: datetime) -> str:
    """Issue the bulletin of a district's week.

    No report is filed while it is made, so that each text is told either by it or, as an erratum, by a later one.
    """
    if weeks.monday_of(week) is None:
        raise NotFound()
    if sql.on_postgresql():
        sql.execute(_ALONE)
    if bulletins.frozen(district_code, week) is not None:
        raise rules.AlreadyIssued()
    rules.check_issuable(week, calendars.calendar(), now)
    if actor.call.if_match not in (None, 0):
        raise StaleVersion()
    _freeze(district_code, week, actor, now)
    gathered = gathering.gathered(district_code, week, now)
    _tell(district_code, week, gathered.told)
    body = gathered.body | _head(gathered.body, now)
    content = rules.canonical(body)
    digest = rules.sha256(content)
    sql.insert(
        Bulletin, district_code=district_code, week=week, year=body["year"], number=body["number"], body=content,
        content_sha256=digest, summary={name: body[name] for name in SUMMARY}, issued_at=now, issued_by=actor.id,
    )
    ledger.record(
        "bulletin.issue", "bulletin", f"{week}/{district_code}", scope=district_code,
        detail={"number": body["number"], "content_sha256": digest} | {name: body[name] for name in SUMMARY},
    )
    return week


def _freeze(district_code: str, week: str, actor: Actor, now: datetime) -> None:
    """Freeze what has fallen due and the clock's own pass has not seen yet, or left out (decision 0176)."""
    last = owing.last_frozen().get(district_code)
    after = last if last is not None and last < week else weeks.preceding(week)
    for each in weeks.between(after, week):
        obligations.freeze(district_code, each, actor=actor, now=now)


def _tell(district_code: str, week: str, errata: list[tuple[str, int]]) -> None:
    """Enter that the week's texts, and the errata, are told by this bulletin."""
    sql.execute(_TOLD, (f"{week}/{'0' * 12}", f"{week}/{'9' * 12}", district_code))
    sql.insert_many(BulletinRevision, [
        {"report_id": report_id, "n": n, "district_code": district_code, "week": week} for report_id, n in errata
    ])


def _head(body: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Number and moment of the issue, and where the ledger stood."""
    seq, last = ledger.locked_head()
    return {
        "number": int(sql.value(_NUMBER, (body["district"]["code"], body["year"]))),
        "issued_at": clock.wire(now), "ledger": {"seq": seq, "hash": last.hex()},
    }
