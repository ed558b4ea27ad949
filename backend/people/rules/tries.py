"""Failed tries: who is locked out, for how long, and whose address it is."""
import ipaddress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LONGEST_WINDOW = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """So many failures within ``window`` (at most a day) lock the subject for ``lock``."""

    kind: str
    times: int
    window: timedelta = timedelta(minutes=15)
    lock: timedelta = timedelta(minutes=15)

    def __post_init__(self) -> None:
        if self.window > LONGEST_WINDOW:
            raise ValueError("failures are forgotten after a day")


PAIR = Limit("pair", 5)
ACCOUNT = Limit("account", 20)
SOURCE = Limit("source", 50)
PASSWORD = Limit("password", 5)


@dataclass(frozen=True)
class Tally:
    """Failures since ``since_at``; locked until ``until_at`` where that is set."""

    times: int
    since_at: datetime
    until_at: datetime | None = None


def is_over(tally: Tally, limit: Limit, now: datetime) -> bool:
    """Whether the tally no longer counts: its lock, or its window, has passed."""
    return now >= (tally.until_at or tally.since_at + limit.window)


def after_failure(tally: Tally | None, limit: Limit, now: datetime) -> Tally:
    """The tally after one more failure; the one that reaches the limit starts the lock."""
    if tally is None or is_over(tally, limit, now):
        tally = Tally(0, now)
    tally = replace(tally, times=tally.times + 1)
    if tally.times >= limit.times and tally.until_at is None:
        tally = replace(tally, until_at=now + limit.lock)
    return tally


def seconds_locked(until: datetime | None, now: datetime) -> int:
    """Whole seconds, rounded up, until the lock ends; 0 where there is none."""
    if until is None or until <= now:
        return 0
    return -(-(until - now) // timedelta(seconds=1))


def source_of(peer: str | None, forwarded: str, proxies: int) -> str:
    """The caller's address, believing X-Forwarded-For for ``proxies`` hops only.

    Each of our proxies appends the address it saw, so the caller's is the ``proxies``-th from the
    right; what stands further left he wrote himself. An IPv6 caller counts by his /64.
    """
    peer = peer or ""
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()][-proxies:] if proxies else []
    try:
        address = ipaddress.ip_address(hops[0] if hops else peer)
    except ValueError:
        return peer[:64]
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
