"""A new life of the database: numbers of the ledger may be given again after a restore."""
import uuid
from datetime import datetime

from backend.core import sql
from backend.core.actor import Actor
from backend.core.transaction import transaction


@transaction
def renew(*, actor: Actor, now: datetime) -> str:
    """Begin a new epoch: every phone reads everything anew, and keeps its outbox; the epoch.

    The restore that calls this enters itself in the ledger.
    """
    epoch = str(uuid.uuid4())
    sql.run("UPDATE sync_state SET epoch = ? WHERE id = 1", (epoch,))
    return epoch
