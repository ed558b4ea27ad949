"""The words of a unit: its level, how a site is staffed, how far it is built."""
from enum import Enum


class Level(Enum):
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    TOWNSHIP = "township"
    VILLAGE = "village"


class SiteType(Enum):
    CENTRE = "centre"
    STATION = "station"
    DESIGNATED_AGENT = "designated_agent"


class Status(Enum):
    PLANNED = "planned"
    BUILDING = "building"
    BUILT = "built"
