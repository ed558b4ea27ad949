"""Tables of the phones."""
from backend.sync.models.devices import SyncDevice, SyncSession
from backend.sync.models.feed import SyncRead, SyncState
from backend.sync.models.pushes import SyncConflict, SyncResult

__all__ = ["SyncConflict", "SyncDevice", "SyncRead", "SyncResult", "SyncSession", "SyncState"]
