"""What a survey found: told once it is over, by section, question and unit, above the minimum of answers only."""
from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

import orjson

from backend.core import sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.org.rules import scope
from backend.surveys import rules
from backend.surveys.queries import surveys
from backend.surveys.rules import telling

_GROUPS = """
SELECT g.unit_code, u.name, g.answers FROM survey_group g LEFT JOIN unit u ON u.code = g.unit_code
WHERE g.survey_id = ? ORDER BY g.unit_code
"""
_TALLY = "SELECT unit_code, question, choice, times FROM survey_tally WHERE survey_id = ? AND times > 0"


def of(survey_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The results; all None while the survey is open or too few have answered.

    NotFound before publication, but for supervisors, office and admins of the district.
    """
    found = surveys.row(survey_id, actor)
    judge = actor.role in rules.JUDGES and scope.district(actor) == found["district_code"]
    if found["state"] != rules.PUBLISHED and not judge:
        raise NotFound()
    sections = orjson.loads(found["sections"])
    over = found["state"] in (rules.CLOSED, rules.PUBLISHED)
    groups = sql.rows(_GROUPS, (survey_id,)) if over else []
    total = sum(group["answers"] for group in groups)
    enough = total >= found["least_answers"]
    tallies = _tallies(survey_id) if enough else {}
    told = telling.shown({group["unit_code"]: group["answers"] for group in groups}, found["least_answers"])
    whole: Counter[tuple[str, int]] = sum(tallies.values(), Counter())
    return {
        "survey_id": survey_id, "state": found["state"], "least_answers": found["least_answers"],
        "answers": total if enough else None,
        "sections": [_section(section, whole if enough else None) for section in sections],
        "units": [
            _unit(group, sections, tallies[group["unit_code"]]) for group in groups
            if group["unit_code"] and group["unit_code"] in told
        ],
        "version": found["version"],
    }


def _tallies(survey_id: str) -> dict[str, Counter[tuple[str, int]]]:
    made: dict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
    for unit_code, question, choice, times in sql.execute(_TALLY, (survey_id,)).fetchall():
        made[unit_code][question, choice] = times
    return made


def _section(section: dict[str, Any], tally: Counter[tuple[str, int]] | None) -> dict[str, Any]:
    nothing = {"average": None, "by_choice": None}
    return {
        "code": section["code"], "name": section["name"],
        "average": None if tally is None else telling.of_section(section, tally),
        "questions": [
            {"code": each["code"], "text": each["text"], "kind": each["kind"]}
            | (nothing if tally is None else telling.of_question(each, tally)) for each in section["questions"]
        ],
    }


def _unit(
    group: dict[str, Any], sections: list[dict[str, Any]], tally: Counter[tuple[str, int]]
) -> dict[str, Any]:
    return {
        "unit_code": group["unit_code"], "name": group["name"], "answers": group["answers"],
        "sections": [{"code": each["code"], "average": telling.of_section(each, tally)} for each in sections],
    }
