"""What is asked of the register."""
from typing import Any

from marshmallow import fields

from backend.core.shapes import Code, Day, Shape, one_of
from backend.errands import rules
from backend.errands.schemas.taken import UNIT_CODE

_QUERY: dict[str, Any] = {
    "unit_code": fields.List(Code(UNIT_CODE), load_default=[]),
    "state": fields.List(fields.String(validate=one_of((*rules.STATES, "all"))), load_default=[]),
    "from": Day(load_default=None),
    "to": Day(load_default=None),
}
RegisterQuery = Shape.from_dict(_QUERY, name="RegisterQuery")
