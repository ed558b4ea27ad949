"""The short way of taking papers agrees with the long one."""
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError
from marshmallow.fields import Field

from backend.core import messages, shapes
from backend.core.shapes import Shape
from backend.errands.schemas.taken import PaperIn, PapersIn, fields

anything = st.one_of(
    st.booleans(), st.integers(), st.none(), st.text(max_size=120), st.text("书\u3000 \x00\n", max_size=3)
)
papers = st.dictionaries(st.sampled_from(["name", "received", "other"]), anything, max_size=3)
Short = Shape.from_dict({"papers": PapersIn(fields.Nested(PaperIn()))})
Long = Shape.from_dict({"papers": fields.List(fields.Nested(PaperIn()))})


def taken(schema, value):
    try:
        return schema().load({"papers": value})
    except ValidationError as error:
        return error.messages


@given(st.lists(st.one_of(papers, anything), max_size=3))
def test_what_is_taken_and_what_is_refused_is_the_same_either_way(value):
    assert taken(Short, value) == taken(Long, value)


def test_every_field_of_our_own_refuses_in_chinese():
    fields = [field for field in vars(shapes).values() if isinstance(field, type) and issubclass(field, Field)]
    told = {message for field in fields for message in vars(field).get("default_error_messages", {}).values()}
    assert "Not a valid week." in told
    assert [message for message in told if messages.translated(message).zh == message] == []
