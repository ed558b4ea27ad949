"""Tables of the phones."""
from backend.sync.models.feed import SyncRead, SyncState

__all__ = ["SyncRead", "SyncState"]
