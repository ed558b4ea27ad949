"""What phones sent, as everybody sees it: numbers and addresses masked wherever they stand (rules 11). Pure."""
from typing import Any

from backend.core import secrets
from backend.people.rules import numbers

MASKS = {"id_number": secrets.mask_id_number, "phone": secrets.mask_phone, "address": numbers.mask_address}
PLACES = ("latitude", "longitude")
"""Where somebody lives."""


def value(name: str, said: Any) -> Any:
    """The value of a field, masked where the field is a number or an address; what is inside it as well."""
    if name in MASKS:
        return MASKS[name](said) if isinstance(said, str) else None
    if name in PLACES:
        return None
    if isinstance(said, dict):
        return {inner: value(inner, each) for inner, each in said.items()}
    return [value("", each) for each in said] if isinstance(said, list) else said
