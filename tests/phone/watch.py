"""The phone's own clock. It may be wrong: nothing is ordered or decided by it, it is only told."""
from datetime import UTC, datetime, timedelta


class Watch:
    """A clock that is off by a while, and gains or loses time besides."""

    def __init__(self, off: timedelta = timedelta(0), drift: float = 0.0) -> None:
        self.off, self.drift, self.set_at = off, drift, datetime.now(UTC)

    def now(self) -> str:
        """The moment as this phone takes it to be, RFC 3339."""
        true = datetime.now(UTC)
        return (true + self.off + (true - self.set_at) * self.drift).isoformat(timespec="milliseconds")
