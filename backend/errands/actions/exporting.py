"""Handing the register out as a workbook: recorded like every look at residents' data."""
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from backend.core import clock, ledger, sheets, snapshot, unnamed
from backend.core.actor import Actor
from backend.core.sheets import Column
from backend.core.transaction import transaction
from backend.errands import rules
from backend.errands.queries import register, scope
from backend.errands.rules import cells

_HOW = (Column("列", 14), Column("要求", 8), Column("说明", 80))
_ABOUT = (Column("项目", 16), Column("内容", 60))


def export(query: dict[str, Any], folder: Path, *, actor: Actor, now: datetime) -> IO[bytes]:
    """The register as a whole workbook in a file without a name, which is gone once it is closed.

    It is of one moment and holds no writer up; that it was handed out is in the ledger before
    anybody has it. Invalid where it is too large, TooMany where others are being made.
    """
    with sheets.turn(), unnamed.file(folder) as file:
        count = _written(file, query, actor, now)
        record(query, count, actor=actor, now=now)
    return file


def _written(file: IO[bytes], query: dict[str, Any], actor: Actor, now: datetime) -> int:
    with sheets.Book(file) as book:
        with snapshot.taken():
            register.size(query, actor=actor)
            count = book.add("代办台账", register.COLUMNS, register.rows(query, actor=actor))
        book.add("说明", _ABOUT, _about(query, count, actor, now), filtered=False)
    return count


def template(folder: Path) -> IO[bytes]:
    """An empty form for a paper register, as :func:`export` hands files out."""
    titles = [Column(one.title + "*" * one.required, one.width, text=True) for one in cells.COLUMNS]
    with unnamed.file(folder) as file, sheets.Book(file) as book:
        book.add("纸质台账", titles, (), filtered=False)
        book.add("填写说明", _HOW, _instructions(), filtered=False)
    return file


def _instructions() -> list[tuple[Any, ...]]:
    told = [(one.title, "必填" if one.required else "选填", one.hint) for one in cells.COLUMNS]
    return [
        ("怎么填", None, "在“纸质台账”表中从第二行起逐件填写，一行一件；首行列名不要改动，可以删去不用的选填列。"),
        ("", None, "只导入已经办结的件；在办的件请在系统中登记。一次至多 5,000 行、10 MiB。"),
        ("", None, "编号、身份证号、电话、机构代码请设为文本格式；不要使用公式、宏和引用其他文件的链接。"),
        ("", None, "上传后先得到逐行检查结果，全部正确、确认之后才写入；有一行有错就一件也不写。检查结果保留 7 天。"),
        *told,
    ]


def _about(query: dict[str, Any], count: int, actor: Actor, now: datetime) -> list[tuple[Any, ...]]:
    since, until = query["from"], query["to"]
    states = [rules.STATE_NAMES[state].zh for state in query["state"] if state != "all"]
    return [
        ("导出时间", now), ("导出人", actor.name), ("导出机构", scope.root(actor)),
        ("机构范围", "、".join(query["unit_code"]) or "本人可见的全部机构"),
        ("登记日期", f"{since or '最早'} 至 {until or clock.local_date(now)}"), ("状态", "、".join(states) or "全部"),
        ("件数", count), ("个人信息", "电话、住址已脱敏，不含身份证号。每次导出都有记录，请勿外传。"),
    ]


@transaction
def record(query: dict[str, Any], count: int, *, actor: Actor, now: datetime) -> None:
    """Enter who had how much of whose register, by which filters."""
    code = scope.root(actor)
    ledger.record(
        "register.export", "register", code or actor.id, scope=code, fields=("phone", "address"), outcome=ledger.READ,
        detail={
            "rows": count, "unit_code": query["unit_code"], "state": query["state"],
            "from": query["from"] and query["from"].isoformat(), "to": query["to"] and query["to"].isoformat(),
        },
    )
