"""What lower rooms must know of the phones, told to them where this is imported: a setting."""
from backend.core import adjustable
from backend.core.adjustable import Adjustable
from backend.sync.rules import window


def _changed() -> None:
    """Nobody keeps this setting: it is read where it is needed."""


adjustable.declare(Adjustable(window.SETTING, window.USUAL, window.check_setting, _changed))
