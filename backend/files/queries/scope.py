"""How far an account reaches among files, uploads and announcements: its own, its unit's, its subtree's."""
from backend.core.actor import ADMIN, AGENT, OPERATOR, SUPERVISOR, TOWNSHIP, Actor
from backend.org import rules as units


def condition(actor: Actor, table: str = "") -> tuple[str, tuple[str, ...]]:
    """A condition on ``account_id`` and ``unit_code``, and its parameters: what this actor may see and no more."""
    dot = f"{table}." if table else ""
    if actor.role in (TOWNSHIP, SUPERVISOR, ADMIN) and actor.unit_code:
        text = f"({dot}account_id = ? OR {dot}unit_code BETWEEN ? AND ?)"
        return text, (actor.id, *units.subtree(actor.unit_code))
    if actor.role in (AGENT, OPERATOR) and actor.unit_code:
        return f"({dot}account_id = ? OR {dot}unit_code = ?)", (actor.id, actor.unit_code)
    return f"{dot}account_id = ?", (actor.id,)
