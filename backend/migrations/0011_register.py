"""The register in the order of units and days, imports of paper registers, and what stood on paper."""
from peewee import BigIntegerField, BlobField, CharField, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class RegisterImport(Base):
        id = CharField(primary_key=True, max_length=36)
        unit_code = CharField(max_length=12)
        account_id = CharField(max_length=36)
        state = CharField(max_length=16)
        line_count = IntegerField()
        error_count = IntegerField()
        warning_count = IntegerField()
        report = TextField()
        made_at = BigIntegerField()
        confirmed_at = BigIntegerField(null=True)
        confirmed_by = CharField(max_length=36, null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("unit_code", "id"), False), (("state", "made_at"), False))

    class RegisterImportPart(Base):
        id = CharField(primary_key=True, max_length=48)
        import_id = CharField(max_length=36)
        position = IntegerField()
        sealed = BlobField()

        class Meta:
            indexes = ((("import_id", "position"), False),)

    class PaperErrand(Base):
        errand_id = CharField(primary_key=True, max_length=36)
        import_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        paper_number = CharField(max_length=40)
        line = IntegerField()
        due_on = CharField(max_length=10, null=True)
        sent_up_on = CharField(max_length=10, null=True)
        materials = TextField(null=True)
        first_receiver = CharField(max_length=60, null=True)
        agent = CharField(max_length=60, null=True)
        rating = CharField(max_length=60, null=True)

        class Meta:
            indexes = ((("unit_code", "paper_number"), True),)

    db.create_tables([RegisterImport, RegisterImportPart, PaperErrand], safe=False)
    db.execute_sql('CREATE INDEX "errand_unit_code_received_at_id" ON "errand" ("unit_code", "received_at", "id")')
