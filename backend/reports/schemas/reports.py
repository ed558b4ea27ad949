"""Shapes of weekly reports: drafts, receipts, texts."""
from typing import Any

from marshmallow import fields, validate

from backend.core.shapes import Code, Day, Flag, Instant, ListQuery, Shape, Text, Week, Whole, nullable, one_of
from backend.org.schemas import SITE_TYPES
from backend.reports.rules import states
from backend.reports.rules.filing import LONGEST_PLAN, MOST_PROBLEMS
from backend.reports.rules.sites import MOST_FEN
from backend.reports.schemas import tasks
from backend.reports.schemas.coverage import MOST_CODES, OnboardedShape
from backend.reports.schemas.parts import (
    SITE_LEVELS,
    SITE_STATUSES,
    STATES,
    UNIT_CODE,
    WEEK,
    Ignored,
    PassedShape,
    Reporter,
    Returning,
)

MOST_SITES, MOST_PHOTOS, MOST_STAFF = 1000, 9, 100_000
SHA256 = r"[0-9a-f]{64}"


def _photos(**more: Any) -> fields.List:
    """Contents of photos that were handed in at POST /files."""
    return fields.List(fields.String(validate=validate.Regexp(f"^{SHA256}$"), metadata={"pattern": f"^{SHA256}$"}),
                       validate=validate.Length(0, MOST_PHOTOS), **more)


class SiteBody(Returning):
    """What a report says of a site; what it leaves out stays as the register has it.

    ``reason`` is asked for where anything falls back. A percentage over 100 is refused by the name of the site.
    """

    unit_code = Code(UNIT_CODE, required=True)
    stage = Text(40)
    percent = Whole()
    status = fields.String(validate=one_of(SITE_STATUSES))
    readiness = fields.List(fields.Nested(PassedShape()), validate=validate.Length(0, 40))
    place = Text(200, allow_none=True)
    equipment = Text(200, allow_none=True)
    staff = Whole(0, MOST_STAFF)
    agents_in_place = Whole(0, MOST_STAFF)
    agents_trained = Whole(0, MOST_STAFF)
    planned_fen = Whole(0, MOST_FEN)
    spent_fen = Whole(0, MOST_FEN)
    onboarded = fields.List(fields.Nested(OnboardedShape()), validate=validate.Length(0, 200))
    reason = Text(500, lines=True, allow_none=True)
    name = Ignored()
    level = Ignored()
    site_type = Ignored()


class ProblemBody(Shape):
    """A problem, of which department what is asked (code or full name), and by when an answer is needed."""

    text = Text(1000, lines=True, required=True)
    asked_of = Text(100, required=True)
    due_on = Day(allow_none=True)


class DraftBody(Returning):
    """What a clerk has written so far; a report that was read can be sent back whole.

    ``sites`` null: what was said of them is forgotten, the register prefills them anew."""

    sites = fields.List(fields.Nested(SiteBody()), allow_none=True, validate=validate.Length(0, MOST_SITES))
    problems = fields.List(fields.Nested(ProblemBody()), validate=validate.Length(0, MOST_PROBLEMS))
    plan = Text(LONGEST_PLAN, shortest=0, lines=True, allow_none=True)
    photos = _photos()
    week = Ignored()
    unit_code = Ignored()
    name = Ignored()
    state = Ignored()
    due_at = Ignored()
    provisional = Ignored()
    filed_at = Ignored()
    receipt_number = Ignored()
    on_time = Ignored()
    returned_reason = Ignored()
    revisions = Ignored()
    must_say = Ignored()
    last_week = Ignored()
    raised = Ignored()
    version = Ignored()


class CorrectionBody(Shape):
    """What was filed is corrected: what is not given stays as it was filed."""

    reason = Text(1000, lines=True, required=True)
    sites = fields.List(fields.Nested(SiteBody()), validate=validate.Length(1, MOST_SITES))
    problems = fields.List(fields.Nested(ProblemBody()), validate=validate.Length(0, MOST_PROBLEMS))
    plan = Text(LONGEST_PLAN, lines=True)
    photos = _photos()


class ReturnBody(Shape):
    reason = Text(1000, lines=True, required=True)


class ReportedSite(Shape):
    """A site as a report has it."""

    unit_code = Code(UNIT_CODE, required=True)
    name = fields.String()
    level = fields.String(validate=one_of(SITE_LEVELS))
    site_type = fields.String(allow_none=True, validate=one_of([*SITE_TYPES, None]))
    stage = fields.String(required=True)
    percent = Whole(0, 100, required=True)
    status = fields.String(required=True, validate=one_of(SITE_STATUSES))
    readiness = fields.List(fields.Nested(PassedShape()), required=True)
    place = fields.String(required=True, allow_none=True)
    equipment = fields.String(required=True, allow_none=True)
    staff = Whole(required=True)
    agents_in_place = Whole(required=True)
    agents_trained = Whole(required=True)
    planned_fen = Whole(0, MOST_FEN, required=True)
    spent_fen = Whole(0, MOST_FEN, required=True)
    onboarded = fields.List(fields.Nested(OnboardedShape()), required=True)
    reason = fields.String(required=True, allow_none=True)


class RaisedProblem(Shape):
    text = fields.String(required=True)
    asked_of = fields.String(required=True)
    due_on = Day(required=True, allow_none=True)


class HintShape(Shape):
    """What must be said before the report is taken (``required``), or is worth saying."""

    field = fields.String(required=True)
    text = fields.String(required=True)
    required = Flag(required=True)


class LastWeek(Shape):
    """The report before this one, and what it planned."""

    week = Code(WEEK, required=True)
    plan = fields.String(required=True)


class ReportShape(Shape):
    """A township's week: the prefilled draft, or what was filed. ``due_at`` is null where nothing is owed."""

    week = Code(WEEK, required=True)
    unit_code = Code(UNIT_CODE, required=True)
    name = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(STATES))
    due_at = Instant(required=True, allow_none=True)
    provisional = Flag(required=True)
    filed_at = Instant(required=True, allow_none=True)
    receipt_number = fields.String(required=True, allow_none=True)
    on_time = Flag(required=True, allow_none=True)
    returned_reason = fields.String(required=True, allow_none=True)
    revisions = Whole(required=True)
    sites = fields.List(fields.Nested(ReportedSite()), required=True)
    problems = fields.List(fields.Nested(RaisedProblem()), required=True)
    plan = fields.String(required=True)
    photos = _photos(required=True)
    must_say = fields.List(fields.Nested(HintShape()), required=True)
    last_week = nullable(LastWeek(), required=True)
    raised = fields.List(
        fields.Nested(tasks.TaskShape), required=True,
        metadata={"description": "problems of earlier weeks: open ones, and those answered since the last filing"},
    )
    version = Whole(required=True)


class ReceiptShape(Shape):
    """What proves a filing: its number, and the server's time of the first one."""

    week = Code(WEEK, required=True)
    unit_code = Code(UNIT_CODE, required=True)
    state = fields.String(required=True, validate=one_of(STATES))
    receipt_number = fields.String(required=True)
    filed_at = Instant(required=True)
    due_at = Instant(required=True, allow_none=True)
    on_time = Flag(required=True, allow_none=True)
    version = Whole(1, required=True)


class ListedReport(Shape):
    week = Code(WEEK, required=True)
    unit_code = Code(UNIT_CODE, required=True)
    name = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(STATES))
    due_at = Instant(required=True, allow_none=True)
    filed_at = Instant(required=True, allow_none=True)
    receipt_number = fields.String(required=True, allow_none=True)
    on_time = Flag(required=True, allow_none=True)
    revisions = Whole(required=True)
    version = Whole(required=True)


class ReportQuery(ListQuery):
    week = Week(load_default=None)
    state = fields.List(fields.String(validate=one_of([*STATES, "all"])), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[], validate=validate.Length(0, MOST_CODES))


class RevisionShape(Shape):
    """One text of a report; the filing's time and number are those of the first."""

    week = Code(WEEK, required=True)
    unit_code = Code(UNIT_CODE, required=True)
    n = Whole(1, required=True)
    kind = fields.String(required=True, validate=one_of(states.KINDS))
    reason = fields.String(required=True, allow_none=True)
    made_at = Instant(required=True)
    by = fields.Nested(Reporter(), required=True)
    receipt_number = fields.String(required=True)
    filed_at = Instant(required=True)
    on_time = Flag(required=True, allow_none=True)
    sites = fields.List(fields.Nested(ReportedSite()), required=True)
    problems = fields.List(fields.Nested(RaisedProblem()), required=True)
    plan = fields.String(required=True)
    photos = _photos(required=True)
