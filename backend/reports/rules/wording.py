"""The bulletin in words and tables: what its page and its Word file say, from the frozen body only. Pure."""
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from backend.core import blocks, clock
from backend.core.blocks import CENTRE, RIGHT, Block, Column
from backend.reports.rules import bulletins, charts, standing, weeks
from backend.reports.rules.targets import LEVEL_NAMES

Body = Mapping[str, Any]
OUTCOMES = {standing.ON_TIME: "按时", standing.LATE: "迟报", standing.MISSING: "未报", None: "不要求"}
KINDS = {"filing": "签发后补报", "refiling": "退回后重报", "correction": "更正"}
SEPARATE = "、"


def document(body: Body) -> Iterator[Block]:
    """The whole bulletin, block after block; before issue it says that it is a preview."""
    issued_on = _day(body["issued_at"]) if body["issued_at"] else None
    issuer = f"{body['district']['name']}便民服务代办工作领导小组办公室"
    number = bulletins.number_told(body["year"], body["number"]) if issued_on else "（预览，尚未签发）"
    yield blocks.Masthead(f"{body['district']['name']}代办网络建设通报", number)
    yield blocks.Title(title(body))
    yield blocks.Addressee("各乡镇（街道），区级有关部门：")
    monday = weeks.monday_of(body["week"]) or date.min
    yield blocks.Paragraph(
        f"现将{_week(body['week'])}（{_short(monday)}至{_short(monday + timedelta(days=6))}）便民服务代办网络建设周报"
        "报送和建设进展情况通报如下。"
    )
    yield from _filing(body)
    yield from _coverage(body)
    yield from _townships(body)
    yield from _problems(body)
    yield from _errata(body)
    yield blocks.Remark(_remark(body))
    yield blocks.Signed(issuer, issued_on)
    yield blocks.Imprint("各乡镇（街道），区级有关部门。", issuer, issued_on)


def title(body: Body) -> str:
    """What the bulletin is called."""
    return f"关于{_week(body['week'])}便民服务代办网络建设情况的通报"


def _filing(body: Body) -> Iterator[Block]:
    yield blocks.Heading("一、周报报送情况")
    if body["expected"] == 0:
        yield blocks.Paragraph("本周没有工作日，不要求报送周报，报送率、按时率均不适用。")
        return
    due = f"截止时间为{_moment(body['due_at'])}。" if body["due_at"] else ""
    yield blocks.Paragraph(
        f"{due}应报{body['expected']}个，已报{body['received']}个，报送率{rate(body['received_rate_percent'])}；"
        f"其中按时报送{body['on_time']}个，按时率{rate(body['on_time_rate_percent'])}。"
    )
    late = [f"{one['name']}（{_moment(one['filed_at'])}）" for one in body["late"]]
    yield blocks.Paragraph(f"迟报{len(late)}个：{SEPARATE.join(late)}。" if late else "没有迟报。")
    missing = [one["name"] for one in body["missing"]]
    yield blocks.Paragraph(f"未报{len(missing)}个：{SEPARATE.join(missing)}。" if missing else "没有未报。")


def _coverage(body: Body) -> Iterator[Block]:
    yield blocks.Heading("二、建成率情况")
    for one in body["coverage"]:
        yield blocks.Paragraph(_level(one))
    yield blocks.Figure(charts.coverage(body["year"], body["burn_up"], body["coverage"]))


def _level(one: Mapping[str, Any]) -> str:
    target = f"目标为{_long(one['target_on'])}前达到{one['target_percent']}%"
    if one["planned"] == 0:
        return f"{LEVEL_NAMES[one['level']].zh}：没有应建站点，建成率不适用；{target}。"
    told = (
        f"{LEVEL_NAMES[one['level']].zh}：应建{one['planned']}个，已建成{one['built']}个，"
        f"建成率{rate(one['rate_percent'])}，{target}；本周新增{one['new']}个，近四周平均每周新增{one['pace_a_week']:.1f}个"
    )
    return f"{told}，{_ahead(one)}。"


def _ahead(one: Mapping[str, Any]) -> str:
    if one["built"] >= one["planned"]:
        return "已全部建成"
    pace = "按此进度无法预计全部建成的日期"
    if one["forecast_on"]:
        pace = f"按此进度预计{_long(one['forecast_on'])}全部建成"
    if one["needed_a_week"] is None:
        return f"{pace}；目标日期已到，尚未达到目标"
    if not one["needed_a_week"]:
        return f"{pace}；已达到目标"
    return f"{pace}；要按期达到目标，每周需建成{one['needed_a_week']:.1f}个"


COLUMNS = (
    Column("名次", 8, CENTRE), Column("乡镇（街道）", 23), Column("周报", 9, CENTRE),
    Column("本级", 12, CENTRE), Column("村级应建", 9, RIGHT), Column("村级建成", 9, RIGHT), Column("建成率", 12, RIGHT),
    Column("本周新增", 9, RIGHT), Column("预计全部建成", 19, CENTRE), Column("每周需建", 9, RIGHT),
)


def _townships(body: Body) -> Iterator[Block]:
    yield blocks.Heading("三、各乡镇（街道）情况")
    yield blocks.Paragraph("按村（社区）建成率排名，建成率相同的名次并列。")
    yield blocks.Table("表1　各乡镇（街道）报送和建设情况", COLUMNS, [_township(one) for one in body["townships"]])


def _township(one: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        str(one["rank"] or "—"), one["name"], OUTCOMES[one["outcome"]], "已建成" if one["own_built"] else "未建成",
        str(one["planned"]), str(one["built"]), rate(one["rate_percent"]), str(one["new"]), ahead(one),
        "—" if one["needed_a_week"] is None else f"{one['needed_a_week']:.1f}",
    )


def ahead(one: Mapping[str, Any]) -> str:
    """The forecast as a table tells it."""
    if one["planned"] and one["built"] >= one["planned"]:
        return "已全部建成"
    return one["forecast_on"] or "—"


def _problems(body: Body) -> Iterator[Block]:
    yield blocks.Heading("四、尚未答复的问题")
    if not body["problems"]:
        yield blocks.Paragraph("各乡镇（街道）提出的问题均已答复。")
        return
    overdue = sum(one["overdue"] for one in body["problems"])
    yield blocks.Paragraph(f"共{len(body['problems'])}个，其中逾期未答复{overdue}个，请有关部门按期答复。")
    yield blocks.Table(
        "表2　尚未答复的问题",
        (Column("乡镇（街道）", 22), Column("问题", 46), Column("答复部门", 20), Column("答复期限", 18, CENTRE),
         Column("逾期", 9, CENTRE)),
        [(one["name"], one["text"], one["asked_of_name"], one["due_on"], "逾期" if one["overdue"] else "")
         for one in body["problems"]],
    )


def _errata(body: Body) -> Iterator[Block]:
    yield blocks.Heading("五、对以前各期的更正")
    if not body["errata"]:
        yield blocks.Paragraph("没有更正。")
        return
    rows: Sequence[tuple[str, ...]] = [
        (one["week"], one["name"], KINDS[one["kind"]], one["reason"], _moment(one["corrected_at"]))
        for one in body["errata"]
    ]
    yield blocks.Table(
        "表3　更正",
        (Column("周次", 16, CENTRE), Column("乡镇（街道）", 24), Column("类别", 18, CENTRE), Column("原因", 34),
         Column("时间", 24, CENTRE)), rows,
    )


def _remark(body: Body) -> str:
    counted = f"注：建成数截至{_long(body['as_of'])}；建成率＝建成数÷应建数；预计日期按近四周的平均进度推算。"
    if not body["issued_at"]:
        return f"{counted}本页为签发前的预览，数字还会变化。"
    head = f"{body['ledger']['seq']}.{body['ledger']['hash']}"
    return f"{counted}本通报签发后不再改动，更正见以后各期。签发时台账链：{head}。"


def rate(value: float | None) -> str:
    """A rate as people read it."""
    return "不适用" if value is None else f"{value:.1f}%"


def _week(week: str) -> str:
    return f"{week[:4]}年第{int(week[6:])}周"


def _day(instant: str) -> date:
    return datetime.fromisoformat(instant).date()


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _long(day: str) -> str:
    return blocks.chinese_day(date.fromisoformat(day))


def _moment(instant: str) -> str:
    wall = clock.local(datetime.fromisoformat(instant))
    return f"{wall.month}月{wall.day}日{wall:%H:%M}"
