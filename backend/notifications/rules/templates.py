"""The wording of notices, in the two languages, and how each is treated. Pure.

One line per template: what it says, whom it is for, whether a second copy would do harm, whether it
respects the night, and whether somebody relies on its arrival. The provider's own template codes
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


@dataclass(frozen=True, slots=True)
class Template:
    """``fields`` are the values it needs, in the order of the provider's own template.

    ``at_most_once``: never sent again once it may have gone out. ``sleeps``: not between 22:00 and 07:00.
    ``must_arrive``: unless a receipt says that it arrived, somebody rings. ``call`` is the reason that a
    call task in its place has.
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


def _staff(code: str, zh: str, en: str) -> Template:
    return Template(code, ACCOUNT, zh, en, sleeps=False)


TEMPLATES = {template.code: template for template in (
    _resident(
        "errand_registered",
        "您委托办理的“{item}”已登记，编号{number}。凭编号和手机号后四位可随时查询进度。",
        "Your errand “{item}” is registered as {number}. Follow it by this number and your phone's last four digits.",
    ),
    _resident(
        "errand_accepted",
        "您的代办件{number}（{item}）已受理，承诺{due}前办结。",
        "Your errand {number} ({item}) is accepted; it is promised by {due}.",
    ),
    _resident(
        "errand_supplement",
        "您的代办件{number}（{item}）还需补齐：{missing}。请联系代办员，补齐后即可受理。",
        "Your errand {number} ({item}) still needs: {missing}. Please speak to your agent.",
        must_arrive=True,
    ),
    _resident(
        "errand_suspended",
        "您的代办件{number}（{item}）因{reason}暂停计时，期间不计入办理时限，恢复时另行告知。",
        "The clock of your errand {number} ({item}) is stopped: {reason}. You will be told when it goes on.",
    ),
    _resident(
        "errand_resumed",
        "您的代办件{number}（{item}）已恢复办理，承诺{due}前办结。",
        "Your errand {number} ({item}) goes on; it is promised by {due}.",
    ),
    _resident(
        "errand_extended",
        "您的代办件{number}（{item}）经批准延期至{due}，原因：{reason}。",
        "Your errand {number} ({item}) is extended to {due}: {reason}.",
    ),
    _resident(
        "errand_completed",
        "您的代办件{number}（{item}）已办结，结果：{result}。代办员将按约定送达。",
        "Your errand {number} ({item}) is completed: {result}. Your agent brings you the result.",
    ),
    _resident(
        "errand_declined",
        "您的代办件{number}（{item}）不予受理，原因：{reason}。可到{where}办理，电话{phone}。您有权要求复核。",
        "Your errand {number} ({item}) is declined: {reason}. Turn to {where}, phone {phone}. "
        "You may ask for a re-check.",
        must_arrive=True,
    ),
    _resident(
        "errand_refused_or_returned",
        "您的代办件{number}（{item}）未获批准或被退回，理由：{reason}。您有权要求复核，代办员将把书面决定交给您。",
        "Your errand {number} ({item}) was refused or returned: {reason}. You may ask for a re-check; "
        "your agent brings the written decision.",
        must_arrive=True,
    ),
    _resident(
        "errand_posted",
        "您的代办件{number}（{item}）结果已寄出，请注意查收；如未收到请联系代办员。",
        "The result of your errand {number} ({item}) was posted; tell your agent if it does not arrive.",
        must_arrive=True, call="posted_result",
    ),
    _resident(
        "errand_withdrawn",
        "您的代办件{number}（{item}）已按您的意愿撤回。",
        "Your errand {number} ({item}) is withdrawn as you wished.",
    ),
    _resident(
        "deferred_paper_due",
        "您的代办件{number}（{item}）容缺的材料{missing}请于{due}前补交，否则无法办结。",
        "The papers that may come later for your errand {number} ({item}), {missing}, are due by {due}.",
    ),
    _resident(
        "rating_invitation",
        "您的代办件{number}已办结，请评价本次服务：{link}。此链接仅供您本人使用一次。",
        "Your errand {number} is done; please rate it: {link}. The link is yours and works once.",
        at_most_once=True,
    ),
    _resident(
        "one_time_code",
        "验证码{code}，{minutes}分钟内有效，请勿告诉他人。",
        "Your code is {code}, valid for {minutes} minutes. Tell it to nobody.",
        at_most_once=True, sleeps=False,
    ),
    _resident(
        "legal_notice",
        "您的代办件{number}（{item}）有文书{document}，依法仅告知一次，请联系代办员领取。",
        "A document, {document}, of your errand {number} ({item}) is served by this single notice; "
        "your agent has it.",
        at_most_once=True, must_arrive=True,
    ),
    _staff(
        "card",
        "{rung}：代办件{number}（{item}）应于{due}前办结，请及时处理。",
        "{rung}: errand {number} ({item}) is due by {due}.",
    ),
    _staff(
        "handover_asked",
        "{giver}请您接手代办件{number}（{item}），在您接受之前仍由对方负责。",
        "{giver} asks you to take over errand {number} ({item}); until you accept it stays theirs.",
    ),
    _staff(
        "forwarded",
        "代办件{number}（{item}）已转到贵部门，请于{due}前答复。",
        "Errand {number} ({item}) was forwarded to your department; answer by {due}.",
    ),
    _staff(
        "forwarding_answered",
        "代办件{number}（{item}）：{department}已答复“{answer}”。",
        "Errand {number} ({item}): {department} answered {answer}.",
    ),
    _staff(
        "errand_inherited",
        "代办件{number}（{item}）原代办员账号已停用，由您所在岗位接办。",
        "Errand {number} ({item}) comes to your post: its agent's account is disabled.",
    ),
    _staff(
        "errand_stuck",
        "代办件{number}（{item}）已{days}个工作日没有进展，请查看。",
        "Errand {number} ({item}) has seen no act for {days} working days.",
    ),
    _staff(
        "finding_recorded",
        "代办件{number}：{finding}，已记录。",
        "Errand {number}: {finding} was recorded.",
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
    wording = template.en if english else template.zh
    return wording.format_map({name: values.get(name, "") for name in template.fields})


def for_provider(template: Template, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """The values in the template's order, cut to what providers take (35 characters each)."""
    return [(name, values.get(name, "")[:LONGEST_FOR_PROVIDER]) for name in template.fields]
