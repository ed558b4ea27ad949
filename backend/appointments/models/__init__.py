"""Tables of appointments. Times of day are minutes since local midnight; what happened stands in the ledger."""
from enum import StrEnum

from peewee import SQL, BlobField, BooleanField, CharField, Check, CompositeKey, IntegerField, ModelIndex

from backend.appointments.models.leases import SeatLease
from backend.core.db import DayField, EnumField, InstantField, JsonField, Row

__all__ = [
    "Allocation", "Appointment", "BookingBlock", "BookingConflict", "BookingRules", "Cell", "CellDay", "CellOverride",
    "SeatLease", "State", "Waiting",
]


class State(StrEnum):
    """Where an appointment stands; the table of moves is in rules/states.py."""

    HELD = "held"
    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class BookingRules(Row):
    """What a unit offers, as api.md has it; ``number`` grows with each change and stamps the days laid by it.

    ``laid_on`` is the day on which its whole horizon was last seen to be laid, from the stamps beside it: the
    job walks only units of which any of these is behind. ``body`` is long and comes last.
    """

    unit_code = CharField(primary_key=True, max_length=12)
    number = IntegerField()
    horizon_days = IntegerField()
    roster_required = BooleanField()
    laid_on = DayField(default="")
    laid_rules = IntegerField(default=0)
    laid_roster = IntegerField(default=0)
    laid_calendar = IntegerField(default=0)
    changed_at = InstantField()
    version = IntegerField(default=1)
    body = JsonField()


class CellDay(Row):
    """A day of a unit whose cells are laid, and what it was laid from; stale once any of it differs.

    ``kind`` is the kind of day (closed beside those of the calendar): most changes of the calendar leave it
    as it was. ``roster_stamp`` is 0 where the rules ask for no roster.
    """

    unit_code = CharField(max_length=12)
    day_on = DayField()
    rules_number = IntegerField()
    roster_stamp = IntegerField()
    kind = CharField(max_length=16)

    class Meta:
        primary_key = CompositeKey("unit_code", "day_on")


class Cell(Row):
    """One grid step at one desk.

    ``wanted`` and ``wanted_self`` are what rules, roster and override give, ``capacity`` and
    ``self_capacity`` the same but never less than what is booked: nothing is cancelled silently (rules 5.7).
    ``booked`` is always the number of allocations, ``booked_self`` those of the channel ``self``. ``staff`` is
    a list of lists of service codes (empty: all), or None where everybody serves everything. ``services``
    are those the cell may be booked for, empty: all.
    """

    unit_code = CharField(max_length=12)
    day_on = DayField()
    minute = IntegerField()
    desk = CharField(max_length=16)
    wanted = IntegerField()
    wanted_self = IntegerField()
    capacity = IntegerField()
    self_capacity = IntegerField()
    booked = IntegerField(default=0)
    booked_self = IntegerField(default=0)
    services = JsonField()
    staff = JsonField(null=True)

    class Meta:
        primary_key = CompositeKey("unit_code", "day_on", "desk", "minute")
        constraints = (
            Check("booked >= 0 AND booked <= capacity"),
            Check("booked_self >= 0 AND booked_self <= self_capacity AND booked_self <= booked"),
            Check("wanted >= 0 AND wanted_self >= 0 AND minute >= 0 AND minute < 1440"),
        )


class CellOverride(Row):
    """Seats that staff added to a stretch of a day, with a reason (rules 5.9); kept when the day is laid anew."""

    id = CharField(primary_key=True, max_length=36)
    unit_code = CharField(max_length=12)
    day_on = DayField()
    desk = CharField(max_length=16)
    from_minute = IntegerField()
    to_minute = IntegerField()
    seats = IntegerField()
    reason = CharField(max_length=500)
    made_by = CharField(max_length=36)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("unit_code", "day_on", "id"), False),)


class Appointment(Row):
    """A seat promised to a person.

    ``person_sealed`` and ``caller_sealed`` hold name, phone and ID number as JSON, sealed at
    ``appointment|person|id`` and ``appointment|caller|id``; ``person_key`` is the blind index
    of the ID number, else of name and phone, ``phone_key`` that of the phone. ``active_key`` is the blind
    index of person, service and day while the appointment is active and None afterwards, so that the
    database itself refuses a second one. ``order_at`` is its start as an instant: the key of lists.
    The three codes root the three scopes. ``reminded_for_at`` is the start of which the person was reminded.
    """

    id = CharField(primary_key=True, max_length=36)
    number = CharField(max_length=32, unique=True)
    state = EnumField(State)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    service = CharField(max_length=32)
    service_name = CharField(max_length=60)
    day_on = DayField()
    start_minute = IntegerField()
    end_minute = IntegerField()
    desk = CharField(max_length=16)
    order_at = InstantField()
    channel = CharField(max_length=16)
    protected = BooleanField(default=False)
    resident_id = CharField(max_length=36, null=True, index=True)
    person_sealed = BlobField(null=True)
    caller_sealed = BlobField(null=True)
    surname = CharField(max_length=12)
    initials = CharField(max_length=60)
    person_key = CharField(max_length=64, index=True)
    phone_key = CharField(max_length=64, index=True)
    active_key = CharField(max_length=64, null=True, unique=True)
    hold_until_at = InstantField(null=True)
    made_by = CharField(max_length=36, null=True)
    made_at = InstantField()
    ended_at = InstantField(null=True)
    reason = CharField(max_length=500, null=True)
    reminded_for_at = InstantField(null=True)
    moves = IntegerField(default=0)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("unit_code", "state", "order_at", "id"), False), (("township_code", "state", "order_at", "id"), False),
            (("district_code", "state", "order_at", "id"), False), (("unit_code", "state", "initials", "id"), False),
            (("township_code", "state", "initials", "id"), False),
            (("district_code", "state", "initials", "id"), False), (("state", "hold_until_at"), False),
            (("unit_code", "day_on"), False),
        )


Appointment.add_index(ModelIndex(
    Appointment, [Appointment.order_at, Appointment.id], where=SQL("person_sealed IS NOT NULL"),
    name="appointment_known",
))
"""Those whose person was not forgotten yet, the oldest first."""


class Allocation(Row):
    """A cell that an active appointment takes, or a lease, by its own id."""

    appointment_id = CharField(max_length=36)
    unit_code = CharField(max_length=12)
    day_on = DayField()
    desk = CharField(max_length=16)
    minute = IntegerField()

    class Meta:
        primary_key = CompositeKey("appointment_id", "minute")
        indexes = ((("unit_code", "day_on", "desk", "minute"), False),)


class BookingConflict(Row):
    """An appointment for which there is no longer a seat: somebody rings, moves or cancels it (rules 5.7).

    ``how`` it was settled: the appointment has left, the seat is back, its time is over, or staff agreed on
    something else and said so in ``note``.
    """

    id = CharField(primary_key=True, max_length=36)
    appointment_id = CharField(max_length=36, unique=True)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    day_on = DayField()
    minute = IntegerField()
    cause = CharField(max_length=16)
    state = CharField(max_length=16)
    order_at = InstantField()
    found_at = InstantField()
    settled_at = InstantField(null=True)
    settled_by = CharField(max_length=36, null=True)
    how = CharField(max_length=16, null=True)
    note = CharField(max_length=500, null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("unit_code", "state", "order_at", "id"), False), (("township_code", "state", "order_at", "id"), False),
            (("district_code", "state", "order_at", "id"), False), (("state", "order_at", "id"), False),
            (("unit_code", "day_on"), False),
        )


class Waiting(Row):
    """A person on the waiting list (候补) of a unit, for a service, a day and a stretch of it.

    ``offered_id`` is the appointment held for her until ``offer_until_at``. Served by ``rank`` (0: protected,
    1: everybody else), then by ``asked_at``, then by id.
    """

    id = CharField(primary_key=True, max_length=36)
    state = CharField(max_length=16)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    service = CharField(max_length=32)
    day_on = DayField()
    from_minute = IntegerField()
    to_minute = IntegerField()
    rank = IntegerField()
    asked_at = InstantField()
    channel = CharField(max_length=16)
    resident_id = CharField(max_length=36, null=True)
    person_sealed = BlobField(null=True)
    caller_sealed = BlobField(null=True)
    person_key = CharField(max_length=64, index=True)
    active_key = CharField(max_length=64, null=True, unique=True)
    offered_id = CharField(max_length=36, null=True, unique=True)
    offer_until_at = InstantField(null=True)
    made_by = CharField(max_length=36, null=True)
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("unit_code", "day_on", "state", "rank", "asked_at", "id"), False),
            (("state", "offer_until_at"), False), (("unit_code", "state", "id"), False),
            (("township_code", "state", "id"), False), (("district_code", "state", "id"), False),
        )


Waiting.add_index(ModelIndex(
    Waiting, [Waiting.day_on, Waiting.id], where=SQL("person_sealed IS NOT NULL"), name="waiting_known",
))
"""Those whose person was not forgotten yet, the oldest first."""


class BookingBlock(Row):
    """A person who may not book by herself for a while after repeated no-shows; it never binds staff (rules 5.8).

    ``appointment_id`` is the one that she missed last, at ``unit_code``.
    """

    id = CharField(primary_key=True, max_length=36)
    district_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    unit_code = CharField(max_length=12)
    appointment_id = CharField(max_length=36)
    person_key = CharField(max_length=64)
    until_at = InstantField()
    no_shows = IntegerField()
    state = CharField(max_length=16)
    appeal = CharField(max_length=500, null=True)
    appealed_at = InstantField(null=True)
    appealed_by = CharField(max_length=36, null=True)
    answer = CharField(max_length=500, null=True)
    decided_by = CharField(max_length=36, null=True)
    decided_at = InstantField(null=True)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("person_key", "state", "until_at"), False), (("unit_code", "state", "id"), False),
            (("township_code", "state", "id"), False), (("district_code", "state", "id"), False),
        )
