"""The wording of notices, in the two languages, and how each is treated. Pure.

One line per template: what it says, whom it is for, whether a second copy would do harm, whether it
respects the night, and whether it must arrive (docs/decisions/0132). The provider's own template codes
stand in the operator's file (DAIBAN_SMS_TEMPLATES), by these names.
"""
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend.core import clock
from backend.notifications.rules import ACCOUNT, RESIDENT

LONGEST_VALUE = 120
LONGEST_FOR_PROVIDER = 35
_DATE = re.compile(r"\d{4}-(\d\d)-(\d\d)(?: (\d\d:\d\d))?")


@dataclass(frozen=True, slots=True)
class Template:
    """``fields`` are the values it needs, in the order of the provider's own template.

    ``at_most_once``: never sent again once it may have gone out. ``sleeps``: not between 22:00 and 07:00.
    ``must_arrive``: unless a receipt says that it arrived, somebody rings; of any other nobody does, whatever
    becomes of it. ``call`` is the reason that a call task in its place has.
    """

    code: str
    audience: str
    zh: str
    en: str
    at_most_once: bool = False
    sleeps: bool = True
    must_arrive: bool = False
    call: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(re.findall(r"{(\w+)}", self.zh))

    @property
    def reason(self) -> str:
        return self.call or self.code


def _resident(code: str, zh: str, en: str, **more: Any) -> Template:
    return Template(code, RESIDENT, zh, en, **more)


def _staff(code: str, zh: str, en: str, *, sleeps: bool = False) -> Template:
    return Template(code, ACCOUNT, zh, en, sleeps=sleeps)


TEMPLATES = {template.code: template for template in (
    _resident(
        "errand_accepted",
        "您好，您托办的“{item}”已受理，编号{number}，最迟{due}办好。有事请找{contact}。",
        "Your errand “{item}” is accepted as {number}; it is done by {due} at the latest. Ask {contact}.",
    ),
    _resident(
        "errand_accepted_above",
        "您好，您托办的“{item}”已受理，编号{number}，要报上级答复，有答复马上告诉您。有事请找{contact}。",
        "Your errand “{item}” is accepted as {number} and goes to the offices above; you are told of their answer. "
        "Ask {contact}.",
    ),
    _resident(
        "errand_supplement",
        "您好，您托办的“{item}”（编号{number}）还缺：{missing}。请备齐交给{contact}，详见书面告知书。",
        "Your errand “{item}” ({number}) still needs: {missing}. Hand it to {contact}; the written notice has it all.",
        at_most_once=True, must_arrive=True,
    ),
    _resident(
        "errand_suspended",
        "您好，您托办的“{item}”（编号{number}）需要{reason}，办理时间先停算，恢复时再告诉您。书面通知请找{contact}领取。",
        "The clock of your errand “{item}” ({number}) stands for: {reason}; you are told when it goes on. "
        "Ask {contact} for the written notice.",
        must_arrive=True,
    ),
    _resident(
        "errand_resumed",
        "您好，您托办的“{item}”（编号{number}）恢复办理了，最迟{due}办好。有事请找{contact}。",
        "Your errand “{item}” ({number}) goes on; it is done by {due} at the latest. Ask {contact}.",
    ),
    _resident(
        "errand_resumed_above",
        "您好，您托办的“{item}”（编号{number}）恢复办理了，有结果马上告诉您。有事请找{contact}。",
        "Your errand “{item}” ({number}) goes on; you are told of the result. Ask {contact}.",
    ),
    _resident(
        "errand_extended",
        "您好，您托办的“{item}”（编号{number}）经批准延长时间，改为最迟{due}办好，原因：{reason}。有事请找{contact}。",
        "Your errand “{item}” ({number}) takes longer, until {due} at the latest: {reason}. Ask {contact}.",
        must_arrive=True,
    ),
    _resident(
        "errand_completed",
        "您好，您托办的“{item}”（编号{number}）有结果了：{result}。结果会交到您手上，有事请找{contact}。",
        "Your errand “{item}” ({number}) is completed: {result}. The result comes to you; ask {contact}.",
    ),
    _resident(
        "errand_declined",
        "您好，您托办的“{item}”（编号{number}）这里不能受理，原因：{reason}。请到{where}办理，电话{phone}。"
        "您如不同意，可找{office}要求复核。",
        "Your errand “{item}” ({number}) cannot be taken here: {reason}. Turn to {where}, phone {phone}. "
        "You may ask {office} for a re-check.",
        must_arrive=True,
    ),
    _resident(
        "errand_refused",
        "您好，您托办的“{item}”（编号{number}）没有批准，理由：{reason}。书面决定请找{contact}领取。"
        "您如不同意，可找{office}要求复核。",
        "Your errand “{item}” ({number}) was refused: {reason}. {contact} has the written decision. "
        "You may ask {office} for a re-check.",
        must_arrive=True,
    ),
    _resident(
        "errand_returned",
        "您好，您托办的“{item}”（编号{number}）被退回，理由：{reason}。书面决定请找{contact}领取。"
        "您如不同意，可找{office}要求复核。",
        "Your errand “{item}” ({number}) was returned: {reason}. {contact} has the written decision. "
        "You may ask {office} for a re-check.",
        must_arrive=True,
    ),
    _resident(
        "errand_posted",
        "您好，您托办的“{item}”（编号{number}）结果已经寄出，请留意查收。没有收到，请找{contact}。",
        "The result of your errand “{item}” ({number}) was posted; tell {contact} if it does not arrive.",
        must_arrive=True, call="posted_result",
    ),
    _resident(
        "errand_withdrawn",
        "您好，您托办的“{item}”（编号{number}）已撤回，不再办理。如果您没有要求撤回，请找{office}。",
        "Your errand “{item}” ({number}) is withdrawn. If you did not wish that, turn to {office}.",
    ),
    _staff(
        "card",
        "{rung}：代办件{number}（{item}）应于{due}前办结，请及时处理。",
        "{rung}: errand {number} ({item}) is due by {due}.",
    ),
    _staff(
        "handover_asked",
        "{giver}请您接手代办件{number}（{item}），请在系统中答复；您接受之前仍由对方负责。",
        "{giver} asks you to take over errand {number} ({item}); until you accept it stays theirs.",
    ),
    _staff(
        "forwarded",
        "代办件{number}（{item}）已转到贵部门，请于{due}前答复。",
        "Errand {number} ({item}) was forwarded to your department; answer by {due}.",
    ),
    _staff(
        "forwarded_above",
        "代办件{number}（{item}）已上报贵部门，请及时答复。",
        "Errand {number} ({item}) was sent up to your department; please answer.",
    ),
    _staff(
        "forwarding_answered",
        "代办件{number}（{item}）：{department}已答复“{answer}”，请继续办理。",
        "Errand {number} ({item}): {department} answered “{answer}”; it is yours to carry on.",
    ),
    _staff(
        "errand_inherited",
        "代办件{number}（{item}）原代办员账号已停用，由您所在岗位接办。",
        "Errand {number} ({item}) comes to your post: its agent's account is disabled.",
    ),
    _staff(
        "problem_raised",
        "{unit}在建设周报中提出问题：{problem}。请{department}于{due}前在系统中答复。",
        "{unit} raised a problem in its weekly report: {problem}. {department}, answer by {due}.",
    ),
    _staff(
        "problem_answered",
        "{department}已答复{unit}提出的问题：{problem}。答复见下期周报或问题清单。",
        "{department} answered the problem that {unit} raised: {problem}.",
    ),
    _staff(
        "finding_recorded",
        "代办件{number}（{item}）记入一条问题：{finding}。",
        "A finding about errand {number} ({item}) was recorded: {finding}.",
    ),
    _staff(
        "report_reminder",
        "{unit}{week}建设周报还没有报送，请在{due}前报送。",
        "{unit} has not filed its weekly report {week}; it is due by {due}.",
        sleeps=True,
    ),
    _staff(
        "report_missing",
        "{unit}{week}建设周报到{due}截止时仍未报送，请尽快补报，逾期将在通报中列名。",
        "{unit} had not filed its weekly report {week} when it was due ({due}); file it, late as it is.",
        sleeps=True,
    ),
    _staff(
        "reports_missing",
        "{week}建设周报{due}截止：应报{expected}个，未报{count}个：{units}。",
        "Weekly reports {week}, due {due}: {expected} expected, {count} missing: {units}.",
        sleeps=True,
    ),
    _staff(
        "report_returned",
        "{week}建设周报被退回，请改正后重新报送。原因：{reason}",
        "The weekly report {week} was returned; correct it and file it again. Reason: {reason}",
    ),
)}


def for_residents() -> list[str]:
    """The names of the templates that a provider of text messages must know."""
    return [code for code, template in TEMPLATES.items() if template.audience == RESIDENT]


def one(code: str) -> Template:
    """The template; a ValueError for a name that is in no table."""
    if code not in TEMPLATES:
        raise ValueError(f"no template {code}")
    return TEMPLATES[code]


def given(template: Template, values: Mapping[str, Any]) -> dict[str, str]:
    """The values as words, each cut to a bearable length; a ValueError names those that lack.

    Instants become local wall-clock times, lists are joined. Values that the template does not show are kept.
    """
    lacking = [name for name in template.fields if values.get(name) is None]
    if lacking:
        raise ValueError(f"{template.code} lacks {', '.join(lacking)}")
    return {name: _word(value) for name, value in values.items() if value is not None}


def _word(value: Any) -> str:
    if isinstance(value, datetime):
        return clock.local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        value = "、".join(map(str, value))
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def text(template: Template, values: Mapping[str, str], *, english: bool = False) -> str:
    """What the notice says; values that were erased are left blank."""
    wording, said = (template.en, str) if english else (template.zh, _spoken)
    return wording.format_map({name: said(values.get(name, "")) for name in template.fields})


def _spoken(word: str) -> str:
    """A date as people say it: 2026-02-26 17:30 is 2月26日17:30."""
    found = _DATE.fullmatch(word)
    return f"{int(found[1])}月{int(found[2])}日{found[3] or ''}" if found else word


def for_provider(template: Template, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """The values in the template's order, cut to what providers take (35 characters each)."""
    return [(name, _spoken(values.get(name, ""))[:LONGEST_FOR_PROVIDER]) for name in template.fields]
