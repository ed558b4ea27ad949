"""Due moments that pass are findings of their own, and climb (rules 10.9); what was laid follows the calendar."""
from datetime import datetime
from typing import Any

from backend.core import clock, ids, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.voice.actions import telling
from backend.voice.queries import recipients

CALLBACK, RECTIFY, ANSWER, FINISH = "callback", "rectify", "answer", "finish"
NAMES = {CALLBACK: "回访", RECTIFY: "整改", ANSWER: "答复是否受理", FINISH: "办结"}
_INSERT = """
INSERT INTO voice_lapse (id, subject_type, subject_id, kind, round, code, district_code, effective_at, detected_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""


@transaction
def note(
    subject: str, found: dict[str, Any], kind: str, effective_at: datetime, *, code: str, number: str,
    besides: set[str | None], actor: Actor, now: datetime,
) -> int:
    """Put on record that ``code`` let a due moment pass; tell the body's own and the supervisors; 1 or 0.

    Once for each kind and round; nothing before the moment has passed.
    """
    if now <= effective_at:
        return 0
    moments = clock.to_micros(effective_at), clock.to_micros(now)
    key = (subject, found["id"], kind, found.get("round", 1), code, found["district_code"])
    if sql.run(_INSERT, (ids.new(now), *key, *moments)) != 1:
        return 0
    ledger.record(
        f"{subject}.late", subject, found["id"], scope=found["district_code"], happened_at=effective_at,
        detail={"kind": kind, "code": code, "detected_at": clock.wire(now)},
    )
    told = [*recipients.keepers(code, besides), *recipients.supervisors(found["district_code"], besides)]
    telling.tell(
        f"{subject}_late", dict.fromkeys(told), subject, found,
        {"number": number, "what": NAMES[kind], "due": effective_at}, f"late:{kind}:{found.get('round', 1)}",
        actor=actor, now=now,
    )
    return 1
