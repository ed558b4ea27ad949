"""Corrections: a person says that something held of her is wrong (Personal Information Protection Law, art. 46). Pure.

It is answered within fifteen working days; a refusal says why (art. 50). Who wrote it down does not decide it.
"""
from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.core.actor import ADMIN, AGENT, OPERATOR, SUPERVISOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Forbidden, Text, invalid
from backend.people.rules import numbers

ASKED, MADE, REFUSED = "asked", "made", "refused"
STATES = (ASKED, MADE, REFUSED)
STATE_NAMES = {ASKED: Text("待处理", "asked"), MADE: Text("已更正", "made"), REFUSED: Text("不予更正", "refused")}
WRITERS = frozenset({AGENT, OPERATOR, TOWNSHIP})
DECIDERS = frozenset({TOWNSHIP, ADMIN})
READERS = WRITERS | DECIDERS | {SUPERVISOR}
MOVES = {(ASKED, "make"): Move(MADE, DECIDERS), (ASKED, "refuse"): Move(REFUSED, DECIDERS)}
WORKING_DAYS = 15
FIELDS = {"name": "姓名", "id_number": "身份证号", "phone": "电话", "address": "住址"}


class OwnRequest(Forbidden):
    """Who wrote a request down does not decide it."""

    slug, title = "own-request", Text("须由他人决定自己登记的申请", "Somebody else decides what you wrote down")


def normal(wanted: Mapping[str, Any], today: date) -> dict[str, str]:
    """What is wanted, numbers in their one written form; Invalid names the field, or says that nothing is."""
    made = {name: text for name, text in wanted.items() if name in FIELDS and text is not None}
    if not made:
        raise invalid("wanted", "请填写要更正的内容", "Say what is to be corrected.")
    if "id_number" in made:
        made["id_number"] = numbers.check_id_number(made["id_number"], today)
    if "phone" in made:
        made["phone"] = numbers.normal_phone(made["phone"])
    return made


def check_other(actor_id: str, asked_by: str) -> None:
    """OwnRequest where the same person would decide it."""
    if actor_id == asked_by:
        raise OwnRequest()


def told(fields: str) -> str:
    """The fields in words."""
    return "、".join(FIELDS[name] for name in fields.split(",") if name)
