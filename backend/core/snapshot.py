"""A reading of the whole database as it was at one moment, while writers go on."""
from collections.abc import Iterator
from contextlib import contextmanager

from backend.core import db, ledger, sql
from backend.core.transaction import drop_connection


@contextmanager
def taken() -> Iterator[None]:
    """Read one consistent state of all tables; inside an action, that action's own.

    It holds nobody up, so its reader may take his time (a backup to a slow disk).
    """
    if ledger.running.block is not None:
        yield
        return
    sql.execute("BEGIN" if db.is_sqlite() else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        if not db.is_sqlite():
            sql.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield
    finally:
        try:
            sql.execute("ROLLBACK")
        except db.FAULTS:
            drop_connection()
