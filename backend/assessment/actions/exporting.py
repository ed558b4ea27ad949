"""A half-year as an Excel workbook: scores of the reader's scope, and what they rest on."""
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from backend.assessment.queries import exports
from backend.assessment.queries.exports import MOST_LINES
from backend.assessment.rules import SUBJECTS
from backend.assessment.rules.kinds import KINDS
from backend.core import ledger, sheets, snapshot, unnamed
from backend.core.actor import Actor
from backend.core.sheets import Book, Column
from backend.core.transaction import transaction

NAMES = {"agent": "代办员", "unit": "机构", "department": "部门"}
_HEAD = (Column("名次", 6), Column("姓名（名称）", 24), Column("所属机构", 16), Column("得分", 8), Column("等次", 10),
         Column("结算得分", 10), Column("依据条数", 10))
_LINES = (Column("对象", 10), Column("姓名（名称）", 24), Column("事项", 24), Column("指标", 14), Column("分值", 8),
          Column("发生时间", 18), Column("依据", 14), Column("依据编号", 40), Column("状态", 12))
_ABOUT = (Column("项目", 16), Column("内容", 60))


def workbook(period: str, folder: Path, *, actor: Actor, now: datetime) -> tuple[IO[bytes], int]:
    """The workbook in a file without a name, and how many scores it holds. NotFound; TooMany where others are made."""
    told = exports.told(period, actor)
    with sheets.turn(), unnamed.file(folder) as file, snapshot.taken(), Book(file) as book:
        count = sum(_scores(book, told, kind, actor) for kind in SUBJECTS)
        lines = book.add("依据", _LINES, _lines(told, actor))
        book.add("说明", _ABOUT, _about(told, count, lines, actor, now), filtered=False)
    return file, count


def _scores(book: Book, told: exports.Told, kind: str, actor: Actor) -> int:
    columns = (*_HEAD, *(Column(one.name, 12) for one in told.scheme.indicators))
    return book.add(NAMES[kind], columns, exports.scores(told, kind, actor))


def _lines(told: exports.Told, actor: Actor) -> Iterator[tuple[Any, ...]]:
    names = {one.code: one.name for one in told.scheme.indicators}
    for line in exports.lines(told, actor):
        yield (
            NAMES[line["subject_type"]], line["name"], KINDS[line["kind"]].zh, names.get(line["indicator"], ""),
            line["tenths"] / 10, line["effective_at"], line["source_type"], line["note"] or line["source_id"],
            "冲销" if line["n"] < 0 else "",
        )


def _about(told: exports.Told, count: int, lines: int, actor: Actor, now: datetime) -> list[tuple[Any, ...]]:
    more = f"依据超过{MOST_LINES}条，只列出前{MOST_LINES}条" if lines >= MOST_LINES else "全部列出"
    return [
        ("考核期", told.period), ("状态", "已结算" if told.settled else "考核期内"), ("导出时间", now),
        ("导出人", actor.name), ("对象数", count), ("依据条数", lines), ("依据", more),
        ("算法", "每项指标从分值起，逐条加减，减到零为止，加分不超过上限；各项相加为总分。"),
        ("结算校验", told.content_sha256 or "结算后给出"),
    ]


@transaction
def record(period: str, count: int, *, actor: Actor, now: datetime) -> None:
    """Enter who had how many scores."""
    ledger.record(
        "assessment.export", "assessment", f"{period}/{actor.unit_code}", scope=actor.unit_code or "",
        detail={"scores": count},
    )
