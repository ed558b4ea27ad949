"""What the database says about its own state, for health and figures; it never raises."""
from dataclasses import dataclass, field, replace

from backend import schema
from backend.core import db, jobs, ledger, sql
from backend.core.transaction import drop_connection
from backend.errands.queries import orphans
from backend.notifications import queries as notices

_CHECKPOINT = "SELECT made_at FROM ledger_checkpoint ORDER BY seq DESC LIMIT 1"


@dataclass(frozen=True)
class State:
    """The database as seen just now; None where it has nothing to say."""

    reachable: bool = False
    current: bool = False
    lease_seconds: int | None = None
    head_seq: int | None = None
    checkpoint_micros: int | None = None
    orphans: int | None = None
    notices: dict[str, int] = field(default_factory=dict)
    oldest_notice_micros: int | None = None


def state() -> State:
    """The state of the database; an unreachable one is a state too."""
    try:
        sql.value("SELECT 1")
        if not _is_current():
            return State(reachable=True)
        return State(
            reachable=True, current=True, lease_seconds=jobs.lease_age(),
            head_seq=ledger.head()[0], checkpoint_micros=sql.value(_CHECKPOINT),
        )
    except db.FAULTS:
        drop_connection()
        return State()


def counted(found: State) -> State:
    """The state with what takes counting, where the database can be asked."""
    if not found.current:
        return found
    try:
        outbox = notices.figures()
        return replace(
            found, orphans=orphans.count(), notices=outbox.depth, oldest_notice_micros=outbox.oldest_due
        )
    except db.FAULTS:
        drop_connection()
        return State()


def _is_current() -> bool:
    if "schema is current" not in db.caches:
        if not schema.is_current():
            return False
        db.caches["schema is current"] = True
    return True
