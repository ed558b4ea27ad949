"""Which life of the database this is, and how far its ledger has come."""
from backend.core import sql

_EPOCH = "SELECT epoch FROM sync_state WHERE id = 1"
_HEAD = "SELECT h.seq, s.epoch FROM ledger_head h CROSS JOIN sync_state s"


def current() -> str:
    """The epoch; a restore renews it. One statement."""
    return str(sql.value(_EPOCH))


def head() -> tuple[int, str]:
    """The number of the last entry, and the epoch, at one moment; one statement."""
    seq, epoch = sql.execute(_HEAD).fetchone()
    return int(seq), str(epoch)
