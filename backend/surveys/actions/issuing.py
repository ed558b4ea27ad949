"""Giving slips out. Who gets which is written down nowhere: a slip proves a right to answer, not who somebody is."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import ledger, moves, secrets, sql, versions
from backend.core.actor import Actor
from backend.core.problems import NotFound, invalid
from backend.core.transaction import transaction
from backend.surveys import rules
from backend.surveys.models import Survey, SurveyBatch, SurveySlip
from backend.surveys.queries import surveys
from backend.surveys.rules import asking, slips

_GROUP = """
INSERT INTO survey_group (survey_id, unit_code, issued, answers) VALUES (?, ?, ?, 0)
ON CONFLICT (survey_id, unit_code) DO UPDATE SET issued = survey_group.issued + excluded.issued
"""
_BATCH = """
SELECT b.last, u.name AS unit_name FROM survey_batch b LEFT JOIN unit u ON u.code = b.unit_code
WHERE b.survey_id = ? AND b.first = ?
"""
_LAY = "INSERT INTO survey_tally (survey_id, unit_code, question, choice, times) VALUES {} ON CONFLICT DO NOTHING"


@transaction
def issue(
    survey_id: str, *, count: int, unit_code: str | None = None, actor: Actor, now: datetime
) -> list[Any]:
    """Give out ``count`` slips for a unit of the survey, or of none where it is about none; which numbers.

    IllegalMove where the survey is not open, Invalid for a unit that it is not about, or for too many slips.
    """
    found = surveys.own(survey_id, actor, lock=True)
    moves.move(rules.MOVES, found["state"], "issue", rules.STATE_NAMES)
    versions.check_seen(found, actor)
    about = orjson.loads(found["unit_codes"])
    if (unit_code or "") not in (about or [""]):
        raise invalid("unit_code", "须为本次调查所列的机构", "Must be one of the survey's units.")
    first, last = found["issued"] + 1, found["issued"] + count
    if last > rules.MOST_SLIPS:
        raise invalid("count", f"一次调查至多发放 {rules.MOST_SLIPS} 份", f"At most {rules.MOST_SLIPS} in all.")
    versions.amend(Survey, found, actor, issued=last)
    code = unit_code or ""
    sql.run(_GROUP, (survey_id, code, count))
    sql.insert(SurveyBatch, survey_id=survey_id, first=first, last=last, unit_code=code)
    _lay(survey_id, code, orjson.loads(found["sections"]))
    numbers = range(first, last + 1)
    sql.insert_many(SurveySlip, ({"survey_id": survey_id, "n": n, "unit_code": code} for n in numbers))
    ledger.record(
        "survey.issue", "survey", survey_id, scope=found["district_code"], fields=("issued",),
        detail={"unit_code": code, "first": first, "last": last},
    )
    return [survey_id, code, first, last]


def _lay(survey_id: str, unit_code: str, sections: list[dict[str, Any]]) -> None:
    """All counts at 0, before anybody answers: none is ever made by an answer."""
    cells = [
        (survey_id, unit_code, each["code"], choice)
        for each in asking.questions(sections) for choice in range(1, asking.choices(each) + 1)
    ]
    for start in range(0, len(cells), sql.BATCH):
        part = cells[start:start + sql.BATCH]
        values = ", ".join(["(?, ?, ?, ?, 0)"] * len(part))
        sql.run(_LAY.format(values), [value for cell in part for value in cell])


def issued(ref: list[Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The slips of a batch, their tokens derived anew from the keys; NotFound for another district's."""
    survey_id, unit_code, first, last = ref
    surveys.own(survey_id, actor)
    return {
        "survey_id": survey_id, "unit_code": unit_code or None, "first": first, "last": last,
        "tokens": _tokens(survey_id, first, last),
    }


def printed(survey_id: str, first: int, *, actor: Actor) -> tuple[dict[str, Any], list[str]]:
    """The survey and the tokens of the batch that begins with ``first``, used ones too; NotFound for none."""
    found = surveys.own(survey_id, actor)
    batch = sql.row(_BATCH, (survey_id, first))
    if batch is None:
        raise NotFound()
    survey = {"title": found["title"], "closes_at": found["closes_at"], "unit_name": batch["unit_name"]}
    return survey, _tokens(survey_id, first, batch["last"])


def _tokens(survey_id: str, first: int, last: int) -> list[str]:
    return [slips.token(n, proof(survey_id, n)) for n in range(first, last + 1)]


def proof(survey_id: str, n: int) -> str:
    """What only this installation can put on the survey's n-th slip."""
    return secrets.derived("survey-slip", survey_id, n)
