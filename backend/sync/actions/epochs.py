"""A new life of the database: numbers of the ledger may be given again after a restore."""
import uuid
from datetime import datetime

from backend.core import ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction


@transaction
def renew(*, actor: Actor, now: datetime) -> str:
    """Begin a new epoch: every phone reads everything anew, and keeps its outbox; the epoch."""
    epoch = str(uuid.uuid4())
    sql.run("UPDATE sync_state SET epoch = ? WHERE id = 1", (epoch,))
    ledger.record("sync.epoch", "sync_state", "1", fields=("epoch",), detail={"epoch": epoch})
    return epoch
