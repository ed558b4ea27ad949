"""Wire shapes of bulletins and of the year's view."""
from marshmallow import fields

from backend.clocks.schemas.calendar import UNIT_CODE
from backend.core.shapes import Code, ListQuery, Shape, nullable, one_of
from backend.reports.rules import standing, states, targets
from backend.reports.schemas import coverage

OUTCOMES = (standing.ON_TIME, standing.LATE, standing.MISSING)


class DistrictQuery(Shape):
    """Of which district: any unit of it; else the caller's own, else the installation's first."""

    unit_code = Code(UNIT_CODE, load_default=None)


class BulletinsQuery(ListQuery):
    """Issued bulletins of a district."""

    unit_code = Code(UNIT_CODE, load_default=None)


class FiguresShape(Shape):
    """Counts and rates of one week; a rate is null where nothing was expected."""

    expected = fields.Integer(required=True)
    received = fields.Integer(required=True)
    received_rate_percent = fields.Float(required=True, allow_none=True)
    on_time = fields.Integer(required=True)
    on_time_rate_percent = fields.Float(required=True, allow_none=True)


class ListedBulletinShape(FiguresShape):
    """An issued bulletin in the list."""

    week = fields.String(required=True)
    year = fields.Integer(required=True)
    number = fields.Integer(required=True)
    content_sha256 = fields.String(required=True)
    issued_at = fields.DateTime(required=True)


class DistrictShape(Shape):
    """The district by code and name."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class NamedShape(Shape):
    """A township that was late or is missing."""

    unit_code = fields.String(required=True)
    name = fields.String(required=True)
    filed_at = fields.DateTime(required=True, allow_none=True)


class CoveredShape(Shape):
    """Sites planned and built, the target, this week's new ones, the pace and what it comes to."""

    planned = fields.Integer(required=True)
    built = fields.Integer(required=True)
    rate_percent = fields.Float(required=True, allow_none=True)
    new = fields.Integer(required=True)
    target_on = fields.Date(required=True)
    target_percent = fields.Integer(required=True)
    pace_a_week = fields.Float(required=True)
    needed_a_week = fields.Float(required=True, allow_none=True)
    forecast_on = fields.Date(required=True, allow_none=True)


class LevelShape(CoveredShape):
    """Coverage of one level in the whole district."""

    level = fields.String(required=True, validate=one_of(targets.LEVELS))
    unit_code = fields.String(required=True)


class TownshipShape(CoveredShape):
    """A township's week, and coverage of its villages; ``outcome`` is null where it owed nothing."""

    unit_code = fields.String(required=True)
    name = fields.String(required=True)
    rank = fields.Integer(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True, validate=one_of(OUTCOMES))
    own_built = fields.Boolean(required=True)


class PointShape(Shape):
    """What stood at the end of a week, by level."""

    week = fields.String(required=True)
    on = fields.Date(required=True)
    township = fields.Float(required=True, allow_none=True)
    township_planned = fields.Integer(required=True)
    township_built = fields.Integer(required=True)
    village = fields.Float(required=True, allow_none=True)
    village_planned = fields.Integer(required=True)
    village_built = fields.Integer(required=True)


class AskedShape(Shape):
    """A problem that nobody has answered."""

    week = fields.String(required=True)
    unit_code = fields.String(required=True)
    name = fields.String(required=True)
    text = fields.String(required=True)
    asked_of = fields.String(required=True)
    asked_of_name = fields.String(required=True)
    due_on = fields.Date(required=True)
    overdue = fields.Boolean(required=True)


class ErratumShape(Shape):
    """A text that changed a week already issued."""

    week = fields.String(required=True)
    unit_code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True, validate=one_of(states.KINDS))
    reason = fields.String(required=True)
    corrected_at = fields.DateTime(required=True)


class HeadShape(Shape):
    """Where the ledger stood when the bulletin was issued."""

    seq = fields.Integer(required=True)
    hash = fields.String(required=True)


class BulletinShape(FiguresShape):
    """A bulletin: frozen once issued; before that a preview, whose last five fields are null."""

    week = fields.String(required=True)
    year = fields.Integer(required=True)
    district = fields.Nested(DistrictShape, required=True)
    due_at = fields.DateTime(required=True, allow_none=True)
    as_of = fields.Date(required=True)
    late = fields.List(fields.Nested(NamedShape), required=True)
    missing = fields.List(fields.Nested(NamedShape), required=True)
    coverage = fields.List(fields.Nested(LevelShape), required=True)
    townships = fields.List(fields.Nested(TownshipShape), required=True)
    burn_up = fields.List(fields.Nested(PointShape), required=True)
    problems = fields.List(fields.Nested(AskedShape), required=True)
    errata = fields.List(fields.Nested(ErratumShape), required=True)
    number = fields.Integer(required=True, allow_none=True)
    ledger = nullable(HeadShape(), required=True)
    issued_at = fields.DateTime(required=True, allow_none=True)
    content_sha256 = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class RankedShape(FiguresShape):
    """A township's year: weeks owed, filed, filed in time; the row of weeks in time now and the longest."""

    unit_code = fields.String(required=True)
    name = fields.String(required=True)
    rank = fields.Integer(required=True, allow_none=True)
    streak = fields.Integer(required=True)
    longest_streak = fields.Integer(required=True)


class WeekShape(FiguresShape):
    """One week of the year."""

    week = fields.String(required=True)
    due_at = fields.DateTime(required=True)


class YearViewShape(Shape):
    """A district's year: its weeks, its townships ranked, coverage week by week against the targets."""

    year = fields.Integer(required=True)
    district = fields.Nested(DistrictShape, required=True)
    weeks = fields.List(fields.Nested(WeekShape), required=True)
    townships = fields.List(fields.Nested(RankedShape), required=True)
    burn_up = fields.List(fields.Nested(PointShape), required=True)
    targets = fields.List(fields.Nested(coverage.TargetShape), required=True)
