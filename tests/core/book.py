"""What the tests of the ledger share: entries to write, and a hand that goes round the triggers."""
from backend.core import db, ledger, sql
from backend.core.actor import system
from backend.core.transaction import transaction

WHO = system("test")


def write(count, *, now, actor=WHO):
    return _write(count, actor=actor, now=now)


@transaction
def _write(count, *, actor, now):
    for number in range(count):
        ledger.record("thing.make", "thing", f"t{number}", fields=["name"], detail={"name": f"甲{number}"})
    return count


def tamper(*statements):
    """Change tables as somebody with the file, or a superuser, could."""
    if db.is_sqlite():
        triggers = sql.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            sql.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            sql.execute(*statement if isinstance(statement, tuple) else (statement,))
        for _, text in triggers:
            sql.execute(text)
        return
    sql.execute("SET session_replication_role = replica")
    for statement in statements:
        sql.execute(*statement if isinstance(statement, tuple) else (statement,))
    sql.execute("SET session_replication_role = DEFAULT")
