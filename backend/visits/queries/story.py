"""A visit's story: who did what, where and when."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.core.paging import Page
from backend.people.queries import history
from backend.visits.queries import visits

SUBJECT = "visit"
WHAT = {
    "visit.request": "申请上门",
    "visit.schedule": "排定时间",
    "visit.depart": "出发",
    "visit.arrive": "到达",
    "visit.register": "当场收件",
    "visit.complete": "完成",
    "visit.sign_off": "补签收",
    "visit.fail": "未办成",
    "visit.cancel": "取消",
    "visit.call": "电话联系",
    "visit.expect": "代办员可如期上门",
}


def events(visit_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The visit's history in order; NotFound outside the actor's scope."""
    visits.row(visit_id, actor)
    return history.page(SUBJECT, visit_id, WHAT, query)
