"""A bulletin as Word file and Excel workbook, made of its body alone: what was frozen prints the same for ever."""
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from backend.core import official, sheets, unnamed
from backend.core.sheets import Book, Column
from backend.reports.rules import bulletins, charts, wording
from backend.reports.rules.targets import LEVEL_NAMES

Body = Mapping[str, Any]
Row = Sequence[Any]

_ABOUT = (Column("项目", 20), Column("内容", 70))
_LEVELS = (
    Column("层级", 12), Column("应建", 8), Column("已建成", 8), Column("建成率（%）", 12), Column("本周新增", 10),
    Column("目标日期", 14), Column("目标（%）", 10), Column("近四周每周新增", 16), Column("按期每周需建", 14),
    Column("预计全部建成", 14),
)
_TOWNSHIPS = (
    Column("名次", 6), Column("代码", 15), Column("乡镇（街道）", 20), Column("周报", 8), Column("报送时间", 18),
    Column("本级", 8), *_LEVELS[1:],
)
_PROBLEMS = (
    Column("周次", 10), Column("乡镇（街道）", 20), Column("问题", 60), Column("答复部门", 24), Column("答复期限", 14),
    Column("逾期", 8),
)
_ERRATA = (
    Column("周次", 10), Column("乡镇（街道）", 20), Column("类别", 12), Column("原因", 60), Column("时间", 18),
)
_WEEKS = (
    Column("周次", 10), Column("截至", 14), Column("乡镇街道应建", 14), Column("乡镇街道已建成", 16),
    Column("乡镇街道建成率（%）", 20), Column("村居社区应建", 14), Column("村居社区已建成", 16),
    Column("村居社区建成率（%）", 20),
)


def word(body: Body, folder: Path) -> IO[bytes]:
    """The bulletin as an official document (GB/T 9704) in a file without a name."""
    with unnamed.file(folder) as file:
        official.write(file, wording.title(body), wording.document(body))
    return file


def excel(body: Body, folder: Path) -> IO[bytes]:
    """The bulletin's figures as a workbook in a file without a name; TooMany where others are being made."""
    with sheets.turn(), unnamed.file(folder) as file:
        _book(file, body)
    return file


def _book(file: IO[bytes], body: Body) -> None:
    chart = charts.coverage(body["year"], body["burn_up"], body["coverage"])
    with Book(file) as book:
        book.add("通报", _ABOUT, _about(body), filtered=False)
        book.add("建成率", _LEVELS, [(LEVEL_NAMES[one["level"]].zh, *_figures(one)) for one in body["coverage"]],
                 filtered=False, chart=chart)
        book.add("乡镇（街道）", _TOWNSHIPS, _townships(body))
        book.add("未答复问题", _PROBLEMS, [
            (one["week"], one["name"], one["text"], one["asked_of_name"], date.fromisoformat(one["due_on"]),
             "逾期" if one["overdue"] else "") for one in body["problems"]
        ])
        book.add("更正", _ERRATA, [
            (one["week"], one["name"], wording.KINDS[one["kind"]], one["reason"],
             datetime.fromisoformat(one["corrected_at"])) for one in body["errata"]
        ])
        book.add("逐周走势", _WEEKS, [_week(one) for one in body["burn_up"]])


def _about(body: Body) -> Iterator[Row]:
    issued = body["issued_at"] is not None
    yield "标题", wording.title(body)
    yield "区县", body["district"]["name"]
    yield "文号", bulletins.number_told(body["year"], body["number"]) if issued else "（预览，尚未签发）"
    yield "签发时间", _instant(body["issued_at"])
    yield "截止时间", _instant(body["due_at"])
    yield "建成数截至", date.fromisoformat(body["as_of"])
    yield "应报", body["expected"]
    yield "已报", body["received"]
    yield "报送率（%）", _rate(body["received_rate_percent"])
    yield "按时", body["on_time"]
    yield "按时率（%）", _rate(body["on_time_rate_percent"])
    yield "迟报", wording.SEPARATE.join(one["name"] for one in body["late"]) or "无"
    yield "未报", wording.SEPARATE.join(one["name"] for one in body["missing"]) or "无"
    if issued:
        yield "签发时台账链", f"{body['ledger']['seq']}.{body['ledger']['hash']}"


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _rate(value: float | None) -> float | str:
    return "不适用" if value is None else value


def _figures(one: Mapping[str, Any]) -> Row:
    return (
        one["planned"], one["built"], _rate(one["rate_percent"]), one["new"], date.fromisoformat(one["target_on"]),
        one["target_percent"], one["pace_a_week"], one["needed_a_week"], _day(wording.ahead(one)),
    )


def _day(text: str) -> date | str:
    return date.fromisoformat(text) if text[:1].isdigit() else text


def _townships(body: Body) -> Iterator[Row]:
    late = {one["unit_code"]: one["filed_at"] for one in body["late"]}
    for one in body["townships"]:
        yield (
            one["rank"], one["unit_code"], one["name"], wording.OUTCOMES[one["outcome"]],
            _instant(late.get(one["unit_code"])), "已建成" if one["own_built"] else "未建成", *_figures(one),
        )


def _week(one: Mapping[str, Any]) -> Row:
    return (
        one["week"], date.fromisoformat(one["on"]), one["township_planned"], one["township_built"],
        _rate(one["township"]), one["village_planned"], one["village_built"], _rate(one["village"]),
    )
