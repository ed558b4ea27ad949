"""Wire shapes of accountability cases and public promises."""
from marshmallow import fields

from backend.core.shapes import Code, Day, Instant, Shape, Text, nullable, one_of
from backend.supervision.rules import cases, promises, states
from backend.supervision.schemas.parts import (
    IDENTIFIER,
    UNIT_CODE,
    BodiesQuery,
    BodyIn,
    BodyShape,
    SupervisionActor,
    listed,
)


class CasePersonIn(Shape):
    """A person by account of the district, or by name."""

    account_id = Code(IDENTIFIER, allow_none=True)
    name = Text(60, allow_none=True)
    post = Text(60, allow_none=True)


class _Known(Shape):
    """What is known of a case, written as it becomes known."""

    person = nullable(CasePersonIn())
    leader = nullable(CasePersonIn())
    category = fields.String(allow_none=True, validate=one_of((*cases.CATEGORIES, None)))
    severity = fields.String(allow_none=True, validate=one_of((*cases.SEVERITIES, None)))
    outcome = fields.String(allow_none=True, validate=one_of((*cases.OUTCOMES, None)))


class CaseIn(BodyIn, _Known):
    """A case about a body and its person."""

    facts = Text(4000, lines=True, required=True)


class CaseEdit(_Known):
    """What changes; what is left out stays."""

    facts = Text(4000, lines=True)


class ReminderIn(Shape):
    """Of what the person is reminded, to be put right by a day; a penalty is possible only after it."""

    text = Text(2000, lines=True, required=True)
    due_on = Day(required=True)


class ClosingIn(Shape):
    """The outcome, where it is not written yet."""

    outcome = fields.String(allow_none=True, load_default=None, validate=one_of((*cases.OUTCOMES, None)))


class CasesQuery(BodiesQuery):
    """Cases that are proposed or open unless asked otherwise."""

    state = listed((*states.CASE_STATES, "all"))
    category = listed(cases.CATEGORIES)
    severity = listed(cases.SEVERITIES)
    outcome = listed(cases.OUTCOMES)


class CasePersonShape(Shape):
    """A person of a case."""

    account_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    post = fields.String(required=True, allow_none=True)


class CaseSourceShape(Shape):
    """What proposed a case."""

    type = fields.String(required=True)
    id = fields.String(required=True)


class CaseShape(BodyShape):
    """An accountability case; it closes only with person, leader, category, severity and outcome."""

    id = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=one_of(states.CASE_STATES))
    person = nullable(CasePersonShape(), required=True)
    leader = nullable(CasePersonShape(), required=True)
    category = fields.String(required=True, allow_none=True)
    severity = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    facts = fields.String(required=True)
    source = nullable(CaseSourceShape(), required=True)
    made_by = nullable(SupervisionActor(), required=True)
    made_at = Instant(required=True)
    opened_by = nullable(SupervisionActor(), required=True)
    opened_at = Instant(required=True, allow_none=True)
    reminder = fields.String(required=True, allow_none=True)
    reminded_by = nullable(SupervisionActor(), required=True)
    reminded_at = Instant(required=True, allow_none=True)
    remedy_due_on = Day(required=True, allow_none=True)
    statement = fields.String(required=True, allow_none=True)
    stated_by = nullable(SupervisionActor(), required=True)
    stated_at = Instant(required=True, allow_none=True)
    ended_by = nullable(SupervisionActor(), required=True)
    ended_at = Instant(required=True, allow_none=True)
    ended_for = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class PromiseIn(BodyIn):
    """What the body promises the public, word for word; without ``due_on`` it holds until it is withdrawn."""

    text = Text(2000, lines=True, required=True)
    quality = Text(2000, lines=True, allow_none=True)
    due_on = Day(allow_none=True)


class PromiseNoteIn(Shape):
    """A remark, if any."""

    note = Text(1000, lines=True, allow_none=True, load_default=None)


class PromiseBreachIn(Shape):
    """How the promise was not kept."""

    what = Text(1000, lines=True, required=True)


class PromisesQuery(BodiesQuery):
    """Promises that run or are broken unless asked otherwise; ``district_code``: any unit of the district."""

    state = listed((*states.PROMISE_STATES, "all"))
    district_code = Code(UNIT_CODE, load_default=None)


class ListedPromise(BodyShape):
    """A public promise."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(states.PROMISE_STATES))
    text = fields.String(required=True)
    quality = fields.String(required=True, allow_none=True)
    made_on = Day(required=True)
    due_on = Day(required=True, allow_none=True)
    due_at = Instant(required=True, allow_none=True)
    ended_at = Instant(required=True, allow_none=True)
    ended_for = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class PromiseEvidenceShape(Shape):
    """What shows that it is kept."""

    n = fields.Integer(required=True)
    text = fields.String(required=True)
    made_at = Instant(required=True)


class PromiseBreachShape(Shape):
    """That it was not kept."""

    n = fields.Integer(required=True)
    kind = fields.String(required=True, validate=one_of(promises.KINDS))
    what = fields.String(required=True)
    effective_at = Instant(required=True)
    detected_at = Instant(required=True)


class PromiseShape(ListedPromise):
    """A public promise with its evidence and breaches."""

    evidence = fields.List(fields.Nested(PromiseEvidenceShape), required=True)
    breaches = fields.List(fields.Nested(PromiseBreachShape), required=True)
