"""How far two places lie apart, and how long the way takes. Pure."""
from math import asin, ceil, cos, radians, sin, sqrt

EARTH_KM = 6371.0
Place = tuple[float, float]
"""Latitude and longitude in degrees."""


def straight_km(one: Place, other: Place) -> float:
    """The great-circle distance in kilometres (haversine)."""
    (lat1, lon1), (lat2, lon2) = one, other
    half = sin(radians(lat2 - lat1) / 2) ** 2
    half += cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def minutes_between(one: Place, other: Place, *, speed_kmh: int, road_percent: int) -> int:
    """Whole minutes on the road, rounded up: the straight line, so many percent of it, at that speed."""
    road_km = straight_km(one, other) * road_percent / 100
    return ceil(road_km * 60 / speed_kmh)
