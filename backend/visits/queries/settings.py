"""What the district has decided about home visits."""
from datetime import date

from backend.core import adjustable
from backend.visits.rules import settings as rules
from backend.visits.rules.settings import Decided


def in_force(day: date) -> Decided:
    """What holds on a day; one statement."""
    found = [value for valid_from, value in adjustable.decided(rules.NAME) if valid_from <= day]
    return rules.decided_of(found[-1] if found else {})
