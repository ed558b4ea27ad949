"""The watch-list within the reader's scope."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.core.paging import Page, states_of
from backend.people import queries as people
from backend.supervision.queries import listing, scope
from backend.supervision.queries.listing import Listed
from backend.supervision.rules import states

ENTRIES = Listed("watch-list", "watch_entry", """
id, district_code, unit_code, township_code, department_code, target_code, target_name, kind, reason, source_type,
source_id, state, put_by, from_at, ended_by, ended_at, ended_for, version
""")


def row(entry_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The entry as it is stored, where the actor reaches it; NotFound otherwise."""
    return listing.row(ENTRIES, entry_id, scope.of(actor), lock=lock)


def one(entry_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One entry."""
    return _shown([row(entry_id, actor)])[0]


def page(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Bodies on the watch-list, the last put on first; those taken off where asked for."""
    wanted = states_of(query["state"], states.WATCH_STATES, (states.WATCHED,))
    more = listing.narrowed(query, "unit_code", "department_code")
    part = listing.page(ENTRIES, query, scope.of(actor), wanted, more)
    return Page(_shown(part.items), part.next_cursor)


def _shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = people.names({each[name] for each in found for name in ("put_by", "ended_by") if each[name]})
    hidden = ("district_code", "township_code", "target_code", "source_type", "source_id")
    return [
        {name: value for name, value in each.items() if name not in hidden} | {
            "put_by": listing.somebody(each["put_by"], names), "ended_by": listing.somebody(each["ended_by"], names),
        }
        for each in found
    ]
