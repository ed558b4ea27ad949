"""Tables of the phones."""
from backend.sync.models.devices import SyncDevice, SyncSession
from backend.sync.models.pushes import SyncConflict, SyncResult

__all__ = ["SyncConflict", "SyncDevice", "SyncResult", "SyncSession"]
