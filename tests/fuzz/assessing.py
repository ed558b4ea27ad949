"""Scores, lines and appeals to be met by the fuzzer."""
import itertools
import random
from typing import Any

from backend.assessment.rules import schemes
from backend.core import sql
from backend.core.actor import Actor
from tests import cast
from tests.assessment import scored
from tests.conftest import START

_serials = itertools.count(1)


def renew(known: Any) -> None:
    """Fresh lines of the agent, one of them appealed against."""
    found, n = known.values, next(_serials)
    if not found["line_id"]:
        scored.tick(START)
    scored.take(*(scored.said(f"fuzz-{n}-{k}", "card_yellow") for k in range(4)), now=START)
    fresh = [row["id"] for row in sql.plain(
        "SELECT id FROM evidence_line WHERE source_type = 'test' AND source_id LIKE ? ORDER BY id", (f"fuzz-{n}-%",))]
    mine = Actor(scored.agent_id(), "", "agent", cast.VILLAGE)
    found["period"], found["line_id"] = ["2026-H1"], fresh[1:]
    found["score_appeal_id"] = [scored.appealing.appeal(fresh[0], reason="有异议", actor=mine, now=START)]
    found["score_id"] = [sql.value("SELECT standing_id FROM evidence_line WHERE id = ?", (fresh[0],))]


def draw_up(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return schemes.DEFAULT | {"from_period": chance.choice(("2026-H2", "2027-H1", "2026-H1"))}


def enter(known: Any, drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {"kind": chance.choice(("nobody_at_window", "praise")), "basis": "记录", "happened_on": "2026-02-11"}


BODIES = {"assessment_draw_up_scheme": draw_up, "assessment_enter_line": enter}
