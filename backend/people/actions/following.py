"""What follows at once where somebody else may be on duty now, declared by those above (rules 5.1, 5.7)."""
from collections.abc import Callable
from datetime import datetime
from typing import Any

from backend.core.actor import Actor

_declared: dict[str, Callable[..., Any]] = {}


def declare(capability: str, follow: Callable[..., Any]) -> None:
    """Have ``follow(actor=…, now=…)`` called after each act on rosters; done once, where the capability is imported."""
    _declared[capability] = follow


def tell(*, actor: Actor, now: datetime) -> None:
    """Call what was declared, after the act was committed: these are acts of their own, which a job would do too."""
    for follow in _declared.values():
        follow(actor=actor, now=now)
