"""Tables of the calendar: announced years, their days off and make-up days, office closures."""
from peewee import BooleanField, CharField, Check, IntegerField, TextField

from backend.clocks.rules.words import DayKind
from backend.core.db import DayField, EnumField, InstantField, JsonField, Row


class CalendarYear(Row):
    """A loaded State Council notice, as it came; the calendar's days are a projection of these."""

    year = IntegerField(primary_key=True)
    papers = JsonField()
    days = JsonField()
    imported_at = InstantField()
    version = IntegerField(default=1)


class CalendarDay(Row):
    """One date; those of years not announced are not stored but Monday–Friday, provisional."""

    day_on = DayField(primary_key=True)
    kind = EnumField(DayKind)
    name = CharField(max_length=60, null=True)
    provisional = BooleanField()


class Closure(Row):
    """An office day lost in a subtree (typhoon, power cut)."""

    id = CharField(primary_key=True, max_length=36)
    day_on = DayField()
    unit_code = CharField(max_length=12)
    reason = CharField(max_length=200)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("day_on", "unit_code"), True), (("unit_code", "day_on"), False))


class CalendarStamp(Row):
    """One row whose number grows with every change of the calendar, so that caches know."""

    id = IntegerField(primary_key=True)
    version = IntegerField()


class Clock(Row):
    """One promised date of a subject. Its truth are budget and suspensions; the rest are projections.

    ``kind`` says what is promised, ``part`` which of several (the step of a forwarding). ``moments``
    are the instants of its rungs in microseconds, ``next_at`` the earliest whose card was not given
    yet, or the end of time where the clock stands, has ended or has given all.
    """

    id = CharField(primary_key=True, max_length=36)
    subject_type = CharField(max_length=24)
    subject_id = CharField(max_length=36)
    kind = CharField(max_length=24)
    part = IntegerField(default=0)
    unit_code = CharField(max_length=12)
    department_code = CharField(max_length=16, null=True)
    account_id = CharField(max_length=36, null=True)
    budget_days = IntegerField()
    extended_days = IntegerField(default=0)
    legal_days = IntegerField(null=True)
    started_at = InstantField()
    ended_at = InstantField(null=True)
    due_at = InstantField(null=True)
    provisional = BooleanField(default=False)
    moments = JsonField()
    next_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("next_at", "id"), False), (("subject_type", "subject_id", "id"), False))
        constraints = [Check("budget_days >= 0"), Check("extended_days >= 0")]


class Suspension(Row):
    """A stretch in which all clocks of a subject stand; ``restart``: the whole budget begins anew after it."""

    id = CharField(primary_key=True, max_length=36)
    subject_type = CharField(max_length=24)
    subject_id = CharField(max_length=36)
    n = IntegerField()
    reason = CharField(max_length=16)
    notice = TextField()
    account_id = CharField(max_length=36)
    from_at = InstantField()
    to_at = InstantField(null=True)
    restart = BooleanField(default=False)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("subject_type", "subject_id", "n"), True),)


class Card(Row):
    """A rung of a clock that was reached: told once, with the moment it became true and the one it was seen.

    ``post_code``, ``post`` and ``account_id`` are who must answer, ``also_to`` who else is told. Until they
    were told ``pending_at`` is ``delivered_at``, then the end of time.
    """

    id = CharField(primary_key=True, max_length=36)
    clock_id = CharField(max_length=36)
    rung = CharField(max_length=16)
    subject_type = CharField(max_length=24)
    subject_id = CharField(max_length=36)
    kind = CharField(max_length=24)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    department_code = CharField(max_length=16, null=True)
    effective_at = InstantField()
    detected_at = InstantField()
    delivered_at = InstantField()
    post_code = CharField(max_length=16)
    post = CharField(max_length=16)
    account_id = CharField(max_length=36, null=True)
    also_to = JsonField(default=[])
    pending_at = InstantField()
    state = CharField(max_length=16)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("clock_id", "rung"), True),
            (("subject_type", "pending_at", "id"), False),
            (("subject_type", "subject_id", "id"), False),
            (("unit_code", "rung", "state", "effective_at", "id"), False),
            (("township_code", "rung", "state", "effective_at", "id"), False),
            (("district_code", "rung", "state", "effective_at", "id"), False),
            (("department_code", "district_code", "rung", "state", "effective_at", "id"), False),
        )


class CardAppeal(Row):
    """Somebody holds a card to be wrong; an upheld appeal adds this and takes nothing away."""

    id = CharField(primary_key=True, max_length=36)
    card_id = CharField(max_length=36)
    n = IntegerField()
    account_id = CharField(max_length=36)
    reason = TextField()
    made_at = InstantField()
    state = CharField(max_length=16)
    answer = TextField(null=True)
    answered_by = CharField(max_length=36, null=True)
    answered_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("card_id", "n"), True),)
