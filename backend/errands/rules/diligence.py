"""Whose work an entry of an errand's history is. Pure."""
from backend.core.actor import ROLES

FOUND = frozenset({"errand.import", "card.give"})
"""What somebody's act brought to light: it happened when nobody was at work on it here."""


def is_work(action: str, role: str) -> bool:
    """Whether somebody worked at the moment at which the entry happened; the product's own acts are nobody's."""
    return role in ROLES and action not in FOUND
