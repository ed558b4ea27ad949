"""Drawing the numbers that people say on the phone; whatever bears one takes it here, so that no two are alike."""
from datetime import date

from backend.core import sql
from backend.errands.rules import numbers

_SERIAL = """
INSERT INTO number_series (tail, day_on, last) VALUES (?, ?, 1)
ON CONFLICT (tail, day_on) DO UPDATE SET last = number_series.last + 1 RETURNING last
"""


def draw(unit_code: str, day: date) -> str:
    """The next number of a unit on a day, in the running transaction, which holds the series until it ends."""
    serial = sql.value(_SERIAL, (numbers.tail_of(unit_code), day.isoformat()))
    return numbers.number(unit_code, day, serial)
