"""The Excel form of a weekly report: handed out prefilled, taken in as a draft or not at all."""
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from backend.core import ledger, sheets, workbooks
from backend.core.actor import Actor
from backend.core.sheetparts import Row
from backend.core.sheets import Column
from backend.core.transaction import transaction
from backend.reports.actions import drafting, row
from backend.reports.queries import reports
from backend.reports.rules import filing, form

_HOW = (Column("列", 16), Column("说明", 90))


def prefilled(week: str, unit_code: str, *, actor: Actor, now: datetime) -> bytes:
    """The form of a report as a workbook: every site as it stands, what was saved so far, how to fill it in."""
    given = reports.found(week, unit_code, actor=actor, now=now)
    body = given.row["body"]
    held = reports.ground(given, body, now, anything=True)
    lines = form.lines(filing.whole(body, held), body, held)
    file = BytesIO()
    with sheets.turn(), sheets.Book(file) as book:
        titles = [Column(one.title, one.width, text=one.name == "unit_code") for one in form.COLUMNS]
        book.add("周报", titles, lines, filtered=False)
        book.add("填写说明", _HOW, _instructions(given, held), filtered=False)
    return file.getvalue()


def _instructions(given: reports.Found, held: filing.Ground) -> list[tuple[str, str]]:
    checklists = [
        (f"{'乡镇（街道）' if level == 'township' else '村（社区）'}清单{'（示例）' if one.sample else ''}",
         "、".join(text for _, text in one.items))
        for level, one in held.checklists.items()
    ]
    return [
        ("怎么填", f"{given.row['name']} {given.row['week']} 周报。"),
        ("", "只改“周报”表中有变化的格子；首行列名、类别和机构代码不要改动。"),
        ("", "删去的站点行按登记不变处理；“问题”一行一个，可以加行；“计划”必填。不要使用公式和宏。"),
        ("", "上传后逐行检查，有一处错误就整张不导入；导入后是草稿，核对后再报送。"),
        *checklists, *((one.title, one.hint) for one in form.COLUMNS if one.hint),
    ]


def take(week: str, unit_code: str, *, data: bytes, actor: Actor, now: datetime) -> list[str]:
    """Have a filled-in form replace the draft, all of it or nothing; week and unit.

    NotAWorkbook, UnsafeWorkbook, TooMany; NotFound, IllegalMove, WeekNotBegun, StaleVersion; FormHasErrors names
    line and column of each fault.
    """
    reports.found(week, unit_code, actor=actor, now=now)
    with sheets.turn():
        rows = []
        for line in workbooks.rows(data):
            rows.append(line)
            if len(rows) > form.MOST_LINES + 2:
                break
    return _save(week, unit_code, rows, actor=actor, now=now)


@transaction
def _save(week: str, unit_code: str, rows: Sequence[Row], *, actor: Actor, now: datetime) -> list[str]:
    found, state = row.moved(week, unit_code, "save", actor=actor, now=now)
    held = reports.ground(found, {}, now, anything=True)
    read = form.read(rows, held)
    if read.faults:
        raise form.refused(read)
    body: dict[str, Any] = found.row["body"] | read.body
    filing.check_draft(body, held)
    body["departments"] = drafting.named(body, held)
    row.write(found, actor, body=body, state=state)
    ledger.record("report.take", "report", found.row["id"], scope=unit_code, fields=read.body)
    return [week, unit_code]
