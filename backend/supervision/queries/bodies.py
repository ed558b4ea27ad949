"""The units and departments that supervision speaks to, in office, of the actor's district."""
from collections.abc import Sequence
from datetime import date
from typing import Any

from backend.core import sql
from backend.core.actor import Actor
from backend.core.problems import Invalid, Text
from backend.org import queries as units
from backend.org import rules as tree
from backend.org.rules import posts, scope
from backend.supervision.rules import bodies as rules

UNKNOWN = {
    "unit_code": Text("须为本区在册机构", "Must be a unit of this district in office."),
    "department_code": Text("须为在册部门", "Must be a department in office."),
}
_BELOW = "SELECT code, name, valid_from_on, valid_to_on FROM unit WHERE code IN ({})"
_DEPARTMENTS = "SELECT code, name, valid_to_on FROM department WHERE code IN ({})"


def asked(unit_code: str | None, department_code: str | None, actor: Actor, on: date) -> dict[str, Any]:
    """The columns of the body that was named; Invalid where it is not one of the actor's district."""
    code, field = unit_code or department_code or "", "unit_code" if unit_code else "department_code"
    district = scope.district(actor)
    found = standing([code], district, on)
    if code not in found or not rules.is_of(field, code):
        raise Invalid(errors={field: [UNKNOWN[field]]})
    return rules.columns(code, district, found[code])


def standing(codes: Sequence[str], district: str, on: date) -> dict[str, str]:
    """Those of the units (of the district) and departments that are in office, with their names; two statements."""
    own = [code for code in codes if posts.is_unit(code) and tree.contains(district, code)]
    others = [code for code in codes if not posts.is_unit(code)]
    found = []
    for text, wanted in ((_BELOW, own), (_DEPARTMENTS, others)):
        if wanted:
            found += sql.rows(text.format(", ".join("?" * len(wanted))), wanted)
    return {each["code"]: each["name"] for each in found if units.in_office(each, on)}


def name_of(code: str) -> str:
    """The name of a unit or department."""
    found = units.unit(code) if posts.is_unit(code) else units.department(code)
    return found["name"] if found else code
