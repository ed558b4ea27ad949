"""Tables of the calendar: announced years, their days off and make-up days, office closures."""
from peewee import BooleanField, CharField, IntegerField

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
