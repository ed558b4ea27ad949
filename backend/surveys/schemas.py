"""Wire shapes of surveys."""
from marshmallow import fields, validate

from backend.core.shapes import Code, Day, ListQuery, Shape, Text, Whole, one_of
from backend.errands.schemas.taken import UNIT_CODE
from backend.surveys import rules

CODE = r"[A-Za-z0-9_-]{1,16}"
MOST_ASKED = 5


def _moment() -> fields.DateTime:
    return fields.DateTime(required=True, allow_none=True)


def _number() -> fields.Integer:
    return fields.Integer(required=True, allow_none=True)


def _mean() -> fields.Float:
    return fields.Float(required=True, allow_none=True)


class QuestionIn(Shape):
    """``scale``: 1 to 5, 5 the best; ``choice``: one of ``choices``, counted from 1. Every question is answered."""

    code = Code(CODE, required=True)
    text = Text(200, required=True)
    kind = fields.String(required=True, validate=one_of(rules.KINDS))
    choices = fields.List(Text(60), validate=validate.Length(2, rules.MOST_CHOICES))


class SectionIn(Shape):
    code = Code(CODE, required=True)
    name = Text(60, required=True)
    questions = fields.List(
        fields.Nested(QuestionIn()), required=True, validate=validate.Length(1, rules.MOST_QUESTIONS)
    )


class DrawUpSurvey(Shape):
    """Questions by section. ``unit_codes``: the units it is about, none for the district; open until close of
    ``closes_on``; nothing is told below ``least_answers``."""

    title = Text(100, required=True)
    introduction = Text(1000, lines=True)
    sections = fields.List(
        fields.Nested(SectionIn()), required=True, validate=validate.Length(1, rules.MOST_SECTIONS)
    )
    unit_codes = fields.List(Code(UNIT_CODE), validate=validate.Length(0, rules.MOST_UNITS))
    closes_on = Day(required=True)
    least_answers = Whole(rules.LEAST_ANSWERS, 1000)


class ShownQuestion(Shape):
    code = fields.String(required=True)
    text = fields.String(required=True)
    kind = fields.String(required=True, validate=one_of(rules.KINDS))
    choices = fields.List(fields.String(), required=True, allow_none=True)


class ShownSection(Shape):
    code = fields.String(required=True)
    name = fields.String(required=True)
    questions = fields.List(fields.Nested(ShownQuestion()), required=True)


class ListedSurvey(Shape):
    """A survey; ``issued`` (slips given out) is null for others than the supervising office."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(rules.STATES))
    title = fields.String(required=True)
    introduction = fields.String(required=True, allow_none=True)
    sections = fields.List(fields.Nested(ShownSection()), required=True)
    unit_codes = fields.List(fields.String(), required=True)
    least_answers = fields.Integer(required=True)
    issued = _number()
    closes_at = fields.DateTime(required=True)
    opened_at = _moment()
    closed_at = _moment()
    published_at = _moment()
    version = fields.Integer(required=True)


class ShownSurvey(ListedSurvey):
    """A survey; ``returned_about``: how many came back, rounded down to the minimum while it is open; else null."""

    returned_about = _number()


class IssueSlips(Shape):
    count = Whole(1, rules.MOST_SLIPS_AT_ONCE, required=True)
    unit_code = Code(UNIT_CODE)


class Slips(Shape):
    """Slips to be printed or handed out; tokens are stored nowhere, the same call with its key gives them again."""

    survey_id = fields.String(required=True)
    unit_code = fields.String(required=True, allow_none=True)
    first = fields.Integer(required=True)
    last = fields.Integer(required=True)
    tokens = fields.List(fields.String(), required=True)


class AnswerIn(Shape):
    question = Code(CODE, required=True)
    choice = Whole(1, rules.MOST_CHOICES, required=True)


class AnswerSurvey(Shape):
    """The token of a slip, and an answer to every question. There is no room for words: they would tell who wrote."""

    token = Code(r"[1-9][0-9]{0,5}\.[A-Za-z0-9_-]{20}", required=True)
    answers = fields.List(
        fields.Nested(AnswerIn()), required=True,
        validate=validate.Length(1, rules.MOST_SECTIONS * rules.MOST_QUESTIONS),
    )


class AnswerCounted(Shape):
    survey_id = fields.String(required=True)
    counted = fields.Boolean(required=True)


class QuestionResult(Shape):
    code = fields.String(required=True)
    text = fields.String(required=True)
    kind = fields.String(required=True, validate=one_of(rules.KINDS))
    average = _mean()
    by_choice = fields.List(fields.Integer(), required=True, allow_none=True)


class SectionResult(Shape):
    code = fields.String(required=True)
    name = fields.String(required=True)
    average = _mean()
    questions = fields.List(fields.Nested(QuestionResult()), required=True)


class UnitSection(Shape):
    code = fields.String(required=True)
    average = _mean()


class UnitResult(Shape):
    unit_code = fields.String(required=True)
    name = fields.String(required=True)
    answers = fields.Integer(required=True)
    sections = fields.List(fields.Nested(UnitSection()), required=True)


class SurveyResults(Shape):
    """Null while the survey is open, and below ``least_answers``; ``units`` are those of which enough came back,
    less some where the rest could be found by subtracting."""

    survey_id = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(rules.STATES))
    least_answers = fields.Integer(required=True)
    answers = _number()
    sections = fields.List(fields.Nested(SectionResult()), required=True)
    units = fields.List(fields.Nested(UnitResult()), required=True)
    version = fields.Integer(required=True)


class SurveyQuery(ListQuery):
    """Repeated means or; open ones unless ``state`` is asked for, of the districts of ``unit_code``."""

    state = fields.List(fields.String(validate=one_of((*rules.STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[], validate=validate.Length(0, MOST_ASKED))
