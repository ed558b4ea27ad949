"""Slips: a number, and what proves that it was given out. Pure."""
import re

_TOKEN = re.compile(r"([1-9][0-9]{0,5})\.([A-Za-z0-9_-]{20})")


def token(n: int, secret: str) -> str:
    """What is printed on a slip."""
    return f"{n}.{secret[:20]}"


def parts(given: str) -> tuple[int, str] | None:
    """The number and the proof in a token; None for any other text."""
    found = _TOKEN.fullmatch(given)
    return (int(found[1]), found[2]) if found else None
