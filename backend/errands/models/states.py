"""The states of an errand as its tables hold them."""
from enum import Enum

from backend.errands import rules

State = Enum("State", {name.upper(): name for name in rules.STATES})  # type: ignore[misc]
