"""The columns of a paper register, and what each cell must be. Pure."""
import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from backend.core.problems import Invalid, invalid
from backend.core.sheetparts import FORMULA
from backend.people.rules import numbers

EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)
OUTCOMES = {
    "准予": "granted", "同意": "granted", "批准": "granted", "办结": "granted", "办好": "granted", "办妥": "granted",
    "不予": "refused", "不同意": "refused", "不批准": "refused", "驳回": "refused", "退回": "returned",
    "退件": "returned", "答复": "advised", "咨询": "advised",
}


@dataclass(frozen=True)
class Known:
    """What lines are held against.

    ``units`` in reach by code; ``items`` the item code by code or name (None: the name means
    several); ``staff`` the account by unit and name.
    """

    own: str
    units: Set[str]
    items: Mapping[str, str | None]
    staff: Mapping[tuple[str, str], str]
    today: date


class Column(NamedTuple):
    """A column of the paper register; ``read`` makes its value of a cell's text, or says why not."""

    name: str
    title: str
    width: int
    required: bool
    hint: str
    read: Callable[[Any, Known], Any]


def _wrong(zh: str, en: str) -> Invalid:
    return invalid("cell", zh, en)


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]")


def _written(value: Any) -> str:
    """A cell as text; numbers without a point, dates refused."""
    if value is FORMULA:
        raise _wrong("含有公式，请复制后粘贴为数值", "A formula; paste its value.")
    if isinstance(value, datetime):
        raise _wrong("被识别为日期，请把该列设为文本格式", "Excel made it a date; make the column text.")
    if isinstance(value, float):
        raise _wrong("被识别为数字且已失真，请设为文本格式后重填", "Excel made it a number; make the column text.")
    return _CONTROL.sub("", str(value)).strip()


def _text(longest: int, lines: bool = False) -> Callable[[Any, Known], str | None]:
    def read(value: Any, known: Known) -> str | None:
        text = _written(value)
        text = text if lines else " ".join(text.split())
        if len(text) > longest:
            raise _wrong(f"不得超过 {longest} 个字", f"At most {longest} characters.")
        return text or None

    return read


_DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")


def _any_day(value: Any, known: Known) -> str:
    if isinstance(value, datetime):
        found = value.date()
    else:
        parts = None if isinstance(value, (int, float)) else _DAY.fullmatch(_written(value))
        try:
            found = date(*map(int, parts.groups())) if parts else None  # type: ignore[assignment]
        except ValueError:
            found = None  # type: ignore[assignment]
    if found is None or not EARLIEST <= found <= LATEST:
        raise _wrong("须为日期，如 2024-03-15", "A date, as 2024-03-15.")
    return found.isoformat()


def _past_day(value: Any, known: Known) -> str:
    found = _any_day(value, known)
    if found > known.today.isoformat():
        raise _wrong("不得晚于今天", "Not later than today.")
    return found


def _id_number(value: Any, known: Known) -> str | None:
    text = _written(value)
    return numbers.check_id_number(text, known.today, "cell") if text else None


def _phone(value: Any, known: Known) -> str | None:
    text = _written(value)
    return numbers.normal_phone(text, "cell") if text else None


def _item(value: Any, known: Known) -> str | None:
    text = _text(100)(value, known)
    if text is None:
        return None
    found = known.items.get(text, "")
    if found is None:
        raise _wrong("有多个同名事项，请填写事项编码", "Several items have this name; give the code.")
    if not found:
        raise _wrong("没有此事项，请填写已公布事项的编码或全称", "No published item has this code or name.")
    return found


def _unit(value: Any, known: Known) -> str | None:
    text = _written(value)
    if text and text not in known.units:
        raise _wrong("不是本机构或其下级机构的代码", "Not the code of your unit or one below it.")
    return text or None


def _result(value: Any, known: Known) -> str | None:
    text = _text(500, lines=True)(value, known)
    if text is not None and outcome_of(text) is None:
        raise _wrong("开头须为：准予、不予、退回、已答复", "Must begin with 准予, 不予, 退回 or 已答复.")
    return text


def outcome_of(result: str) -> str | None:
    """The outcome that a written result begins with; None where it says none of ours."""
    told = result.removeprefix("已")
    return next((outcome for word, outcome in OUTCOMES.items() if told.startswith(word)), None)


COLUMNS = (
    Column("paper_number", "编号", 18, True, "纸质台账上的编号，同一机构内不得重复", _text(40)),
    Column("received_on", "登记日期", 12, True, "如 2024-03-15", _past_day),
    Column("name", "委托人", 12, True, "群众姓名", _text(60)),
    Column("id_number", "身份证号", 21, False, "18 位；与联系电话至少填一项", _id_number),
    Column("phone", "联系电话", 15, False, "手机，或带区号的固定电话", _phone),
    Column("address", "住址", 24, False, "", _text(200)),
    Column("item_code", "办理事项", 24, True, "已公布事项的编码或全称，如 MZ-003 或 临时救助", _item),
    Column("materials", "已收材料", 30, False, "多项用顿号隔开", _text(1000, lines=True)),
    Column("first_receiver", "首问责任人", 12, False, "本机构账号的姓名；不是的，记为导入人", _text(60)),
    Column("agent", "代办员", 12, False, "同上", _text(60)),
    Column("due_on", "应办结日期", 12, False, "", _any_day),
    Column("sent_up_on", "上报日期", 12, False, "", _past_day),
    Column("finished_on", "办结日期", 12, True, "只导入已经办结的件", _past_day),
    Column("result", "办理结果", 28, True, "以“准予、不予、退回、已答复”之一开头，可接着写说明", _result),
    Column("received_by", "领取人", 12, False, "", _text(60)),
    Column("rating", "回访评价", 12, False, "", _text(60)),
    Column("remark", "备注", 30, False, "不要写身份证号、银行卡号", _text(2000, lines=True)),
    Column("unit_code", "机构代码", 16, False, "12 位；不填为导入人所在机构，乡镇可填下级机构", _unit),
)
