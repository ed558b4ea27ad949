"""How many rows a phone of the district may hold."""
from datetime import date

from backend.core import adjustable
from backend.sync.rules import window


def most(day: date) -> int:
    """The budget of a day; one statement."""
    return int(adjustable.in_force(window.SETTING, day))
