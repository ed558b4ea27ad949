"""Handing the board out as a workbook (rules 8.6)."""
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from backend.core import ledger, sheets, snapshot, unnamed
from backend.core.actor import Actor
from backend.core.sheets import Column
from backend.core.transaction import transaction
from backend.projects.queries import board
from backend.projects.rules import interviews, states

LIGHTS = {"green": "正常", "yellow": "预计超期", "red": "超期"}
PROJECTS = (
    Column("项目编号", 20, text=True), Column("项目名称", 30), Column("投资人", 24), Column("投资额（元）", 16),
    Column("代办员", 10), Column("牵头领导", 12), Column("状态", 10), Column("进度灯", 10), Column("开始时间", 18),
    Column("已用工作日", 11), Column("承诺工作日", 11), Column("法定合计工作日", 14), Column("承诺到期日", 12),
    Column("预计办结日", 12), Column("手续总数", 10), Column("已办结", 10), Column("超期手续", 10),
    Column("逾期交办", 10), Column("视为同意（非批准）", 16),
)
LATE = (
    Column("部门编码", 12, text=True), Column("部门", 24), Column("当前超期手续", 14), Column("最早到期", 18),
    Column("逾期办结手续", 14),
)
DEEMED = (
    Column("部门编码", 12, text=True), Column("部门", 24), Column("季度", 10), Column("超时视为同意", 14),
    Column("缺席视为同意", 14), Column("其中已撤销", 12), Column("书面意见逾期", 14),
)
INTERVIEWS = (Column("责任方", 12), Column("处理机构", 30), Column("约谈次数", 10), Column("最近一次", 12))
LEADERS = (Column("牵头领导", 14), Column("在办项目", 10), Column("超期项目", 10), Column("超期手续", 10))


def export(query: dict[str, Any], folder: Path, *, actor: Actor, now: datetime) -> IO[bytes]:
    """The board as a workbook in a file without a name; that it was handed out is in the ledger before anybody has it.

    TooMany where others are being made.
    """
    with sheets.turn(), unnamed.file(folder) as file:
        count = _written(file, query, actor, now)
        record(query, count, actor=actor, now=now)
    return file


def _written(file: IO[bytes], query: dict[str, Any], actor: Actor, now: datetime) -> int:
    with snapshot.taken():
        found = board.whole(query, actor=actor, now=now)
    with sheets.Book(file) as book:
        count = book.add("项目看板", PROJECTS, _projects(found["projects"]))
        book.add("超期部门", LATE, _rows(found["late_departments"], (
            "department_code", "department_name", "overdue", "oldest_due_at", "answered_late",
        )))
        book.add("视为同意", DEEMED, _rows(found["deemed"], (
            "department_code", "department_name", "quarter", "by_timeout", "by_absence", "revoked", "opinions_late",
        )))
        book.add("三方约谈", INTERVIEWS, (
            (interviews.FAULT_NAMES[each["fault"]].zh, each["body"], each["count"], each["last_on"])
            for each in found["interviews"]
        ))
        book.add("牵头领导", LEADERS, _rows(found["leaders"], ("leader", "projects", "red", "overdue")))
    return count


def _rows(found: list[dict[str, Any]], names: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    return (tuple(each[name] for name in names) for each in found)


def _projects(found: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for each in found:
        yield (
            each["number"], each["name"], each["investor"], each["amount_fen"] / 100, each["agent"]["name"],
            each["leader"], states.PROJECT_NAMES[each["state"]].zh,
            LIGHTS[each["light"]] if each["state"] == states.RUNNING else None, each["started_at"],
            each["used_working_days"], each["promised_working_days"], each["statutory_working_days"],
            each["promised_on"], each["forecast_on"], each["procedures_total"], each["procedures_finished"],
            each["overdue_procedures"], each["overdue_assignments"], each["deemed_consents"],
        )


@transaction
def record(query: dict[str, Any], count: int, *, actor: Actor, now: datetime) -> None:
    """Enter an export in the ledger with its filters and number of rows."""
    ledger.record(
        "project.export_board", "project_board", actor.unit_code or "", scope=actor.unit_code or "",
        detail={"query": {name: value for name, value in query.items() if value}, "projects": count},
    )
