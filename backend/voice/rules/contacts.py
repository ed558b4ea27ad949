"""How somebody who complains can be reached: a telephone, or words; or not at all. Pure."""
from collections.abc import Mapping
from typing import Any

from backend.core.problems import Invalid
from backend.people.rules import numbers


def normal(given: Any) -> dict[str, str] | None:
    """``name``, ``phone``, ``text`` of a contact as given: words, or name and phone; None where there is none.

    Words that are a telephone are one. Invalid where what is called a phone cannot be one.
    """
    if given is None:
        return None
    if isinstance(given, Mapping):
        return _named(given)
    try:
        return {"phone": numbers.normal_phone(given)}
    except Invalid:
        return {"text": given.strip()}


def _named(given: Mapping[str, Any]) -> dict[str, str] | None:
    made = {"name": " ".join(given["name"].split())} if given.get("name") else {}
    if given.get("phone"):
        try:
            made["phone"] = numbers.normal_phone(given["phone"])
        except Invalid as refused:
            raise refused.within("contact") from None
    return made or None
