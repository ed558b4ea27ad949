"""What a notice's wording is made of, and how it is treated. Pure."""
import re
from dataclasses import dataclass
from typing import Any

from backend.notifications.rules import ACCOUNT, RESIDENT


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


def to_resident(code: str, zh: str, en: str, **more: Any) -> Template:
    """A notice to a resident, which sleeps at night unless told otherwise."""
    return Template(code, RESIDENT, zh, en, **more)


def to_staff(code: str, zh: str, en: str, *, sleeps: bool = False) -> Template:
    """A notice to an account of the staff; at night, too, unless told otherwise: he looks when he works."""
    return Template(code, ACCOUNT, zh, en, sleeps=sleeps)
