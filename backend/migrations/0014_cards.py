"""Cards: who else is told, until when it is to be told, and lists by rung and state."""
from peewee import SqliteDatabase

NEVER = 253402128000000000
OLD = ("unit_code", "township_code", "district_code", "account_id")
NEW = ("unit_code", "township_code", "district_code", "department_code, district_code")


def up(migrator, db):
    instant = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    db.execute_sql("ALTER TABLE card ADD COLUMN also_to TEXT NOT NULL DEFAULT '[]'")
    db.execute_sql(f"ALTER TABLE card ADD COLUMN pending_at {instant} NOT NULL DEFAULT {NEVER}")
    for column in OLD:
        db.execute_sql(f"DROP INDEX card_{column}_effective_at_id")
    for scope in NEW:
        name = f"card_{scope.replace(', ', '_')}_rung_state_effective_at_id"
        db.execute_sql(f"CREATE INDEX {name} ON card ({scope}, rung, state, effective_at, id)")
    db.execute_sql("CREATE INDEX card_subject_type_pending_at_id ON card (subject_type, pending_at, id)")
