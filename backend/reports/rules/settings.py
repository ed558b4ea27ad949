"""What a district decides itself about coverage. Pure."""
from typing import Any

from backend.core.problems import invalid

DESIGNATED = "designated-agents-count"
"""Whether a site that has a designated agent in place counts as built although its checklist does not pass."""
DESIGNATED_DEFAULT = False


def check_flag(value: Any) -> None:
    """Invalid unless true or false."""
    if not isinstance(value, bool):
        raise invalid("value", "须为 true 或 false", "Must be true or false.")
