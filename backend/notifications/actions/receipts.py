"""What a gateway reports of a message: it arrived, or it did not."""
from datetime import datetime

from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.core.transaction import transaction
from backend.notifications import rules
from backend.notifications.actions import sending
from backend.notifications.models import Notice
from backend.notifications.queries import outbox

_SEEN = "INSERT INTO receipt_nonce (nonce, seen_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
VERBS = {"delivered": "deliver", "failed": "fail"}


@transaction
def receive(
    *, nonce: str, status: str, notice_id: str | None, provider_id: str | None, code: str | None, actor: Actor,
    now: datetime,
) -> str:
    """Take a receipt whose signature was checked; the notice's id. NotFound for a message of nobody's.

    A copy (the same nonce) has no effect, nor has what the notice's state has no move for: the first
    word on an arrival stands.
    """
    found = outbox.row(notice_id, lock=True) if notice_id else outbox.by_provider(provider_id or "", lock=True)
    if found is None:
        raise NotFound()
    fresh = sql.run(_SEEN, (nonce, clock.to_micros(now))) == 1
    move = rules.MOVES.get((found["state"], VERBS[status]))
    if not fresh or move is None:
        return str(found["id"])
    sql.amend(
        Notice, found["id"], found["version"], state=move.state, ended_at=now,
        next_at=found["made_at"] + rules.KEPT,
        trouble=code if status == "failed" else None, sent_at=found["sent_at"] or now,
    )
    ledger.record(
        f"notice.{VERBS[status]}", "notice", found["id"], scope=found["unit_code"], fields=("state",),
        outcome=move.state, detail={"code": code},
    )
    if move.state == rules.FAILED:
        sending.ring(found, actor, now)
    return str(found["id"])


@transaction
def forget_nonces(*, actor: Actor, now: datetime) -> int:
    """Delete nonces of receipts too old to be taken anyway."""
    before = clock.to_micros(now - 4 * rules.RECEIPT_WINDOW)
    return sql.run("DELETE FROM receipt_nonce WHERE seen_at < ?", (before,))
