"""Errands by the light they were finished with, and a resident's by state: short walks for lists and searches."""

FINISHED = {
    "red": "finished_at > due_at",
    "yellow": "finished_at >= yellow_at AND finished_at <= due_at",
    "reminder": (
        "finished_at >= reminder_at AND finished_at <= due_at AND (yellow_at IS NULL OR finished_at < yellow_at)"
    ),
}


def up(migrator, db):
    for scope in ("township_code", "district_code"):
        for light, text in FINISHED.items():
            db.execute_sql(
                f"CREATE INDEX errand_finished_{light}_{scope} ON errand ({scope}, state, order_at, id) WHERE {text}"
            )
    db.execute_sql("CREATE INDEX errand_resident_id_state_id ON errand (resident_id, state, id)")
    db.execute_sql("DROP INDEX errand_resident_id_id")
