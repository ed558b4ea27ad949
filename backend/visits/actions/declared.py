"""What lower rooms must know of visits, told to them where this is imported: a setting, and what an erasure finds."""
from backend.core import adjustable, erasure
from backend.core.adjustable import Adjustable
from backend.core.erasure import Hers
from backend.visits.actions import scheduling
from backend.visits.queries import personal
from backend.visits.rules import settings


def _changed() -> None:
    """Nobody keeps these settings: they are read where they are needed."""


adjustable.declare(Adjustable(settings.NAME, settings.DEFAULT, settings.check, _changed))
erasure.declare("visits", Hers(personal.cells, personal.entries, scheduling.leave))
