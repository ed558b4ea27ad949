"""Hostile bodies and queries are clear refusals, never faults."""
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import fields
from werkzeug.datastructures import MultiDict

from backend.core import shapes, strictjson, wire
from backend.core.problems import Invalid, Malformed, Problem

HOSTILE = [
    (b"\xff\xfe", "UTF-8"),
    (b'{"a": "\\ud800"}', "surrogate"),
    (b'{"\\udfff": 1}', "surrogate"),
    (b'{"a": "\\u0000"}', "NUL"),
    (b'{"a": 1, "a": 2}', "twice"),
    (b'{"a": {"b": 1, "b": 1}}', "twice"),
    (b'{"a": 9223372036854775808}', "digits"),
    (b"1" * 5000, "digits"),
    (b"-" + b"1" * 19, "digits"),
    (b"1e400", "digits"),
    (b"1e18", "digits"),
    (b"1." + b"1" * 50, "digits"),
    (b"[" * 100_000, "Nested"),
    (b"[" * 21 + b"]" * 21, "Nested"),
    (b'{"a":' * 100_000, "Nested"),
    (b"NaN", "NaN"),
    (b"-Infinity", "Infinity"),
    (b"{", "JSON"),
    (b"[1,]", "JSON"),
    (b"\xef\xbb\xbf{}", "JSON"),
    (b"{} {}", "JSON"),
    (b"nul", "JSON"),
    (b'"\x01"', "JSON"),
]


@pytest.mark.parametrize("raw, told", HOSTILE, ids=lambda value: str(value)[:24])
def test_a_hostile_body_is_refused_naming_why(raw, told):
    with pytest.raises(Malformed) as refused:
        strictjson.parse(raw)
    assert refused.value.status == 400
    assert told in refused.value.detail.en


@pytest.mark.parametrize("raw, value", [
    (b"[" * 20 + b"]" * 20, None),
    (b'"' + b"[" * 30 + b'"', "[" * 30),
    (b'"\\"' + b"[" * 30 + b'"', '"' + "[" * 30),
    (b"999999999999999999", 999999999999999999),
    (b'"\\ud83d\\ude00"', "\U0001f600"),
    ('{"姓名": "张三"}'.encode(), {"姓名": "张三"}),
])
def test_an_unusual_but_honest_body_is_read(raw, value):
    assert strictjson.parse(raw) == (json.loads(raw) if value is None else value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30,
)


@given(st.binary() | st.text().map(str.encode) | json_values.map(lambda v: json.dumps(v).encode()))
def test_reading_never_fails_but_by_refusing_and_agrees_with_json(raw):
    try:
        found = strictjson.parse(raw)
    except Problem:
        return
    assert found == json.loads(raw)


@given(json_values)
def test_equal_values_have_equal_digests_however_written(value):
    try:
        found = strictjson.parse(json.dumps(value).encode())
    except Problem:
        return
    spaced = strictjson.parse(json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8", "replace"))
    if spaced == found:
        assert wire.digest(found) == wire.digest(spaced)


class Thing(shapes.Shape):
    name = shapes.Text(10, required=True)
    number = shapes.Whole(0, 5)
    day = shapes.Day()
    at = shapes.Instant()
    sure = shapes.Flag()
    inner = fields.Nested(lambda: Thing())
    many = fields.List(fields.Nested(lambda: Thing()))


@pytest.mark.parametrize("document, named", [
    ({}, "name"),
    ([], "_schema"),
    (None, "_schema"),
    ("x", "_schema"),
    ({"name": "a", "more": 1}, "more"),
    ({"name": "a" * 11}, "name"),
    ({"name": " "}, "name"),
    ({"name": "a\nb"}, "name"),
    ({"name": 1}, "name"),
    ({"name": "a", "number": 2.0}, "number"),
    ({"name": "a", "number": 2.6e-42}, "number"),
    ({"name": "a", "number": True}, "number"),
    ({"name": "a", "number": "1"}, "number"),
    ({"name": "a", "number": 2**63}, "number"),
    ({"name": "a", "sure": 1}, "sure"),
    ({"name": "a", "day": "2026-02-30"}, "day"),
    ({"name": "a", "day": "20260212"}, "day"),
    ({"name": "a", "day": "0001-01-01"}, "day"),
    ({"name": "a", "at": "2026-02-12T10:00:00"}, "at"),
    ({"name": "a", "at": "2026-02-12T25:00:00Z"}, "at"),
    ({"name": "a", "at": "0001-01-01T00:00:00+23:59"}, "at"),
    ({"name": "a", "inner": {"name": 1}}, "inner.name"),
    ({"name": "a", "many": [{"name": "b"}, {"name": ""}]}, "many.1.name"),
])
def test_a_document_of_the_wrong_shape_is_refused_by_the_name_of_the_field(document, named):
    with pytest.raises(Invalid) as refused:
        wire.load(Thing(), document)
    assert list(refused.value.errors) == [named]
    for told in refused.value.errors[named]:
        assert any("\u4e00" <= char <= "\u9fff" for char in told.zh), told


class Filter(shapes.ListQuery):
    state = fields.List(shapes.Code())


@pytest.mark.parametrize("pairs, named", [
    ([("nonsense", "1")], "nonsense"),
    ([("limit", "1"), ("limit", "2")], "limit"),
    ([("limit", "0")], "limit"),
    ([("limit", "201")], "limit"),
    ([("limit", "1e2")], "limit"),
    ([("limit", "٣")], "limit"),
    ([("cursor", "")], "cursor"),
    ([("cursor", "a\x00")], "cursor"),
    ([("state", "a b")], "state.0"),
    ([("\ud800", "1")], "?"),
])
def test_a_query_of_the_wrong_shape_is_refused_by_the_name_of_the_parameter(pairs, named):
    with pytest.raises(Invalid) as refused:
        wire.query(Filter(), MultiDict(pairs))
    assert list(refused.value.errors) == [named]


def test_repeated_filters_are_or():
    assert wire.query(Filter(), MultiDict([("state", "a"), ("state", "b")]))["state"] == ["a", "b"]


def test_a_route_without_a_query_takes_none():
    with pytest.raises(Invalid):
        wire.query(None, MultiDict([("x", "1")]))
