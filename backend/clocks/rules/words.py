"""The kinds of a day."""
from enum import Enum


class DayKind(Enum):
    WORK = "work"
    REST = "rest"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
