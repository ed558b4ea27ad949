"""Loading plain documents: what is taken is what marshmallow would have made of it."""
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from backend.core import plainly, shapes

TEXT = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", " ", "\t", "a\x00", "a\u3000", "red", "true", "12", "x" * 61, "甲乙", "b\nc"]),
)
SCALAR = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 200), st.floats(allow_nan=False), TEXT, st.binary(max_size=2),
)


class Inner(shapes.Shape):
    word = fields.String(required=True, validate=shapes.one_of(("red", "blue")))
    flag = shapes.Flag()


class Every(shapes.Shape):
    line = shapes.Text(60, required=True)
    lines = shapes.Text(60, lines=True, allow_none=True)
    code = shapes.Code(r"[0-9]{2}")
    free = fields.String()
    long = fields.String(validate=validate.Length(2, 5))
    whole = shapes.Whole(1, 99)
    asked = shapes.Whole(1, 99, in_query=True, load_default=50)
    flag = shapes.Flag()
    day = shapes.Day(allow_none=True)
    inner = fields.Nested(Inner())
    maybe = shapes.nullable(Inner())
    words = fields.List(fields.String(validate=shapes.one_of(("red", "blue"))), load_default=[])
    inners = fields.List(fields.Nested(Inner()), validate=validate.Length(0, 2))


NESTED = st.one_of(SCALAR, st.dictionaries(st.sampled_from(["word", "flag", "odd"]), SCALAR, max_size=3))
DOCUMENT = st.dictionaries(
    st.sampled_from([*Every().fields, "odd"]), st.one_of(NESTED, st.lists(NESTED, max_size=3)), max_size=6,
)


@given(DOCUMENT, st.booleans())
def test_what_is_taken_as_plain_is_what_marshmallow_makes_of_it(document: dict[str, Any], lined: bool) -> None:
    document |= {"line": "甲"} if lined else {}
    read = plainly.reader_of(Every())
    assert read is not None
    try:
        taken = read(document)
    except plainly.NotPlain:
        return
    try:
        loaded = Every().load(document)
    except ValidationError as refused:
        raise AssertionError(f"taken: {taken}") from refused
    assert taken == loaded and list(taken) == list(loaded)
    assert repr(taken) == repr(loaded)


def test_a_plain_document_needs_no_marshmallow() -> None:
    plain = {
        "line": "百花社区3幢", "code": "12", "flag": True, "inner": {"word": "red"}, "maybe": None, "words": ["blue"],
        "inners": [{"word": "blue", "flag": False}],
    }
    read = plainly.reader_of(Every())
    assert read is not None and read(plain) == Every().load(plain)


class Hooked(shapes.Shape):
    @post_load
    def turned(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return data


class Loose(Schema):
    class Meta:
        unknown = EXCLUDE


class Renamed(shapes.Shape):
    name = fields.String(data_key="Name")


@pytest.mark.parametrize("schema", [Hooked(), Loose(), Renamed(), Inner(partial=True), Inner(many=True)])
def test_a_schema_with_ways_of_its_own_is_left_to_marshmallow(schema: Schema) -> None:
    assert plainly.reader_of(schema) is None


def test_every_body_of_the_product_is_read_alike(app: Any) -> None:
    for route in app.extensions["daiban.api"].routes:
        for schema in (route.body, route.query):
            read = schema and plainly.reader_of(schema)
            if read:
                with pytest.raises(plainly.NotPlain):
                    read({"no such field": 1})
