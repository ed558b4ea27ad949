"""Bulletins, which are never changed, what each of them told, and which problems departments were told of."""
from peewee import BigIntegerField, CharField, CompositeKey, IntegerField, Model, PostgresqlDatabase, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Bulletin(Base):
        district_code = CharField(max_length=12)
        week = CharField(max_length=8)
        year = IntegerField()
        number = IntegerField()
        body = TextField()
        content_sha256 = CharField(max_length=64)
        summary = TextField()
        issued_at = BigIntegerField()
        issued_by = CharField(max_length=36)

        class Meta:
            primary_key = CompositeKey("district_code", "week")
            indexes = ((("district_code", "year", "number"), True),)

    class BulletinRevision(Base):
        report_id = CharField(max_length=24)
        n = IntegerField()
        district_code = CharField(max_length=12)
        week = CharField(max_length=8)

        class Meta:
            primary_key = CompositeKey("report_id", "n")

    db.create_tables([Bulletin, BulletinRevision], safe=False)
    instant = "BIGINT" if isinstance(db, PostgresqlDatabase) else "INTEGER"
    db.execute_sql(f"ALTER TABLE report_problem ADD COLUMN told_at {instant}")
    db.execute_sql("CREATE INDEX report_problem_told_at ON report_problem (told_at)")
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql(
            "CREATE FUNCTION bulletin_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RAISE EXCEPTION ''an issued bulletin never changes''; END'"
        )
        db.execute_sql(
            "CREATE TRIGGER bulletin_issued BEFORE UPDATE OR DELETE ON bulletin "
            "FOR EACH ROW EXECUTE FUNCTION bulletin_refuse()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        db.execute_sql(
            f"CREATE TRIGGER bulletin_no_{act.lower()} BEFORE {act} ON bulletin "
            "BEGIN SELECT RAISE(ABORT, 'an issued bulletin never changes'); END"
        )
