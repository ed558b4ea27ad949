"""Drawing up a scheme for a half-year to come."""
from datetime import datetime
from typing import Any

from backend.assessment.models import AssessmentScheme
from backend.assessment.queries import schemes
from backend.assessment.rules import periods as halves
from backend.assessment.rules import schemes as rules
from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.org.rules import scope


@transaction
def draw_up(*, from_period: str, body: dict[str, Any], actor: Actor, now: datetime) -> int:
    """Enter the next version of the district's scheme; its number. PeriodBegun, Invalid of sense."""
    district = scope.district(actor)
    if sql.on_postgresql():
        sql.execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", (f"assessment-scheme|{district}",))
    rules.check_ahead(from_period, halves.of(clock.local_date(now)))
    rules.check(body)
    number = schemes.last_number(district) + 1
    sql.insert(
        AssessmentScheme, district_code=district, number=number, from_period=from_period, body=body,
        made_by=actor.id, made_at=now,
    )
    ledger.record(
        "assessment.draw_up", "assessment_scheme", f"{district}/{number}", scope=district,
        detail={"from_period": from_period, "body": body},
    )
    return number
