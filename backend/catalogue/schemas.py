"""Wire shapes of items and versions."""
from typing import Any

from marshmallow import INCLUDE, ValidationError, fields, validate

from backend.catalogue.rules import disclosure, validity
from backend.core.shapes import INT32, Code, Day, Flag, Instant, ListQuery, Shape, Text, Whole, nullable, one_of

KINDS = disclosure.KINDS
MOST_DAYS = 3650


def _unique(values: list[Any]) -> None:
    if len(values) != len(set(values)):
        raise ValidationError("Must not name the same twice.")


class StepShape(Shape):
    """A step with a limit of its own, in working days."""

    name = Text(100, required=True)
    limit_days = Whole(0, MOST_DAYS, required=True)


class Step(fields.Field):
    """A step of the process: its name, or name and limit."""

    def __init__(self, **kwargs: Any) -> None:
        named: dict[str, Any] = {
            "type": "object", "required": ["name", "limit_days"], "additionalProperties": False,
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 100},
                "limit_days": {"type": "integer", "minimum": 0, "maximum": MOST_DAYS},
            },
        }
        plain = {"type": "string", "minLength": 1, "maxLength": 100}
        super().__init__(metadata={"oneOf": [plain, named]}, **kwargs)
        self.plain, self.named = Text(100), StepShape()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, dict):
            return self.named.load(value)
        return self.plain.deserialize(value)


class MaterialShape(Shape):
    """A paper: what, in which form, whether it must be there, whether it may come later."""

    name = Text(100, required=True)
    required = Flag()
    deferrable = Flag()
    form = Text(100, metadata={"description": "original, copies, template"})


class FeeDraft(Shape):
    """A fee in the making; ``charged_fen`` is the least (lower-bound rule) where not given."""

    min_fen = Whole(allow_none=True)
    max_fen = Whole(allow_none=True)
    charged_fen = Whole(allow_none=True)
    unit = Text(20, shortest=0, allow_none=True)
    basis = Text(300, shortest=0, allow_none=True)
    standard = Text(300, shortest=0, allow_none=True)


class CutShape(Shape):
    """The "cut by 30 %" check against the version before: the target is 7 × from ÷ 10, whole days."""

    from_days = Whole(required=True)
    target_days = Whole(required=True)
    met = fields.Boolean(required=True)


class VersionDraft(Shape):
    """The body of a draft; what is left out is not yet disclosed. ``materials: []`` says "none".

    The keys that a reader gets and a writer cannot set are taken and ignored, so that what was
    read can be sent back changed.
    """

    code = Code()
    name = Text(100, shortest=0, allow_none=True)
    department = Code(r"[A-Za-z0-9_-]{1,16}", allow_none=True)
    category = Code(allow_none=True)
    kind = fields.String(validate=one_of(KINDS), allow_none=True)
    legal_days = Whole(1, MOST_DAYS, allow_none=True, metadata={"description": "null: no legal limit"})
    legal_source = Text(200, shortest=0, allow_none=True)
    promised_days = Whole(0, MOST_DAYS, allow_none=True)
    process = fields.List(Step(), validate=validate.Length(max=30), allow_none=True)
    materials = fields.List(
        fields.Nested(MaterialShape), validate=validate.Length(max=50), allow_none=True
    )
    fee = nullable(FeeDraft)
    intake_levels = fields.List(
        fields.String(validate=one_of(disclosure.LEVELS)),
        validate=[validate.Length(max=len(disclosure.LEVELS)), _unique], allow_none=True,
    )
    agent_service = Flag()
    home_visit = Flag()
    appointment = Flag()
    sample = Flag()
    version = Whole(1)
    department_name = fields.String(allow_none=True)
    category_name = fields.String(allow_none=True)
    state = fields.String(validate=one_of(validity.STATES))
    valid_from = Day(allow_none=True)
    valid_to = Day(allow_none=True)
    published_at = Instant(allow_none=True)
    withdrawal_reason = fields.String(allow_none=True)
    cut = nullable(CutShape)


class NewItem(VersionDraft):
    """A new item and the body of its first draft."""

    code = Code(required=True)
    department = Code(r"[A-Za-z0-9_-]{1,16}", required=True)


NEW_ITEM = NewItem()


class Named(Shape):
    """A department or category of a catalogue file."""

    code = Code(r"[A-Za-z0-9_-]{1,16}", required=True)
    name = Text(100, required=True)


class CategoryNamed(Named):
    code = Code(required=True)


class About(Shape):
    """What a catalogue file says of itself; only ``sample`` and the free agent service matter."""

    class Meta:
        unknown = INCLUDE

    sample = Flag()
    agent_service_fee = Whole(0, 0)


class Catalogue(Shape):
    """A catalogue file; its items are read one by one, so that each fault is named by its code."""

    meta = fields.Nested(About, required=True)
    kinds = fields.List(fields.Dict(), validate=validate.Length(max=10), load_default=[])
    categories = fields.List(
        fields.Nested(CategoryNamed), validate=validate.Length(max=200), load_default=[]
    )
    departments = fields.List(fields.Nested(Named), validate=validate.Length(max=500), required=True)
    items = fields.List(fields.Dict(), validate=validate.Length(1, 10_000), required=True)


class Publication(Shape):
    """From when the version is in force: today where not said."""

    valid_from = Day()


class Withdrawal(Shape):
    """Why the version is no longer offered."""

    reason = Text(500, required=True, lines=True)


class Search(ListQuery):
    """``q`` finds parts of names, of their pinyin and initials; repeated filters are or."""

    q = Text(50, load_default=None)
    department = fields.List(Code(r"[A-Za-z0-9_-]{1,16}"), validate=validate.Length(max=20), load_default=[])
    kind = fields.List(fields.String(validate=one_of(KINDS)), validate=validate.Length(max=10), load_default=[])
    level = fields.List(
        fields.String(validate=one_of(disclosure.LEVELS)), validate=validate.Length(max=10), load_default=[]
    )


class MaterialAnswer(Shape):
    name = fields.String(required=True)
    required = fields.Boolean(required=True)
    deferrable = fields.Boolean(required=True)
    form = fields.String()


class FeeAnswer(Shape):
    """In fen; what is charged is the least."""

    min_fen = Whole(required=True, allow_none=True)
    max_fen = Whole(required=True, allow_none=True)
    charged_fen = Whole(required=True, allow_none=True)
    unit = fields.String(required=True)
    basis = fields.String(required=True, allow_none=True)
    standard = fields.String(required=True, allow_none=True)


class ItemShape(Shape):
    """An item as its version says; a draft may hold null where nothing is disclosed yet."""

    code = fields.String(required=True)
    version = Whole(1, required=True)
    name = fields.String(required=True, allow_none=True)
    department = fields.String(required=True, allow_none=True)
    department_name = fields.String(required=True, allow_none=True)
    category = fields.String(required=True, allow_none=True)
    category_name = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True, allow_none=True, validate=one_of(KINDS))
    legal_days = Whole(required=True, allow_none=True)
    legal_source = fields.String(required=True, allow_none=True)
    promised_days = Whole(required=True, allow_none=True)
    process = fields.List(Step(), required=True)
    materials = fields.List(fields.Nested(MaterialAnswer), required=True, allow_none=True)
    fee = nullable(FeeAnswer, required=True)
    intake_levels = fields.List(fields.String(validate=one_of(disclosure.LEVELS)), required=True)
    agent_service = fields.Boolean(required=True)
    home_visit = fields.Boolean(required=True)
    appointment = fields.Boolean(required=True)
    sample = fields.Boolean(required=True)
    state = fields.String(required=True, validate=one_of(validity.STATES))
    valid_from = fields.Date(required=True, allow_none=True)
    valid_to = fields.Date(
        required=True, allow_none=True, metadata={"description": "the first day no longer in force"}
    )


class VersionShape(ItemShape):
    """One version, with what became of it."""

    published_at = Instant(required=True, allow_none=True)
    withdrawal_reason = fields.String(required=True, allow_none=True)
    cut = nullable(CutShape, required=True)


class KindCounts(Shape):
    instant = Whole(required=True)
    promise = Whole(required=True)
    report = Whole(required=True)


class FiguresShape(Shape):
    """Speed-up over items with a legal limit: of the sums, and apart from it the mean of items' rates."""

    items = Whole(required=True)
    by_kind = fields.Nested(KindCounts, required=True)
    items_with_legal_limit = Whole(required=True)
    legal_days = Whole(0, INT32, required=True)
    promised_days = Whole(0, INT32, required=True)
    speed_up_percent = fields.Float(required=True, allow_none=True)
    speed_up_mean_of_items_percent = fields.Float(required=True, allow_none=True)
