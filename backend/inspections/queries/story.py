"""A mystery visit's story, for the supervising office: who recorded, changed, published it, and when."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.core.paging import Page
from backend.inspections.queries import inspections
from backend.people.queries import history

SUBJECT = "inspection"
WHAT = {
    "inspection.record": "登记暗访",
    "inspection.amend": "修改",
    "inspection.withdraw": "撤销",
    "inspection.publish": "公布",
}


def events(inspection_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The visit's history in order; NotFound outside the actor's scope."""
    inspections.row(inspection_id, actor)
    return history.page(SUBJECT, inspection_id, WHAT, query)
