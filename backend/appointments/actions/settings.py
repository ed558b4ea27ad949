"""What a district may decide itself about waiting, blocks and reminders (docs/settings.md)."""
from backend.appointments.rules import blocks, reminders, waiting
from backend.core import adjustable
from backend.core.adjustable import Adjustable


def _changed() -> None:
    """Nothing is remembered: what holds is read when it is needed."""


for _name, _default, _check in (
    (waiting.OFFER, waiting.DEFAULT_OFFER, waiting.check_offer),
    (blocks.SETTING, blocks.DEFAULT, blocks.check),
    (reminders.SETTING, reminders.DEFAULT, reminders.check),
):
    adjustable.declare(Adjustable(_name, _default, _check, _changed))
