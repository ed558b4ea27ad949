"""Townships that report, week after week, without anybody signing in."""
from datetime import date, datetime
from typing import Any

from backend.core import clock, sql
from backend.core.actor import system
from backend.org.models import Unit, UnitBuilt
from backend.org.rules.words import Level, Status
from backend.reports import jobs
from backend.reports.actions import filing
from tests import cast
from tests.reports import filed


def at(text: str) -> datetime:
    """A wall-clock moment of Shanghai, ``2026-09-24 17:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def file(week: str, unit_code: str, now: datetime, **given: Any) -> None:
    """File the prefilled draft with a plan."""
    filed.file(unit_code, week, now, **given)


def correct(week: str, unit_code: str, now: datetime, reason: str = "数字有误") -> None:
    """Correct what was filed."""
    given = {"reason": reason, "plan": "更正后的计划"}
    filing.correct(week, unit_code, given=given, actor=filed.clerk(unit_code), now=now)


def fall_due(now: datetime) -> None:
    """The clock's own pass."""
    jobs.fall_due(actor=system("fall-due"), now=now)


def townships() -> list[str]:
    """The townships of the sample district."""
    found = sql.tuples("SELECT code FROM unit WHERE level = 'township' AND code LIKE '331003%' ORDER BY code")[1]
    return [code for (code,) in found]


def add_township(code: str, name: str) -> None:
    """One more township of the district."""
    sql.insert(Unit, code=code, name=name, level=Level.TOWNSHIP, parent_code=cast.DISTRICT, pinyin="x", initials="x")


def build(codes: list[str], on: date) -> None:
    """Have sites be built since a day."""
    for code in codes:
        sql.insert(UnitBuilt, unit_code=code, from_on=on)
        sql.run("UPDATE unit SET status = ? WHERE code = ?", (Status.BUILT.value, code))
