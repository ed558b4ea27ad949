"""Townships that report, week after week, without anybody signing in."""
from datetime import date, datetime
from typing import Any

from backend.core import clock, sql
from backend.core.actor import TOWNSHIP, Actor, system
from backend.org.models import Unit, UnitBuilt
from backend.org.rules.words import Level, Status
from backend.reports import jobs
from backend.reports.actions import drafting, filing
from tests import cast

PLAN = {"plan": "完成场地装修，组织代办员培训。"}


def at(text: str) -> datetime:
    """A wall-clock moment of Shanghai, ``2026-09-24 17:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def office_of(unit_code: str) -> Actor:
    """The township's office."""
    return Actor(id=f"office-{unit_code}", name="乡镇办公室", role=TOWNSHIP, unit_code=unit_code)


def file(week: str, unit_code: str, now: datetime, **given: Any) -> None:
    """File the prefilled draft with a plan."""
    drafting.save(week, unit_code, given=PLAN | given, actor=office_of(unit_code), now=now)
    filing.file(week, unit_code, actor=office_of(unit_code), now=now)


def correct(week: str, unit_code: str, now: datetime, reason: str = "数字有误") -> None:
    """Correct what was filed."""
    given = {"reason": reason, "plan": "更正后的计划"}
    filing.correct(week, unit_code, given=given, actor=office_of(unit_code), now=now)


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
