"""Routes of the calendar: public to read, changed by admins."""
from datetime import date, datetime, timedelta
from typing import Any

from backend.clocks import queries, rules
from backend.clocks.actions import closures, years
from backend.clocks.rules import notices, wording
from backend.clocks.rules.stops import stops_of
from backend.clocks.schemas.calendar import (
    CalendarDaysShape,
    ClosureBody,
    ClosureShape,
    ClosuresQuery,
    DaysQuery,
    DeadlineQuery,
    DeadlineShape,
    ImportQuery,
    ImportShape,
    NoticeBody,
    YearShape,
)
from backend.core import clock, http
from backend.core.actor import ADMIN, Actor
from backend.core.faults import wants_english
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound, StaleVersion, invalid
from backend.core.shapes import ListQuery
from backend.org import queries as units

MOST_DAYS = 400
ADMINS = frozenset({ADMIN})
CLOSURES_AHEAD = timedelta(days=2000)

blp = http.Blueprint("calendar", description="工作日历 · working days, closures, deadlines")


@blp.reads("/calendar/days", roles=http.PUBLIC, query=DaysQuery(), answers=CalendarDaysShape(), tagged=False)
def days(*, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """Each date of a stretch of at most 400 days: work, rest, holiday or makeup."""
    from_on, to_on = query["from"], query["to"]
    if to_on < from_on:
        raise invalid("to", "不得早于 from", "Must not be before from.")
    if (to_on - from_on).days >= MOST_DAYS:
        raise invalid("to", f"至多 {MOST_DAYS} 天", f"At most {MOST_DAYS} days.")
    return {"items": queries.days(from_on, to_on), "next_cursor": None}


@blp.reads(
    "/calendar/deadline", roles=http.PUBLIC, query=DeadlineQuery(), answers=DeadlineShape(), tagged=False
)
def deadline(*, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """When an errand accepted then would be due, explained day by day."""
    accepted_at = query["accepted_at"] or now
    accepted_on = clock.local_date(accepted_at)
    if accepted_on.year < notices.FIRST_YEAR:
        first = notices.FIRST_YEAR
        raise invalid("accepted_at", f"不得早于 {first} 年", f"Must not be before {first}.")
    stops = stops_of(accepted_on, query["suspended"], query["interrupted"])
    closed = _closed(query["unit_code"], accepted_on)
    limit = rules.limit_of(accepted_at, query["working_days"], queries.calendar(), stops, closed)
    assert limit.due_on is not None
    english = wants_english()
    return {
        "accepted_at": accepted_at, "working_days": query["working_days"],
        "due_at": rules.close_of(limit.due_on), "provisional": limit.provisional,
        "days": [
            {"date": day.date, "counted": day.counted, "reason": day.reason, "text": wording.told(day, english)}
            for day in limit.days
        ],
    }


def _closed(unit_code: str | None, accepted_on: date) -> frozenset[date]:
    if unit_code is not None and units.unit(unit_code) is None:
        raise invalid("unit_code", "没有这个机构", "No such unit.")
    return queries.closures(unit_code, accepted_on, accepted_on + CLOSURES_AHEAD)


@blp.lists("/calendar/closures", roles=http.PUBLIC, query=ClosuresQuery(), item=ClosureShape())
def closure_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Office days lost, latest first."""
    return queries.closure_page(query["unit_code"], query["limit"], query["cursor"])


@blp.reads("/calendar/closures/<closure_id>", roles=http.PUBLIC, answers=ClosureShape())
def closure(closure_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One closure."""
    return _shown_closure(closure_id, actor=actor, now=now)


def _shown_closure(closure_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    found = queries.closure(closure_id)
    if found is None:
        raise NotFound()
    return found


@blp.creates(
    "/calendar/closures", roles=ADMINS, body=ClosureBody(), answers=ClosureShape(), shows=_shown_closure,
    refuses=(Conflict,),
)
def close_day(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Close the offices of a unit and all below it for a day."""
    return closures.close_day(body["date"], body["unit_code"], body["reason"], actor=actor, now=now)


@blp.deletes("/calendar/closures/<closure_id>", roles=ADMINS, within=_shown_closure, refuses=(StaleVersion,))
def take_closure_back(closure_id: str, *, actor: Actor, now: datetime) -> str:
    """Take back a closure entered by mistake."""
    return closures.take_back(closure_id, actor=actor, now=now)


@blp.lists("/calendar/years", roles=http.PUBLIC, query=ListQuery(), item=YearShape())
def year_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The State Council's notices that are loaded, by year."""
    return queries.year_page(query["limit"], query["cursor"])


@blp.reads("/calendar/years/<int:year>", roles=http.PUBLIC, answers=YearShape())
def year(year: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The notice of one year, in holiday-cn form."""
    found = queries.year(year)
    if found is None:
        raise NotFound()
    return found


def _shown_import(done: dict[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    present = {"imported_at": None, "version": None} if done["dry_run"] else queries.year(done["year"])
    return done | (present or {})


@blp.creates(
    "/calendar/years", roles=ADMINS, query=ImportQuery(), body=NoticeBody(), answers=ImportShape(),
    shows=_shown_import, tagged=False,
)
def import_year(*, query: dict[str, Any], body: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """Load a year's notice (holiday-cn JSON); what changed, or with dry_run would change."""
    return years.import_year(body, dry_run=query["dry_run"], actor=actor, now=now)
