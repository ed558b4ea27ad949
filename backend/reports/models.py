"""Tables of coverage and of weekly reports. Weeks are ISO weeks, ``2026-W09``; what happened stands in the ledger.

Whether a site is planned, building or built is ``unit.status`` and nothing else, and since when ``unit_built``
(both of org): the register and the tree cannot say two different things.
"""
from enum import StrEnum

from peewee import BigIntegerField, BooleanField, CharField, Check, CompositeKey, IntegerField, TextField

from backend.core.db import DayField, EnumField, InstantField, JsonField, Row


class State(StrEnum):
    """Where a report stands; the table of moves is in rules/states.py."""

    DRAFT = "draft"
    FILED = "filed"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class CoverageTargets(Row):
    """What a district decided: ``items`` is a list of level, target_on, target_percent; no row: the defaults."""

    district_code = CharField(primary_key=True, max_length=12)
    items = JsonField()
    version = IntegerField(default=1)


class Checklist(Row):
    """A version of the readiness checklist of a level, in force from a day on; ``items`` are ``{code, text}``."""

    level = CharField(max_length=16)
    number = IntegerField()
    valid_from_on = DayField()
    items = JsonField()
    sample = BooleanField(default=False)
    made_at = InstantField()

    class Meta:
        primary_key = CompositeKey("level", "number")


class Site(Row):
    """What the register holds of a township's or village's site; none: nothing was said of it yet.

    ``readiness`` is ``{code: passed}``, ``onboarded`` ``{department_code: items}``. ``checklist_number`` is the
    version by which it was last judged.
    """

    unit_code = CharField(primary_key=True, max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    stage = CharField(max_length=40)
    percent = IntegerField(default=0)
    readiness = JsonField()
    place = CharField(max_length=200, null=True)
    staff = IntegerField(default=0)
    equipment = CharField(max_length=200, null=True)
    agents_in_place = IntegerField(default=0)
    agents_trained = IntegerField(default=0)
    planned_fen = BigIntegerField(default=0)
    spent_fen = BigIntegerField(default=0)
    onboarded = JsonField()
    checklist_number = IntegerField(default=0)
    changed_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("district_code", "unit_code"), False),)
        constraints = [Check("percent BETWEEN 0 AND 100")]


class Report(Row):
    """A township's week; ``id`` is ``week/unit_code``. No row: nobody has saved anything yet.

    ``due_at`` (None: the week owes nothing), ``filed_at``, ``on_time`` and ``receipt_number`` are those of the
    first filing and never change. ``body`` is what the draft holds, or what was filed last: sites, problems,
    plan. ``revisions`` counts the texts that were filed; while it is 0 ``body`` may lack sites or plan.
    """

    id = CharField(primary_key=True, max_length=24)
    week = CharField(max_length=8)
    unit_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    state = EnumField(State)
    body = JsonField()
    due_at = InstantField(null=True)
    filed_at = InstantField(null=True)
    filed_by = CharField(max_length=36, null=True)
    on_time = BooleanField(null=True)
    receipt_number = CharField(max_length=32, null=True, unique=True)
    returned_reason = CharField(max_length=1000, null=True)
    revisions = IntegerField(default=0)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("week", "unit_code"), True),
            (("unit_code", "week"), False),
            (("district_code", "week", "unit_code"), False),
        )


class ReportRevision(Row):
    """One text of a report as it was filed, filed again or corrected; none is ever changed."""

    report_id = CharField(max_length=24)
    n = IntegerField()
    week = CharField(max_length=8)
    unit_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    kind = CharField(max_length=16)
    reason = CharField(max_length=1000, null=True)
    body = JsonField()
    made_by = CharField(max_length=36)
    made_at = InstantField()

    class Meta:
        primary_key = CompositeKey("report_id", "n")
        indexes = ((("district_code", "kind", "made_at"), False),)


class ReportMoment(Row):
    """A moment of a district's week that has come: ``day_before``, ``noon``, ``due``.

    ``effective_at`` is when it became true (None: a week without working day has no such moment),
    ``detected_at`` when that was seen. Of ``due``: ``owed`` counts the obligations; None marks the last week
    that was over before anybody reported here.
    """

    district_code = CharField(max_length=12)
    week = CharField(max_length=8)
    kind = CharField(max_length=16)
    effective_at = InstantField(null=True)
    detected_at = InstantField()
    owed = IntegerField(null=True)

    class Meta:
        primary_key = CompositeKey("district_code", "week", "kind")


class Obligation(Row):
    """Who owed a report when its week fell due, frozen then; nothing later changes it.

    ``missing``: not filed by its due moment, whether or not it came later. ``climb_at`` is set while the head and
    the office are still to be told.
    """

    week = CharField(max_length=8)
    unit_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    name = CharField(max_length=100)
    due_at = InstantField()
    frozen_at = InstantField()
    missing = BooleanField()
    climb_at = InstantField(null=True, index=True)
    climbed_at = InstantField(null=True)

    class Meta:
        primary_key = CompositeKey("week", "unit_code")
        indexes = ((("district_code", "week", "unit_code"), False),)


class ReportProblem(Row):
    """A problem raised by a report: a department's task with a date, until it is answered.

    ``told_at``: when the department's post was told of it; None while that is still to be done.
    """

    id = CharField(primary_key=True, max_length=36)
    report_id = CharField(max_length=24)
    n = IntegerField()
    week = CharField(max_length=8)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    text = CharField(max_length=1000)
    department_code = CharField(max_length=16)
    due_on = DayField()
    state = CharField(max_length=16)
    answer = CharField(max_length=2000, null=True)
    answered_at = InstantField(null=True)
    answered_by = CharField(max_length=36, null=True)
    made_at = InstantField()
    told_at = InstantField(null=True, index=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("report_id", "n"), True),
            (("district_code", "state", "due_on", "id"), False),
            (("district_code", "department_code", "state", "due_on", "id"), False),
            (("unit_code", "state", "due_on", "id"), False),
        )


class Bulletin(Row):
    """An issued bulletin: ``body`` is the one text that was hashed, from which all its forms are made.

    Triggers refuse every change. ``year`` and ``number`` are those of the document; ``summary`` the figures that
    the list shows.
    """

    district_code = CharField(max_length=12)
    week = CharField(max_length=8)
    year = IntegerField()
    number = IntegerField()
    body = TextField()
    content_sha256 = CharField(max_length=64)
    summary = JsonField()
    issued_at = InstantField()
    issued_by = CharField(max_length=36)

    class Meta:
        primary_key = CompositeKey("district_code", "week")
        indexes = ((("district_code", "year", "number"), True),)


class BulletinRevision(Row):
    """Which bulletin told a text of a report: that of its own week, or a later one as an erratum; each is told once."""

    report_id = CharField(max_length=24)
    n = IntegerField()
    district_code = CharField(max_length=12)
    week = CharField(max_length=8)

    class Meta:
        primary_key = CompositeKey("report_id", "n")


class FieldProblem(Row):
    """A problem that somebody at a desk or on the way reports to the township, which answers each."""

    id = CharField(primary_key=True, max_length=36)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    state = CharField(max_length=16)
    account_id = CharField(max_length=36)
    errand_id = CharField(max_length=36, null=True)
    resident_id = CharField(max_length=36, null=True)
    text = TextField()
    asked_of = CharField(max_length=200, null=True)
    file_ids = JsonField()
    raised_at = InstantField()
    due_on = DayField()
    answer = TextField(null=True)
    answered_by = CharField(max_length=36, null=True)
    answered_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("unit_code", "state", "id"), False),
            (("township_code", "state", "id"), False),
            (("district_code", "state", "id"), False),
            (("resident_id", "id"), False),
        )
