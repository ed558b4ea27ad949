"""A month that was told, and corrections that wait, to be met by the fuzzer."""
import random
from typing import Any

from backend.core import sql
from backend.core.actor import system
from backend.disclosure.actions import publishing
from tests import cast
from tests.conftest import START

MONTH = "2026-01"


def renew(known: Any, path: str) -> None:
    """A fresh correction for whoever answers one, and the month."""
    if sql.value("SELECT count(*) FROM open_figures") == 0:
        publishing.publish(cast.DISTRICT, MONTH, actor=system("fuzz"), now=START)
    resident = known.values["resident_id"][0]
    body = {"wanted": {"address": "新址"}, "grounds": "搬家"}
    made = known.caller("agent").post(f"/residents/{resident}/corrections", body)
    assert made.status_code == 201, made.json
    known.values["correction_id"] = [*known.values["correction_id"][-2:], made.json["id"]]
    known.values["told_month"] = [MONTH, MONTH, "2026-02"]


def ask(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"wanted": {"phone": "13805761234"}, "grounds": "换号"}


BODIES = {"personal_ask_correction": ask}
