"""How long an appointment says for whom it was (rules 11). Pure."""
from typing import Any

from backend.core.problems import invalid

SETTING = "appointment-retention"
DEFAULT = {"days": 365}
LEAST, MOST = 90, 3650


def check(value: Any) -> None:
    """Invalid unless it is so many whole days, a quarter to ten years: no-shows are counted within a quarter."""
    days = value.get("days") if isinstance(value, dict) and len(value) == 1 else None
    if type(days) is not int or not LEAST <= days <= MOST:
        raise invalid("value", f"须为 {{\"days\": {LEAST} 至 {MOST} 的整数}}", f"Give days, {LEAST} to {MOST}.")
