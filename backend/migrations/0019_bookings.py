"""Appointments: lists and searches by state, and those whose person still stands in them."""

SCOPES = ("unit_code", "township_code", "district_code")


def up(migrator, db):
    for scope in SCOPES:
        db.execute_sql(f"DROP INDEX appointment_{scope}_order_at_id")
        for order in ("order_at", "initials"):
            db.execute_sql(
                f"CREATE INDEX appointment_{scope}_state_{order}_id ON appointment ({scope}, state, {order}, id)"
            )
    db.execute_sql("CREATE INDEX appointment_known ON appointment (order_at, id) WHERE person_sealed IS NOT NULL")
