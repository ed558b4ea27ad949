"""Tables of errands. What happened to them stands in the ledger; these hold how they are now."""
from peewee import SQL, BooleanField, CharField, Check, CompositeKey, IntegerField, ModelIndex, TextField

from backend.core.db import DayField, EnumField, InstantField, JsonField, Row
from backend.errands.models.register import PaperErrand, RegisterImport, RegisterImportPart
from backend.errands.models.states import State
from backend.errands.models.turns import (
    ErrandReader,
    Finding,
    Forwarding,
    Handover,
    OffHours,
    OffHoursMark,
    Refusal,
    SupplementNotice,
)

__all__ = [
    "Errand", "ErrandCalendar", "ErrandMaterial", "ErrandNote", "ErrandPayment", "ErrandReader", "ErrandTrip",
    "Finding", "Forwarding", "Handover", "NumberSeries", "OffHours", "OffHoursMark", "PaperErrand", "Refusal",
    "RegisterImport", "RegisterImportPart", "State", "SupplementNotice",
]


class Errand(Row):
    """One resident's case for one item version.

    ``order_at`` is ``due_at``, or the end of time where nothing is due: the key of work lists.
    The three codes root the three scopes, so that each list is one range of one index. ``duty_at``
    and ``duty_days`` are start and budget of the clock that ``due_at`` comes from, ``stops`` how often
    it stood; ``forwardings`` and ``handovers`` count theirs. ``acted_at`` is the last act, or the end of
    time once the errand is over; ``silence_at`` the moment by which a resident who was told nothing
    counts as accepted.
    """

    id = CharField(primary_key=True, max_length=36)
    number = CharField(max_length=32, unique=True)
    state = EnumField(State)
    outcome = CharField(max_length=16, null=True)
    item_code = CharField(max_length=32)
    item_number = IntegerField()
    quantity = IntegerField(default=1)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    resident_id = CharField(max_length=36)
    channel = CharField(max_length=16)
    first_receiver_id = CharField(max_length=36)
    agent_id = CharField(max_length=36)
    mandate_given_by = CharField(max_length=16)
    mandate_expires_on = DayField()
    mandate_powers = CharField(max_length=500, null=True)
    mandate_file_id = CharField(max_length=36, null=True)
    received_at = InstantField()
    claimed_at = InstantField(null=True)
    accepted_at = InstantField(null=True)
    due_at = InstantField(null=True)
    order_at = InstantField()
    reminder_at = InstantField(null=True)
    yellow_at = InstantField(null=True)
    provisional = BooleanField(default=False)
    duty_at = InstantField(null=True)
    duty_days = IntegerField(null=True)
    stops = IntegerField(default=0)
    silence_at = InstantField(null=True)
    handed_in_at = InstantField(null=True)
    previous_state = CharField(max_length=32, null=True)
    last_move = CharField(max_length=24, null=True)
    acted_at = InstantField()
    finished_at = InstantField(null=True)
    delivered_at = InstantField(null=True)
    told_at = InstantField(null=True)
    closed_at = InstantField(null=True)
    result = TextField(null=True)
    reason = TextField(null=True)
    referral = JsonField(null=True)
    delivery_method = CharField(max_length=16, null=True)
    received_by = CharField(max_length=60, null=True)
    trips = IntegerField(default=0)
    paid_fen = IntegerField(default=0)
    forwardings = IntegerField(default=0)
    handovers = IntegerField(default=0)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("unit_code", "state", "order_at", "id"), False),
            (("township_code", "state", "order_at", "id"), False),
            (("district_code", "state", "order_at", "id"), False),
            (("agent_id", "state", "order_at", "id"), False),
            (("resident_id", "state", "id"), False),
            (("township_code", "acted_at", "id"), False),
            (("district_code", "acted_at", "id"), False),
            (("silence_at", "id"), False),
            (("unit_code", "received_at", "id"), False),
        )
        constraints = [Check("paid_fen >= 0"), Check("trips >= 0")]


FINISHED_WITH = {
    "red": "finished_at > due_at",
    "yellow": "finished_at >= yellow_at AND finished_at <= due_at",
    "reminder": (
        "finished_at >= reminder_at AND finished_at <= due_at AND (yellow_at IS NULL OR finished_at < yellow_at)"
    ),
}
"""The light that an errand keeps from its end. Few do: each has its own short index for each wide scope."""

for _scope in ("township_code", "district_code"):
    for _light, _text in FINISHED_WITH.items():
        Errand.add_index(ModelIndex(
            Errand, [getattr(Errand, name) for name in (_scope, "state", "order_at", "id")], where=SQL(_text),
            name=f"errand_finished_{_light}_{_scope}",
        ))


OVER = "state || '' IN ('closed', 'declined', 'withdrawn')"
"""``|| ''`` keeps an engine that counts nothing from the indexes of states."""
for _scope in ("unit_code", "township_code"):
    Errand.add_index(ModelIndex(
        Errand, [getattr(Errand, _scope), SQL("COALESCE(closed_at, finished_at)"), Errand.id], where=SQL(OVER),
        name=f"errand_over_{_scope}",
    ))
"""Those that are over, by when they ended: what phones still keep of them."""


class ErrandMaterial(Row):
    """A paper of an errand's version, and whether it is there."""

    errand_id = CharField(max_length=36)
    position = IntegerField()
    name = CharField(max_length=100)
    required = BooleanField()
    may_defer = BooleanField()
    received_at = InstantField(null=True)
    deferred_until_on = DayField(null=True)
    undertaking_file_id = CharField(max_length=36, null=True)

    class Meta:
        primary_key = CompositeKey("errand_id", "position")


class ErrandNote(Row):
    """A remark of somebody of the unit."""

    id = CharField(primary_key=True, max_length=36)
    errand_id = CharField(max_length=36)
    account_id = CharField(max_length=36)
    text = TextField()
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("errand_id", "id"), False),)


class ErrandTrip(Row):
    """A trip that the resident had to make; the target is at most one."""

    id = CharField(primary_key=True, max_length=36)
    errand_id = CharField(max_length=36)
    account_id = CharField(max_length=36)
    made_on = DayField()
    place = CharField(max_length=100)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("errand_id", "id"), False),)


class ErrandPayment(Row):
    """A payment of the published charge; agent service itself is free."""

    id = CharField(primary_key=True, max_length=36)
    errand_id = CharField(max_length=36)
    account_id = CharField(max_length=36)
    amount_fen = IntegerField()
    receipt_number = CharField(max_length=64)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("errand_id", "id"), False), (("receipt_number",), False))
        constraints = [Check("amount_fen > 0")]


class ErrandCalendar(Row):
    """One row: the calendar's stamp to which all open errands were moved last."""

    id = IntegerField(primary_key=True)
    stamp = IntegerField()


class NumberSeries(Row):
    """The last serial given out on a day under a tail of unit codes."""

    tail = CharField(max_length=6)
    day_on = DayField()
    last = IntegerField()

    class Meta:
        primary_key = CompositeKey("tail", "day_on")
