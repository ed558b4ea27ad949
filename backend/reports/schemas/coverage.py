"""Shapes of coverage, its targets, the checklists and the register of sites."""
from marshmallow import fields, validate

from backend.core.shapes import Code, Day, Flag, ListQuery, Shape, Text, Whole, one_of
from backend.org.schemas import SITE_TYPES
from backend.reports.rules.checklists import MOST_ITEMS
from backend.reports.rules.sites import MOST_FEN
from backend.reports.schemas.parts import (
    DEPARTMENT,
    ITEM,
    SITE_LEVELS,
    SITE_STATUSES,
    UNIT_CODE,
    Ignored,
    PassedShape,
    Returning,
)

MOST_CODES = 100


class CoverageShape(Shape):
    """Built ÷ planned of one level, of a district or a township; null where nothing is planned."""

    level = fields.String(required=True, validate=one_of(SITE_LEVELS))
    unit_code = Code(UNIT_CODE, required=True)
    planned = Whole(required=True)
    built = Whole(required=True)
    rate_percent = fields.Float(required=True, allow_none=True)
    target_on = Day(required=True)
    target_percent = Whole(0, 100, required=True)
    forecast_on = Day(required=True, allow_none=True)


class CoverageQuery(ListQuery):
    level = fields.List(fields.String(validate=one_of(SITE_LEVELS)), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])
    as_of = Day(load_default=None)


class DistrictQuery(Shape):
    unit_code = Code(UNIT_CODE, load_default=None)


class TargetShape(Shape):
    """By which date how much of a level is to be built."""

    level = fields.String(required=True, validate=one_of(SITE_LEVELS))
    target_on = Day(required=True)
    target_percent = Whole(0, 100, required=True)


class TargetsBody(Returning):
    """Targets by level; what was read can be sent back whole."""

    unit_code = Ignored()
    version = Ignored()
    items = fields.List(fields.Nested(TargetShape()), required=True, validate=validate.Length(0, len(SITE_LEVELS)))


class TargetsShape(Shape):
    """A district's targets."""

    unit_code = Code(UNIT_CODE, required=True)
    items = fields.List(fields.Nested(TargetShape()), required=True)
    version = Whole(required=True)


class NamedDepartment(Shape):
    code = Code(DEPARTMENT, required=True)
    name = fields.String(required=True)


class MatrixRow(Shape):
    """A township's numbers of service items, in the order of the departments."""

    unit_code = Code(UNIT_CODE, required=True)
    items = fields.List(Whole(), required=True)
    total = Whole(required=True)


class MatrixShape(Shape):
    """Service items onboarded: townships × departments."""

    unit_code = Code(UNIT_CODE, required=True)
    departments = fields.List(fields.Nested(NamedDepartment()), required=True)
    rows = fields.List(fields.Nested(MatrixRow()), required=True)


class ChecklistItem(Shape):
    code = Code(ITEM, required=True)
    text = Text(100, required=True)


class ChecklistBody(Shape):
    """A new version of a level's checklist."""

    level = fields.String(required=True, validate=one_of(SITE_LEVELS))
    valid_from = Day(required=True)
    items = fields.List(fields.Nested(ChecklistItem()), required=True, validate=validate.Length(1, MOST_ITEMS))


class ChecklistShape(Shape):
    """A version of a readiness checklist; ``sample``: shipped with the product, not the district's own."""

    level = fields.String(required=True, validate=one_of(SITE_LEVELS))
    number = Whole(1, required=True)
    valid_from = Day(required=True)
    sample = Flag(required=True)
    in_force = Flag(required=True)
    items = fields.List(fields.Nested(ChecklistItem()), required=True)


class ChecklistQuery(ListQuery):
    level = fields.List(fields.String(validate=one_of(SITE_LEVELS)), load_default=[])


class OnboardedShape(Shape):
    """How many of a department's service items can be handed in at a site."""

    department_code = Code(DEPARTMENT, required=True)
    items = Whole(0, 10_000, required=True)


class SiteShape(Shape):
    """A site of the register."""

    unit_code = Code(UNIT_CODE, required=True)
    name = fields.String(required=True)
    level = fields.String(required=True, validate=one_of(SITE_LEVELS))
    site_type = fields.String(required=True, allow_none=True, validate=one_of([*SITE_TYPES, None]))
    stage = fields.String(required=True)
    percent = Whole(0, 100, required=True)
    status = fields.String(required=True, validate=one_of(SITE_STATUSES))
    readiness = fields.List(fields.Nested(PassedShape()), required=True)
    ready = Flag(required=True)
    place = fields.String(required=True, allow_none=True)
    equipment = fields.String(required=True, allow_none=True)
    staff = Whole(required=True)
    agents_in_place = Whole(required=True)
    agents_trained = Whole(required=True)
    planned_fen = Whole(0, MOST_FEN, required=True)
    spent_fen = Whole(0, MOST_FEN, required=True)
    onboarded = fields.List(fields.Nested(OnboardedShape()), required=True)
    version = Whole(required=True)


class SiteQuery(ListQuery):
    level = fields.List(fields.String(validate=one_of(SITE_LEVELS)), load_default=[])
    status = fields.List(fields.String(validate=one_of(SITE_STATUSES)), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[], validate=validate.Length(0, MOST_CODES))
