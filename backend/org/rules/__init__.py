"""Division codes: twelve digits in groups of 2, 2, 2, 3 and 3; a subtree is a code prefix.

Source: the statistical division codes of the National Bureau of Statistics (GB/T 2260, GB/T 10114).
"""
from datetime import date
from itertools import pairwise

LENGTH = 12
_ENDS = (2, 4, 6, 9, 12)
LEVELS = ("province", "city", "district", "township", "village")
_LEVEL_AT = dict(zip(_ENDS, LEVELS))
_LAST_FIRST = tuple(reversed(list(pairwise(_ENDS))))


def prefix_of(code: str) -> str:
    """The digits that all codes below ``code`` share: whole groups, trailing zero groups cut.

    Cut by group, never by digit: 331010000000 is 331010, and 331003001 is not under 33100300.
    """
    for start, end in _LAST_FIRST:
        if code[start:end].strip("0"):
            return code[:end]
    return code[:_ENDS[0]]


def subtree(code: str) -> tuple[str, str]:
    """The first and last code of the subtree, both inclusive, for ``BETWEEN ? AND ?``."""
    prefix = prefix_of(code)
    return prefix.ljust(LENGTH, "0"), prefix.ljust(LENGTH, "9")


def contains(root_code: str, code: str) -> bool:
    """Whether ``code`` is ``root_code`` or stands below it."""
    return code.startswith(prefix_of(root_code))


def level_of(code: str) -> str:
    """The level that the form of the code tells."""
    return _LEVEL_AT[len(prefix_of(code))]


def township_of(code: str) -> str:
    """The township of a village; of anything higher, itself."""
    return code[:9].ljust(LENGTH, "0")


def district_of(code: str) -> str:
    """The district of a village or township; of anything higher, itself."""
    return code[:6].ljust(LENGTH, "0")


def in_office(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    """Whether a body is in office on a day: from ``valid_from``, not from ``valid_to`` on."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on < valid_to)
