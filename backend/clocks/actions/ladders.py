"""The ladder of cards is the district's to decide (rules 4)."""
from backend.clocks.rules import ladder
from backend.core import adjustable, sql
from backend.core.adjustable import Adjustable

_BUMP = "UPDATE calendar_stamp SET version = version + 1 WHERE id = 1"


def _changed() -> None:
    """Every process keeps the ladders under the calendar's stamp."""
    sql.run(_BUMP)


adjustable.declare(Adjustable(ladder.NAME, ladder.DEFAULT, ladder.check, _changed))
