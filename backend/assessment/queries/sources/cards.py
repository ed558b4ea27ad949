"""Cards: they count against who answers for the case and his unit, a department's against the department.

Whom a card was counted against once it stays with: who takes a late case over has not earned its cards.
"""
from collections.abc import Sequence
from typing import Any

from backend.assessment.queries.sources import parts
from backend.assessment.rules import AGENT_SUBJECT, DEPARTMENT_SUBJECT, UNIT_SUBJECT
from backend.assessment.rules.evidence import Evidence, Subject, Wanted
from backend.clocks.rules.cards import REVERSED
from backend.core import clock

ACTIONS = frozenset({"card.give", "card.uphold"})
_CARDS = """
SELECT c.id, c.rung, c.state, c.effective_at, c.unit_code, c.department_code, c.district_code, k.account_id, e.number
FROM card c JOIN clock k ON k.id = c.clock_id
LEFT JOIN errand e ON c.subject_type = 'errand' AND e.id = c.subject_id
WHERE c.subject_type = ? AND c.subject_id IN ({})
"""
_COUNTED = """
SELECT l.id, l.source_id, s.subject_id FROM evidence_line l JOIN standing s ON s.id = l.standing_id
WHERE l.source_type = ? AND s.subject_type = ? AND l.n > 0 AND l.source_id IN ({})
"""
CARD = "card"


def evidence(entries: Sequence[dict[str, Any]]) -> list[Evidence]:
    """All cards of the subjects that got one or whose card fell."""
    found: list[Evidence] = []
    for kind in sorted({entry["subject_type"] for entry in entries}):
        ids = [entry["subject_id"] for entry in entries if entry["subject_type"] == kind]
        cards = parts.rows(_CARDS, ids, kind)
        counted = _counted([card["id"] for card in cards])
        found += [_said(card | {"account_id": counted.get(card["id"], card["account_id"])}) for card in cards]
    return found


def _counted(card_ids: list[str]) -> dict[str, str]:
    """The agent against whom each of these cards was counted first."""
    lines = parts.rows(_COUNTED, card_ids, CARD, AGENT_SUBJECT)
    return {line["source_id"]: line["subject_id"] for line in sorted(lines, key=lambda each: each["id"], reverse=True)}


def _said(card: dict[str, Any]) -> Evidence:
    wanted = () if card["state"] == REVERSED else tuple(
        Wanted(f"card_{card['rung']}", subject) for subject in _subjects(card)
    )
    return Evidence(CARD, card["id"], clock.from_micros(card["effective_at"]), wanted, card["number"] or "")


def _subjects(card: dict[str, Any]) -> list[Subject]:
    if card["department_code"] is not None:
        return [Subject(DEPARTMENT_SUBJECT, card["department_code"], card["district_code"])]
    unit = Subject(UNIT_SUBJECT, card["unit_code"], card["unit_code"])
    if card["account_id"] is None:
        return [unit]
    return [Subject(AGENT_SUBJECT, card["account_id"], card["unit_code"]), unit]
