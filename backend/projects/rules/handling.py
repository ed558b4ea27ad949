"""What is allowed with a procedure's papers, answer and limit. Pure."""
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from backend.core.actor import TOWNSHIP
from backend.core.problems import Forbidden, IllegalMove, invalid
from backend.projects.rules import consent, states, who

SKEW = timedelta(minutes=5)
"""What two clocks may differ by (rules 9)."""


def check_running(project_state: str) -> None:
    """IllegalMove in a project that was given up; in a finished one a late answer is still kept."""
    if project_state == states.ABANDONED:
        raise IllegalMove("该项目已终止", "The project was given up", state=project_state, possible=[])


def department_of(
    procedure: Mapping[str, Any], role: str, department_code: str | None, unit_code: str | None,
    township_code: str | None,
) -> str:
    """For which department of a procedure an account speaks, the lead first; NotYourDepartment."""
    for wanted in (procedure["lead_department"], *procedure["joining_departments"]):
        if who.acts_for(role, department_code, unit_code, wanted, township_code):
            return str(wanted)
    raise who.NotYourDepartment()


def check_signed(signed_at: datetime, now: datetime) -> datetime:
    """The moment of a signature, at the latest now; Invalid for one in the future."""
    if signed_at > now + SKEW:
        raise invalid("signed_at", "不得晚于现在", "Must not be in the future.")
    return min(signed_at, now)


def check_reasons(decision: str, reasons: str | None) -> None:
    """Invalid for an objection without reasons: a department that says no says why (rules 3.7)."""
    if decision == consent.OBJECT and not reasons:
        raise invalid("reasons", "不同意须说明理由", "An objection needs reasons.")


def is_repeated(
    last: Mapping[str, Any], decision: str, reasons: str | None, account_id: str, deemed_at: datetime | None
) -> bool:
    """Whether a late answer says again what its sender said last of this same consent.

    ``deemed_at``: when the consent took effect, None where it is deemed only now. What was said of one that was
    revoked since is no repetition (rules 8.3: a late objection is stored).
    """
    same = (last["decision"], last["reasons"], last["account_id"]) == (decision, reasons, account_id)
    return same and deemed_at is not None and bool(last["received_at"] >= deemed_at)


def check_extender(account_id: str, head_id: str | None, role: str) -> None:
    """Forbidden unless the head of the lead department, or the township at the project's place (rules 1.4)."""
    if role != TOWNSHIP and account_id != head_id:
        raise Forbidden("由牵头部门负责人批准延期", "The head of the lead department extends a limit")


def serving(state: str, outcome: str | None) -> str:
    """The verb by which papers are served: improved ones after an objection."""
    return "serve_again" if state == states.FINISHED and outcome == states.OBJECTED else "serve"


def check_deemed(procedure: Mapping[str, Any]) -> None:
    """IllegalMove unless the consent to the procedure counts as given."""
    if procedure["outcome"] not in states.DEEMED:
        raise IllegalMove(
            "该手续没有视为同意的记录", "No consent to it is deemed", state=procedure["state"], possible=[],
        )
