"""Cards: who else was told, and lists by rung and state."""
OLD = ("unit_code", "township_code", "district_code", "account_id")
NEW = ("unit_code", "township_code", "district_code", "department_code, district_code")


def up(migrator, db):
    db.execute_sql("ALTER TABLE card ADD COLUMN also_to TEXT NOT NULL DEFAULT '[]'")
    for column in OLD:
        db.execute_sql(f"DROP INDEX card_{column}_effective_at_id")
    for scope in NEW:
        name = f"card_{scope.replace(', ', '_')}_rung_state_effective_at_id"
        db.execute_sql(f"CREATE INDEX {name} ON card ({scope}, rung, state, effective_at, id)")
