"""Findings of published visits as a workbook; hidden ones stand in no file, whoever asks."""
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from backend.core import clock, sheets, snapshot, sql, unnamed
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.sheets import Book, Column
from backend.inspections.rules import naming
from backend.org.rules import scope

LONGEST_DAYS, MOST_ROWS = 366, 20_000
COLUMNS = (
    Column("编号", 18), Column("暗访时间", 18), Column("机构代码", 16), Column("机构", 24), Column("问题类别", 16),
    Column("问题", 60), Column("涉及人员", 14), Column("分值", 8), Column("公布时间", 18),
)
KINDS = {
    "absence": "离岗缺勤", "nobody_at_window": "窗口无人", "no_one_time_notice": "未一次性告知", "attitude": "服务态度",
    "disclosure": "公开不到位", "fees": "违规收费", "premises": "场所环境", "praise": "表扬", "other": "其他",
}
_ROWS = """
SELECT i.year, i.number, i.visited_at, i.unit_code, u.name AS unit_name, f.kind, f.text, a.name AS account_name,
       f.points, i.published_at
FROM inspection i JOIN unit u ON u.code = i.unit_code LEFT JOIN inspection_finding f ON f.inspection_id = i.id
LEFT JOIN account a ON a.id = f.account_id
WHERE i.{} = ? AND i.state = 'published' AND i.visited_at >= ? AND i.visited_at < ?
ORDER BY i.visited_at DESC, i.id DESC, f.n LIMIT ?
"""


def export(query: dict[str, Any], folder: Path, *, actor: Actor, now: datetime) -> IO[bytes]:
    """The workbook in a file without a name; Invalid for more than a year, TooMany, Unavailable."""
    since, until = _span(query, clock.local_date(now))
    with sheets.turn(), unnamed.file(folder) as file, Book(file) as book, snapshot.taken():
        book.add("暗访问题", COLUMNS, _rows(since, until, actor))
    return file


def _span(query: dict[str, Any], today: date) -> tuple[date, date]:
    until = query["to"] or today
    since = query["from"] or until.replace(month=1, day=1)
    if not 0 <= (until - since).days < LONGEST_DAYS:
        raise invalid("from", f"一次至多导出 {LONGEST_DAYS} 天", f"At most {LONGEST_DAYS} days, in order.")
    return since, until


def _rows(since: date, until: date, actor: Actor) -> Iterator[tuple[Any, ...]]:
    name, code = scope.column(actor)
    span = [clock.to_micros(clock.at_local(day, 0)) for day in (since, until + timedelta(days=1))]
    for row in sql.rows(_ROWS.format(name), (code, *span, MOST_ROWS)):
        yield (
            naming.number_told(row["year"], row["number"]), row["visited_at"], row["unit_code"], row["unit_name"],
            KINDS.get(row["kind"], "未发现问题"), row["text"], row["account_name"], row["points"], row["published_at"],
        )
