"""What shapes of coverage and reports share."""
from typing import Any

from marshmallow import fields, post_load

from backend.core.shapes import Code, Flag, Shape
from backend.reports.rules import states
from backend.reports.rules.sites import STATUSES
from backend.reports.rules.targets import LEVELS

UNIT_CODE = r"[0-9]{12}"
DEPARTMENT = r"[A-Za-z0-9_-]{1,16}"
ITEM = r"[A-Za-z0-9_-]{1,32}"
WEEK = r"[0-9]{4}-W[0-9]{2}"
STATES = states.STATES
SITE_STATUSES, SITE_LEVELS = STATUSES, LEVELS


class Ignored(fields.Raw):
    """A member that only the server says; what a client sends back of it is not looked at."""

    def __init__(self) -> None:
        super().__init__(allow_none=True, metadata={"description": "read only; ignored"})


class Returning(Shape):
    """A body that may hold what was read, unchanged: members that only the server says are dropped."""

    @post_load
    def drop(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """What the client says himself."""
        return {name: value for name, value in data.items() if not isinstance(self.fields[name], Ignored)}


class PassedShape(Shape):
    """An item of the readiness checklist, and whether the site passes it."""

    code = Code(ITEM, required=True)
    passed = Flag(required=True)
    text = fields.String()


class Reporter(Shape):
    id = fields.String(required=True)
    name = fields.String(required=True)
