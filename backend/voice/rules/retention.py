"""How long a complaint keeps what it says of people once it is over (rules 11). Pure."""
from typing import Any

from backend.core.problems import invalid

SETTING = "complaint-retention"
DEFAULT = {"days": 1095}
LEAST, MOST = 365, 3650


def check(value: Any) -> None:
    """Invalid unless it is so many whole days, one to ten years."""
    days = value.get("days") if isinstance(value, dict) and len(value) == 1 else None
    if type(days) is not int or not LEAST <= days <= MOST:
        raise invalid("value", f"须为 {{\"days\": {LEAST} 至 {MOST} 的整数}}", f"Give days, {LEAST} to {MOST}.")
