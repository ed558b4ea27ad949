"""Notices by the names of their templates: the values each needs, and what it then says. Pure."""
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from backend.core import clock
from backend.notifications.rules import RESIDENT
from backend.notifications.rules.letter import Template
from backend.notifications.rules.letters import LETTERS

LONGEST_VALUE = 120
LONGEST_FOR_PROVIDER = 35
_DATE = re.compile(r"\d{4}-(\d\d)-(\d\d)(?: (\d\d:\d\d))?")

TEMPLATES = {template.code: template for template in LETTERS}


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
