"""Lists of the waiting list and of blocks by state; what an appeal against a block needs; when who was reminded."""
from peewee import SqliteDatabase

COLUMNS = (
    ("appointment", "reminded_for_at {instant}"),
    ("booking_block", "township_code VARCHAR(12) NOT NULL DEFAULT ''"),
    ("booking_block", "appointment_id VARCHAR(36) NOT NULL DEFAULT ''"),
    ("booking_block", "appealed_by VARCHAR(36)"), ("booking_block", "answer VARCHAR(500)"),
    ("booking_block", "decided_at {instant}"),
)
GONE = (
    "waiting_township_code_asked_at_id", "waiting_district_code_asked_at_id",
    "booking_block_district_code_state_made_at_id",
)
LISTED = ("unit_code", "township_code", "district_code")


def up(migrator, db):
    instant = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for table, column in COLUMNS:
        db.execute_sql(f"ALTER TABLE {table} ADD COLUMN {column.format(instant=instant)}")
    db.execute_sql("UPDATE booking_block SET township_code = substr(unit_code, 1, 9) || '000'")
    for name in GONE:
        db.execute_sql(f"DROP INDEX {name}")
    for table in ("waiting", "booking_block"):
        for column in LISTED:
            db.execute_sql(f"CREATE INDEX {table}_{column}_state_id ON {table} ({column}, state, id)")
    db.execute_sql("CREATE INDEX waiting_known ON waiting (day_on, id) WHERE person_sealed IS NOT NULL")
