"""What can be seen of notices and calls."""
from backend.notifications.queries.outbox import figures
from backend.notifications.queries.told import told

__all__ = ["figures", "told"]
