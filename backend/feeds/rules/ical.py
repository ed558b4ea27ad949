"""Calendars as RFC 5545 and RFC 7986 have them: lines of 75 octets, their time zone within. Pure."""
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from backend.core import clock
from backend.feeds.rules import REFRESH, Event

PRODUCT = "-//Daiban//Convenience service network//ZH"
FIRST = date(2015, 1, 1)
"""From when on the zone's rules are written down: nothing here is older than the product's first calendar."""
LAST = date(2038, 1, 1)


def written(uid: str, name: str, events: Iterable[Event]) -> bytes:
    """A whole calendar, as UTF-8 with folded lines that end in CR LF."""
    from icalendar import Calendar

    calendar = Calendar()
    for key, value in (
        ("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", "PUBLISH"), ("uid", uid),
        ("name", name), ("x-wr-calname", name), ("x-wr-timezone", clock.ZONE.key),
    ):
        calendar.add(key, value)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add_component(_zone())
    for event in events:
        calendar.add_component(_component(event))
    found: bytes = calendar.to_ical()
    return found


@lru_cache(maxsize=1)
def _zone() -> Any:
    from icalendar import Timezone

    return Timezone.from_tzinfo(clock.ZONE, clock.ZONE.key, FIRST, LAST)


def _component(event: Event) -> Any:
    from icalendar import Event as Component

    made = Component()
    for key, value in (
        ("uid", event.uid), ("dtstamp", event.written_at), ("sequence", event.sequence),
        ("dtstart", _local(event.start)), ("dtend", _local(event.end)), ("summary", event.summary),
        ("status", event.status), ("class", "PRIVATE"), ("location", event.location),
    ):
        if value is not None:
            made.add(key, value)
    return made


def _local(moment: datetime | date) -> datetime | date:
    return clock.local(moment) if isinstance(moment, datetime) else moment
