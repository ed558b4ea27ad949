"""Routes of the phones: devices, the feed, what they push, leases of seats."""
from backend.sync.actions import forgetting
from backend.sync.api import deciding, devices, feed, leases, pushes
from backend.sync.api.blueprint import blp

__all__ = ["blp", "deciding", "devices", "feed", "forgetting", "leases", "pushes"]
