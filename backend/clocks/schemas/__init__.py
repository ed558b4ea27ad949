"""Wire shapes of the calendar and of cards; those of suspensions, which other capabilities take as well."""
from backend.clocks.schemas.calendar import NewSuspension, SuspensionEnd, SuspensionShape

__all__ = ["NewSuspension", "SuspensionEnd", "SuspensionShape"]
