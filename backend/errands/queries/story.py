"""An errand's story: its history, its clock day by day, and what its resident is told."""
from datetime import datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.clocks import queries as calendars
from backend.clocks.queries import running
from backend.clocks.rules import hours, ladder, wording
from backend.core import clock, ledger, secrets, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.errands import rules
from backend.errands.queries import cases, scope
from backend.errands.rules import diligence
from backend.people.queries import history

WHAT = {
    "errand.register": "登记",
    "errand.accept": "受理",
    "errand.accept_by_silence": "逾期未一次性告知，视为自收件之日起受理",
    "errand.supplement": "一次性告知补正材料",
    "errand.materials": "更新材料",
    "errand.mandate": "更新委托",
    "errand.note": "备注",
    "errand.trip": "记录群众跑动",
    "errand.pay": "收费",
    "errand.complete": "办结",
    "errand.deliver": "送达",
    "errand.close": "归档",
    "errand.decline": "不予受理",
    "errand.withdraw": "撤回",
    "errand.suspend": "暂停计时",
    "errand.resume": "恢复计时",
    "errand.restart": "恢复办理，重新计时",
    "errand.extend": "延长办理期限",
    "errand.reverse": "撤销上一步（更正）",
    "errand.call": "电话回访",
    "errand.forward": "转部门办理",
    "errand.answer": "部门答复",
    "errand.recall": "撤回转办",
    "errand.hand_in": "送交乡镇（街道）",
    "errand.handover": "提出移交",
    "errand.take_over": "接收移交",
    "errand.refuse_handover": "不接收移交",
    "errand.withdraw_handover": "撤回移交",
    "errand.inherit": "原代办员停用，由岗位承接",
    "errand.import": "由纸质台账导入",
    "errand.reproject": "日历变动，时限随之调整",
    "card.appeal": "对所发的牌提出申诉",
    "card.uphold": "申诉成立，撤销该牌",
    "card.reject": "申诉不成立，维持该牌",
    "card.readdress": "送达前岗位有变，改送",
} | {f"card.give.{rung}": f"发出{name.zh}" for rung, name in ladder.RUNG_NAMES.items()}
SHOWN_TO_RESIDENT = tuple(
    f"errand.{verb}"
    for verb in (
        "register", "hand_in", "supplement", "accept", "accept_by_silence", "forward", "answer", "recall", "pay",
        "complete", "deliver", "close", "decline", "withdraw", "take_over", "suspend", "resume", "restart", "extend",
        "reverse", "import",
    )
)


def events(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The errand's history in order: who did what, where, when, and what changed."""
    condition, params = scope.condition(actor)
    stamp = sql.value(f"{_STAMPED} AND {condition}", [errand_id, *params])
    if stamp is None:
        raise NotFound()
    present = calendars.present(stamp)
    page = history.page("errand", errand_id, WHAT, query)
    return Page([item | {"off_hours": _off_hours(item, present)} for item in page.items], page.next_cursor)


_STAMPED = "SELECT s.version FROM errand e JOIN calendar_stamp s ON s.id = 1 WHERE e.id = ?"


def _off_hours(item: dict[str, Any], present: calendars.Present) -> bool:
    closed = present.closed(item["unit_code"]) if item["unit_code"] else frozenset()
    action = item["action"] if "." in item["action"] else f"errand.{item['action']}"
    worked = diligence.is_work(action, item["role"])
    return worked and hours.is_off_hours(present.calendar, item["happened_at"], closed)


def day_by_day(errand_id: str, *, english: bool, actor: Actor, now: datetime) -> dict[str, Any]:
    """How the errand's due date comes about, each day counted or not and why."""
    found = cases.row(errand_id, actor)
    shown: dict[str, Any] = {
        "due_at": found["due_at"], "provisional": bool(found["provisional"]),
        "accepted_at": found["accepted_at"], "reminder_at": found["reminder_at"],
        "yellow_at": found["yellow_at"], "budget_working_days": None, "days": [],
    }
    if found["duty_at"] is None:
        return shown
    limit = cases.limit_of(found, calendars.present(), running.halts("errand", errand_id)[errand_id])
    days = [
        {"date": day.date, "counted": day.counted, "reason": day.reason, "text": wording.told(day, english)}
        for day in limit.days_until(clock.local_date(now))
    ]
    return shown | {"budget_working_days": limit.working_days, "days": days}


_BY_NUMBER = """
SELECT e.id, e.number, e.state, e.item_code, e.item_number, e.due_at, e.resident_id, r.phone_sealed,
       r.id_number_sealed
FROM errand e JOIN resident r ON r.id = e.resident_id WHERE e.number = ?
"""


def numbered(number: str, digits: dict[str, str]) -> dict[str, Any] | None:
    """The errand of that number whose resident has these last digits; None alike for either being wrong."""
    found = sql.row(_BY_NUMBER, (number,))
    known = found is not None and all(_ends(found, name, last) for name, last in digits.items())
    return found if known else None


def progress(found: dict[str, Any]) -> dict[str, Any]:
    """What the resident sees of her errand."""
    item = catalogue.version(found["item_code"], found["item_number"])
    steps = [
        {"at": entry["happened_at"], "what": WHAT[entry["action"]]}
        for entry in ledger.steps("errand", found["id"], SHOWN_TO_RESIDENT)
    ]
    return {
        "number": found["number"], "kind": "errand", "state": found["state"],
        "state_name": rules.STATE_NAMES[found["state"]].zh, "item": item["name"],
        "due_at": found["due_at"], "steps": steps,
    }


def _ends(found: dict[str, Any], name: str, last: str) -> bool:
    sealed = found[f"{name}_sealed"]
    if sealed is None:
        return False
    return secrets.unseal(sealed, f"resident|{name}|{found['resident_id']}")[-4:] == last.upper()
