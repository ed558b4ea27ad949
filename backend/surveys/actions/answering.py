"""An answer is taken: counts grow by one, a slip goes, and the ledger says that somebody answered.

Nothing ties the three together: no row of an answer, no moment beside a count, no slip that was used, no account even
where one is signed in, no idempotency key (whose digest would tell the answer to whoever has the keys).
"""
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from backend.core import ledger, sql
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.surveys import rules
from backend.surveys.actions import issuing
from backend.surveys.queries import surveys
from backend.surveys.rules import asking, slips

_SLIP = "SELECT unit_code FROM survey_slip WHERE survey_id = ? AND n = ?"
_USE = "DELETE FROM survey_slip WHERE survey_id = ? AND n = ?"
_CAME = "UPDATE survey_group SET answers = answers + 1 WHERE survey_id = ? AND unit_code = ?"
_COUNT = "UPDATE survey_tally SET times = times + 1 WHERE survey_id = ? AND unit_code = ? AND ({})"


@transaction
def answer(
    survey_id: str, *, token: str, answers: Sequence[dict[str, Any]], actor: Actor, now: datetime
) -> dict[str, Any]:
    """Count an answer, once per slip. ``actor`` is nobody.

    NotFound, SurveyOver, SlipUsed; Invalid for a token that was never given out, or answers that do not fit.
    """
    found = surveys.row(survey_id, actor, lock="SHARE")
    if found["state"] != rules.OPEN or now > found["closes_at"]:
        raise rules.SurveyOver()
    n = _number(survey_id, token, found["issued"])
    unit_code = sql.value(_SLIP, (survey_id, n))
    if unit_code is None or sql.run(_USE, (survey_id, n)) != 1:
        raise rules.SlipUsed()
    taken = asking.taken(orjson.loads(found["sections"]), answers)
    sql.run(_CAME, (survey_id, unit_code))
    each = " OR ".join(["(question = ? AND choice = ?)"] * len(taken))
    counted = sql.run(_COUNT.format(each), [survey_id, unit_code, *(part for pair in taken for part in pair)])
    if counted != len(taken):
        raise RuntimeError("a count was not laid out")
    ledger.record("survey.answer", "survey", survey_id, fields=("answers",))
    return {"survey_id": survey_id, "counted": True}


def _number(survey_id: str, token: str, issued: int) -> int:
    found = slips.parts(token)
    if found is not None and found[0] <= issued:
        right = slips.token(found[0], issuing.proof(survey_id, found[0]))
        if hmac.compare_digest(right, token):
            return found[0]
    raise invalid("token", "答卷码不正确", "Not a slip of this survey.")
