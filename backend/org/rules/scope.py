"""How far an account reaches over what lies in the tree of units (rules 12): said here, and nowhere else."""
from backend.core.actor import ADMIN, AGENT, HANDLER, OFFICE, OPERATOR, SUPERVISOR, TOWNSHIP, Actor
from backend.org import rules as tree

READERS = frozenset({AGENT, OPERATOR, TOWNSHIP, HANDLER, OFFICE, SUPERVISOR, ADMIN})
NOBODY = ("unit_code", "")
COLUMNS = ("unit_code", "township_code", "district_code")


def column(actor: Actor) -> tuple[str, str]:
    """Which of COLUMNS bounds what the actor may see, and its code.

    Agents and operators: their unit. Township offices: their subtree. The district's offices: all of the
    district. Everybody else nothing, handlers too: how they reach their department's is each capability's own.
    """
    code = actor.unit_code or ""
    if actor.role in (AGENT, OPERATOR) and code:
        return "unit_code", code
    if actor.role == TOWNSHIP and code:
        return "township_code", tree.township_of(code)
    if actor.role in (OFFICE, SUPERVISOR, ADMIN) and code:
        return "district_code", tree.district_of(code)
    return NOBODY


def district(actor: Actor) -> str:
    """The code of the actor's district."""
    return tree.district_of(actor.unit_code or "")


def reaches(actor: Actor, unit_code: str) -> bool:
    """Whether what lies at the unit is the actor's to see."""
    name, code = column(actor)
    own = {"unit_code": unit_code, "township_code": tree.township_of(unit_code)}
    return bool(code) and own.get(name, tree.district_of(unit_code)) == code
