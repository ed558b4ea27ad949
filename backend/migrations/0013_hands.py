"""Departments' desks of errands; forwardings know district and name of their time; hand-overs by their giver."""
from peewee import BigIntegerField, CharField, CompositeKey, Model

COLUMNS = (
    ("errand", "forwardings INTEGER NOT NULL DEFAULT 0"), ("errand", "handovers INTEGER NOT NULL DEFAULT 0"),
    ("forwarding", "district_code VARCHAR(12) NOT NULL DEFAULT ''"),
    ("forwarding", "department_name VARCHAR(100) NOT NULL DEFAULT ''"),
)
INDEXES = (
    ("forwarding", ("district_code", "department_code", "state", "order_at", "id")),
    ("forwarding", ("district_code", "state", "order_at", "id")),
    ("handover", ("from_account_id", "state", "id")),
)
FILL = (
    """
    UPDATE forwarding SET
        district_code = COALESCE((SELECT e.district_code FROM errand e WHERE e.id = forwarding.errand_id), ''),
        department_name = COALESCE((SELECT d.name FROM department d WHERE d.code = forwarding.department_code), '')
    """,
    """
    UPDATE errand SET forwardings = (SELECT count(*) FROM forwarding w WHERE w.errand_id = errand.id)
    WHERE id IN (SELECT errand_id FROM forwarding)
    """,
    """
    UPDATE errand SET handovers = (SELECT count(*) FROM handover h WHERE h.errand_id = errand.id)
    WHERE id IN (SELECT errand_id FROM handover)
    """,
    """
    INSERT INTO errand_reader (errand_id, code, district_code, state, order_at)
    SELECT DISTINCT e.id, w.department_code, e.district_code, e.state, e.order_at
    FROM forwarding w JOIN errand e ON e.id = w.errand_id
    """,
)


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class ErrandReader(Base):
        errand_id = CharField(max_length=36)
        code = CharField(max_length=16)
        district_code = CharField(max_length=12)
        state = CharField(max_length=32)
        order_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey("errand_id", "code")
            indexes = ((("district_code", "code", "state", "order_at", "errand_id"), False),)

    db.create_tables([ErrandReader], safe=False)
    for table, column in COLUMNS:
        db.execute_sql(f"ALTER TABLE {table} ADD COLUMN {column}")
    db.execute_sql("DROP INDEX forwarding_department_code_state_order_at_id")
    for statement in FILL:
        db.execute_sql(statement)
    for table, columns in INDEXES:
        db.execute_sql(f"CREATE INDEX {table}_{'_'.join(columns)} ON {table} ({', '.join(columns)})")
