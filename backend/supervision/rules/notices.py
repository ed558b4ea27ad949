"""Notices of praise, criticism and exposure: issued, numbered, never changed (rules 10.8). Pure."""
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from backend.core import blocks, clock
from backend.core.blocks import CENTRE, Block, Column
from backend.core.problems import Text
from backend.supervision.rules import cycles

PRAISE, CRITICISM, EXPOSURE = "praise", "criticism", "exposure"
KINDS = (PRAISE, CRITICISM, EXPOSURE)
KIND_NAMES = {
    PRAISE: Text("表扬", "praise"), CRITICISM: Text("批评", "criticism"), EXPOSURE: Text("曝光", "exposure"),
}
UNIT, DEPARTMENT, PERSON = "unit", "department", "person"
ABOUT = (UNIT, DEPARTMENT, PERSON)
MOST_ABOUT = 600
CYCLE = "cycle"
"""What ``notice_about`` calls being named by a cycle: the finding on each order counts, not how often it is named."""
CYCLE_TEXT = (
    "截至{due}，{period}督办事项应回复{asked}件，按时{on_time}件，逾期回复{late}件，未回复{missing}件。"
    "现将逾期单位通报如下，请尽快办理并回复。"
)
CYCLE_TITLE = "关于{period}督办事项逾期情况的通报"


def is_public(kind: str, asked: bool | None) -> bool:
    """Whether everybody may read it: an exposure always, other kinds where it was asked for."""
    return kind == EXPOSURE or bool(asked)


def cycle_title(kind: str, period: str) -> str:
    """The title of a cycle's notice."""
    return CYCLE_TITLE.format(period=cycles.told(kind, period))


def cycle_text(kind: str, period: str, due: datetime, figures: Mapping[str, int]) -> str:
    """What a cycle's notice says above its table."""
    return CYCLE_TEXT.format(due=_moment(clock.wire(due) or ""), period=cycles.told(kind, period), **figures)


def document(body: Mapping[str, Any]) -> Iterator[Block]:
    """The whole notice, block after block; before issue it says that it is a draft."""
    on = datetime.fromisoformat(body["issued_at"]).date() if body["issued_at"] else None
    issuer = f"{body['district']['name']}机关效能建设领导小组办公室"
    yield blocks.Masthead(f"{body['district']['name']}便民服务代办督查通报", body["number"] or "（草稿，尚未签发）")
    yield blocks.Title(body["title"])
    yield blocks.Addressee("各乡镇（街道），区级有关部门：")
    for paragraph in body["text"].splitlines():
        if paragraph.strip():
            yield blocks.Paragraph(paragraph.strip())
    if body["about"] and body["late"] is None:
        yield blocks.Paragraph(f"{_named(body['kind'])}：{'、'.join(one['name'] for one in body['about'])}。")
    if body["late"] is not None:
        yield blocks.Table("逾期单位", _COLUMNS, [_row(one) for one in body["late"]])
    if body["corrects"]:
        yield blocks.Paragraph(f"本通报更正{body['corrects']}。")
    yield blocks.Remark(_remark(body))
    yield blocks.Signed(issuer, on)
    yield blocks.Imprint("各乡镇（街道），区级有关部门。", issuer, on)


_COLUMNS = (
    Column("单位", 26), Column("督办单", 24), Column("回复期限", 20, CENTRE), Column("情况", 26),
    Column("回复时间", 20, CENTRE),
)


def _named(kind: str) -> str:
    return {PRAISE: "予以表扬", CRITICISM: "予以批评", EXPOSURE: "予以曝光"}[kind]


def _row(one: Mapping[str, Any]) -> Sequence[str]:
    replied = _moment(one["replied_at"]) if one["replied_at"] else "—"
    told = cycles.OUTCOME_NAMES[one["outcome"]].zh
    return one["name"], one["number"], _moment(one["due_at"]), told, replied


def _remark(body: Mapping[str, Any]) -> str:
    if not body["issued_at"]:
        return "本页为签发前的草稿，内容还会变化。"
    head = f"{body['ledger']['seq']}.{body['ledger']['hash']}"
    return f"本通报签发后不再改动，更正见以后的通报。签发时台账链：{head}。"


def _moment(instant: str) -> str:
    wall = clock.local(datetime.fromisoformat(instant))
    return f"{blocks.chinese_day(date(wall.year, wall.month, wall.day))}{wall:%H:%M}"
