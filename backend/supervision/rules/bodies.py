"""Bodies that supervision speaks to: units and departments of a district, and who speaks for them. Pure."""
from typing import Any

from backend.core.actor import ADMIN, AGENT, HANDLER, OFFICE, OPERATOR, SUPERVISOR, TOWNSHIP
from backend.core.problems import Forbidden, Text
from backend.org import rules as tree
from backend.org.rules import posts

READERS = frozenset({AGENT, OPERATOR, TOWNSHIP, HANDLER, OFFICE, SUPERVISOR, ADMIN})
COLUMNS = ("district_code", "unit_code", "township_code", "department_code", "target_code", "target_name")


class NotYourBody(Forbidden):
    """Another body is asked."""

    slug, title = "not-your-body", Text("此事由其他机构办理", "This is another body's")


def columns(code: str, district_code: str, name: str) -> dict[str, Any]:
    """The columns that say whom a row is about."""
    unit = posts.is_unit(code)
    return {
        "district_code": district_code, "unit_code": code if unit else None,
        "township_code": tree.township_of(code) if unit else None, "department_code": None if unit else code,
        "target_code": code, "target_name": name,
    }


def is_of(field: str, code: str) -> bool:
    """Whether a code stands in a field of its kind: a unit's under ``unit_code…``, a department's elsewhere."""
    return field.startswith("unit_code") == posts.is_unit(code)


def above(code: str, district_code: str) -> str | None:
    """To whom a body passes up what it cannot solve: village, township, district; the district to nobody."""
    if code == district_code:
        return None
    return tree.township_of(code) if posts.is_unit(code) and tree.level_of(code) == "village" else district_code


def speaks_for(role: str, unit_code: str | None, department_code: str | None, code: str) -> bool:
    """Whether an account answers for a body of its district.

    A department's handler; of a village its agents and operators and the township's office; of a township its
    office; of the district (its centre) the office and the admin.
    """
    own = unit_code or ""
    if not posts.is_unit(code):
        return role == HANDLER and department_code == code
    level = tree.level_of(code)
    if level == "village" and own == code:
        return role in (AGENT, OPERATOR)
    if level in ("village", "township"):
        return role == TOWNSHIP and own == tree.township_of(code)
    return role in (OFFICE, ADMIN) and own == code


def may_speak(role: str, unit_code: str | None, department_code: str | None, *codes: str) -> None:
    """NotYourBody unless the account answers for one of these bodies."""
    if not any(speaks_for(role, unit_code, department_code, code) for code in codes):
        raise NotYourBody()
