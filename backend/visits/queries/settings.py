"""What the district has decided about home visits."""
from datetime import date

from backend.core import adjustable
from backend.visits.rules import settings as rules
from backend.visits.rules.settings import Decided


def in_force(day: date) -> Decided:
    """What holds on a day; one statement."""
    return rules.decided_of(adjustable.in_force(rules.NAME, day))
