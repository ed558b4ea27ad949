"""Who a person of an appointment is: the ID number where it is known, else name and phone (api.md). Pure."""
from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.core import pinyin
from backend.core.problems import Invalid
from backend.people.rules import numbers

_COMPOUND = (
    "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐长孙宇文司徒夏侯轩辕端木百里东郭南宫呼延澹台公冶宗政濮阳淳于单于太叔申屠仲孙钟离"
    "闻人赫连万俟闾丘独孤拓跋"
)
COMPOUND = frozenset(_COMPOUND[at : at + 2] for at in range(0, len(_COMPOUND), 2))
"""Surnames of two characters, 百家姓 and those of today's registers."""


def surname(name: str) -> str:
    """What feeds and lists show of a name: 王 of 王桂香, 欧阳 of 欧阳娜, Smith of John Smith; nothing of one erased."""
    name = name.strip()
    if name[:2] in COMPOUND and len(name) > 2:
        return name[:2]
    return name.split()[-1][:12] if name and name.isascii() else name[:1]


def initials(name: str) -> str:
    """How people type the name in a hurry: wgx."""
    return pinyin.initials_of(name, surname=True)[:60]


def normal(given: Mapping[str, Any], today: date, within: str = "person") -> dict[str, str]:
    """Name, phone and (where given) ID number in their one written form; Invalid names the field."""
    try:
        made = {"name": " ".join(given["name"].split()), "phone": numbers.normal_phone(given["phone"])}
        if given.get("id_number"):
            made["id_number"] = numbers.check_id_number(given["id_number"], today)
        return made
    except Invalid as refused:
        raise refused.within(within) from None


def identity(person: Mapping[str, str]) -> str:
    """The text that makes her the same person another time."""
    if "id_number" in person:
        return f"id|{person['id_number']}"
    return f"name|{person['name'].replace(' ', '')}|{person['phone']}"
