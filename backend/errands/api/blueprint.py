"""The blueprint that all routes of errands are declared on."""
from datetime import datetime

from backend.core import http
from backend.core.actor import Actor
from backend.errands import rules
from backend.errands.queries import cases

blp = http.Blueprint("errands", description="代办件 · residents' errands from mandate to delivery")
TAKERS = rules.TAKERS


def within(errand_id: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where the errand is not the caller's to see."""
    cases.row(errand_id, actor)
