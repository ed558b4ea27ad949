"""Loading what plainly has a schema's shape, without marshmallow's walk through it.

A reader is made once per schema. It takes what is right beyond doubt and says so for nothing else:
whatever it does not take is marshmallow's to load or to refuse, in its own words.
"""
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, validate
from marshmallow import fields as ma
from marshmallow import missing as absent

from backend.core import shapes

Reader = Callable[[Any], Any]
_HOOKS = ("pre_load", "post_load", "validates", "validates_schema")


class NotPlain(Exception):
    """Marshmallow must look at it."""


@lru_cache(maxsize=1024)
def reader_of(schema: Schema) -> Reader | None:
    """A function that loads plain documents and raises NotPlain for others; None where there is none."""
    if schema.unknown != RAISE or schema.many or schema.partial or any(
        schema._hooks.get(hook) for hook in _HOOKS
    ):
        return None
    members = []
    for name, field in schema.load_fields.items():
        if field.data_key not in (None, name) or field.attribute not in (None, name):
            return None
        members.append((name, _reader(field), field.allow_none, field.required, field.load_default))
    return _object(members, frozenset(schema.load_fields))


def _object(members: list[tuple[str, Reader, bool, bool, Any]], known: frozenset[str]) -> Reader:
    def read(document: Any) -> dict[str, Any]:
        if type(document) is not dict or not known.issuperset(document):
            raise NotPlain
        found: dict[str, Any] = {}
        for name, reader, nullable, required, default in members:
            value = document.get(name, absent)
            if value is absent:
                if required:
                    raise NotPlain
                if default is not absent:
                    found[name] = default() if callable(default) else default
            elif value is None:
                if not nullable:
                    raise NotPlain
                found[name] = None
            else:
                found[name] = reader(value)
        return found

    return read


def _reader(field: Any) -> Reader:
    kind = type(field)
    if field.pre_load or field.post_load:
        return _walk(field)
    if kind in (ma.String, shapes.Text, shapes.Code):
        return _text(field)
    if kind is shapes.Flag and not field.in_query and not field.validators:
        return _flag
    if kind is ma.Nested and not field.many and not field.validators and field.unknown is None:
        return _nested(field)
    if kind is ma.List and _lengths(field.validators) is not None:
        return _list(_reader(field.inner), *_lengths(field.validators) or (0, 0), nullable=field.inner.allow_none)
    return _walk(field)


def _nested(field: Any) -> Reader:
    """The inner schema's reader, found when it is wanted: a shape may hold itself."""
    slow = _walk(field)
    return lambda value: (reader_of(field.schema) or slow)(value)


def _walk(field: Any) -> Reader:
    """The field's own way."""

    def read(value: Any) -> Any:
        try:
            return field.deserialize(value)
        except ValidationError as error:
            raise NotPlain from error

    return read


def _text(field: Any) -> Reader:
    """A string; one that holds anything but printable characters is looked at by the field."""
    slow, strict = _walk(field), type(field) is shapes.Text
    one = field.validators[0] if len(field.validators) == 1 and not strict else None
    if type(one) is validate.OneOf:
        words = frozenset(one.choices)
        return lambda value: value if type(value) is str and value in words else slow(value)
    if type(one) is validate.Regexp:
        match: Callable[[str], Any] = one.regex.match  # type: ignore[assignment]
        return lambda value: value if type(value) is str and match(value) else slow(value)
    bounds = _lengths(field.validators)
    if bounds is None:
        return slow
    least, most = bounds

    def read(value: Any) -> Any:
        if type(value) is str and least <= len(value) <= most and value.isprintable() and not (
            strict and value.isspace()
        ):
            return value
        return slow(value)

    return read


def _flag(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    raise NotPlain


def _list(reader: Reader, least: int, most: int, *, nullable: bool) -> Reader:
    def read(value: Any) -> list[Any]:
        if type(value) is not list or not least <= len(value) <= most:
            raise NotPlain
        if None in value and not nullable:
            raise NotPlain
        return [None if item is None else reader(item) for item in value]

    return read


def _lengths(validators: list[Any]) -> tuple[int, int] | None:
    """The lengths that the validators allow; None where they ask for anything else."""
    if not validators:
        return 0, 1 << 30
    one = validators[0]
    if len(validators) > 1 or type(one) is not validate.Length or one.equal is not None:
        return None
    return one.min or 0, 1 << 30 if one.max is None else one.max
