"""Routes of the phones: devices, the feed, what they push, leases of seats."""
from backend.sync.api import devices, feed, leases, pushes
from backend.sync.api.blueprint import blp

__all__ = ["blp", "devices", "feed", "leases", "pushes"]
