"""Owner, builder and helping unit asked together why a project is late, and whose fault it is (rules 8.6). Pure."""
from datetime import date

from backend.core.actor import OFFICE, PROJECT_AGENT, SUPERVISOR
from backend.core.problems import Problem, Text

OWNER, BUILDER, HELPER = "owner", "builder", "helper"
FAULTS = (OWNER, BUILDER, HELPER)
FAULT_NAMES = {
    OWNER: Text("业主单位", "owner"), BUILDER: Text("施工单位", "builder"), HELPER: Text("帮办单位", "helping unit"),
}
HOLDERS = frozenset({PROJECT_AGENT, OFFICE, SUPERVISOR})


class NotLate(Problem):
    """Parties are interviewed where a project is late: past its promise, forecast past it, or a procedure overdue."""

    status, slug, title = 409, "not-late", Text("项目没有延误", "The project is not late")


def is_late(forecast_on: date, promised_on: date, overdue: int) -> bool:
    """Whether a project is late: it ends after the promised day, or procedures are overdue."""
    return forecast_on > promised_on or overdue > 0
