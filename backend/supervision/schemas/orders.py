"""Wire shapes of supervision orders, findings and the watch-list."""
from marshmallow import fields

from backend.core.shapes import Day, Flag, Instant, Shape, Text, nullable, one_of
from backend.supervision.rules import findings, orders, states
from backend.supervision.schemas.parts import BodiesQuery, BodyIn, BodyShape, GivenReason, SupervisionActor, listed


class OrderIn(BodyIn):
    """Do ``what`` by ``due_on`` to ``quality``. ``source_ref`` names the decision, the complaint; not shown below."""

    source = fields.String(required=True, validate=one_of(orders.SOURCES))
    source_ref = Text(64, allow_none=True)
    what = Text(4000, lines=True, required=True)
    due_on = Day(required=True)
    quality = Text(2000, lines=True, required=True)


class ReturnIn(GivenReason):
    """Why, and by when again: without a date the old one, at least three working days from today."""

    due_on = Day(allow_none=True, load_default=None)


class OrdersQuery(BodiesQuery):
    """Open orders unless asked otherwise; ``overdue``: a reply is owed and its moment has passed."""

    state = listed((*states.STATES, "all"))
    source = listed(orders.SOURCES)
    period = fields.List(Text(12), load_default=list)
    overdue = Flag(in_query=True, load_default=None)


class PassedUpShape(Shape):
    """To which body it was passed up, why and by whom."""

    to = fields.String(required=True)
    reason = fields.String(required=True)
    at = Instant(required=True)
    by = nullable(SupervisionActor(), required=True)


class ListedOrder(BodyShape):
    """An order. ``owed_code``: who owes the reply now, the target or a body above it; ``due_at``: by when."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(states.STATES))
    source = fields.String(required=True, validate=one_of(orders.SOURCES))
    source_ref = fields.String(required=True, allow_none=True)
    what = fields.String(required=True)
    quality = fields.String(required=True)
    round = fields.Integer(required=True)
    owed_code = fields.String(required=True)
    owed_name = fields.String(required=True)
    due_on = Day(required=True)
    due_at = Instant(required=True)
    overdue = fields.Boolean(required=True)
    passed_up = nullable(PassedUpShape(), required=True)
    matter_id = fields.String(required=True, allow_none=True)
    period = fields.String(required=True, allow_none=True)
    issued_by = nullable(SupervisionActor(), required=True)
    issued_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    ended_for = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class RoundShape(Shape):
    """One time that a reply was asked for, and what became of it."""

    n = fields.Integer(required=True)
    owed_code = fields.String(required=True)
    owed_name = fields.String(required=True)
    due_on = Day(required=True)
    due_at = Instant(required=True)
    opened_at = Instant(required=True)
    reply = fields.String(required=True, allow_none=True)
    replied_at = Instant(required=True, allow_none=True)
    replied_by = nullable(SupervisionActor(), required=True)
    late = fields.Boolean(required=True)
    verdict = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    decided_by = nullable(SupervisionActor(), required=True)
    decided_at = Instant(required=True, allow_none=True)
    ended_at = Instant(required=True, allow_none=True)


class OrderShape(ListedOrder):
    """An order with all its rounds."""

    rounds = fields.List(fields.Nested(RoundShape), required=True)


class FindingsQuery(BodiesQuery):
    """Findings, reversed ones too unless asked otherwise."""

    state = listed((*states.FINDING_STATES, "all"))
    kind = listed(findings.KINDS)


class FindingShape(BodyShape):
    """What a body has to answer for; ``source_type`` and ``source_id`` name what it was found about."""

    id = fields.String(required=True)
    kind = fields.String(required=True, validate=one_of(findings.KINDS))
    source_type = fields.String(required=True)
    source_id = fields.String(required=True)
    what = fields.String(required=True)
    effective_at = Instant(required=True)
    detected_at = Instant(required=True)
    state = fields.String(required=True, validate=one_of(states.FINDING_STATES))
    reversed_at = Instant(required=True, allow_none=True)
    reversed_by = nullable(SupervisionActor(), required=True)
    reversed_for = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class WatchIn(BodyIn):
    """Whom to watch, and why."""

    reason = Text(1000, lines=True, required=True)


class WatchQuery(BodiesQuery):
    """Those on the list unless asked otherwise."""

    state = listed((*states.WATCH_STATES, "all"))


class WatchShape(BodyShape):
    """A body on the watch-list; ``put_by`` is null where its findings or its score did it."""

    id = fields.String(required=True)
    kind = fields.String(required=True, validate=one_of(findings.WATCH_KINDS))
    reason = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(states.WATCH_STATES))
    put_by = nullable(SupervisionActor(), required=True)
    from_at = Instant(required=True)
    ended_by = nullable(SupervisionActor(), required=True)
    ended_at = Instant(required=True, allow_none=True)
    ended_for = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
