"""Rows as phones are told of them; whom the phone so gets to know in full."""
from datetime import date, datetime
from typing import Any

import orjson

from backend.appointments.queries import shown as appointments
from backend.catalogue import queries as catalogue
from backend.core import clock, secrets
from backend.core.actor import Actor
from backend.errands import rules as errands
from backend.errands.queries import cases
from backend.people.rules import numbers
from backend.sync.queries import columns
from backend.sync.rules import window
from backend.sync.rules.merging import Row
from backend.visits.queries import visits

Found = dict[str, Any]


class Showing:
    """How rows look to one reader; ``full`` collects the residents told in full who were not before, by township."""

    def __init__(self, rows: list[Row], days: int, *, actor: Actor, now: datetime) -> None:
        self.actor, self.now, self.days = actor, now, days
        self.full: dict[str, str] = {}
        self._found = {(row.type, row.id): _opened(row) for row in rows}
        cases_found = [found for (kind, _), found in self._found.items() if kind == window.ERRAND]
        self._items = catalogue.versions((found["item_code"], found["item_number"]) for found in cases_found)

    def data(self, row: Row) -> Found:
        """The row's ``data``."""
        found = self._found[row.type, row.id]
        return dict(_SHOWN[row.type](self, found))

    def resident(self, found: Found) -> Found:
        """A resident of whom the phone holds something."""
        named = {"resident_id": "id", "resident_name": "name", "resident_township": "township_code"}
        shown = self._person(found | {name: found[own] for name, own in named.items()}, bool(found["mine"]))
        return shown | {
            "township_code": found["township_code"], "takes_sms": bool(found["takes_sms"]),
            "version": found["version"],
        }

    def errand(self, found: Found) -> Found:
        """As GET /errands/{id}, with the moments from which the phone sees its light change by itself."""
        item = self._items[found["item_code"], found["item_number"]]
        shown = cases.standing(found, item, clock.wire_micros)
        over = found["state"] in errands.OVER
        mine = found["agent_id"] == self.actor.id and not over
        moments = {name: found[name] and clock.wire_micros(found[name]) for name in ("reminder_at", "yellow_at")}
        ended = found["closed_at"] or found["finished_at"]
        return shown | moments | {
            "resident": self._person(found, mine), "materials": [_paper(paper) for paper in found["materials"] or ()],
            "keep_until": self._kept(ended) if over else None,
        }

    def visit(self, found: Found) -> Found:
        """As GET /visits/{id}, without the trips."""
        mine = found["agent_id"] == self.actor.id and found["ended_at"] is None
        served = [dict(zip(("id", "number", "item_code"), errand)) for errand in found["errands"] or ()]
        return visits.standing(_as_read(found)) | {
            "resident": self._person(found, mine), "errands": served,
            "keep_until": None if found["ended_at"] is None else self._kept(found["ended_at"]),
        }

    def appointment(self, found: Found) -> Found:
        """As GET /appointments/{id}."""
        shown = appointments.of_row(_as_read(found), self.now)
        last = date.fromisoformat(found["day_on"]).toordinal() + window.APPOINTMENT_DAYS
        return shown | {"keep_until": date.fromordinal(last)}

    def note(self, found: Found) -> Found:
        """As GET /errands/{id}/notes shows it; it goes with its errand."""
        by = {"id": found["account_id"], "name": found["account_name"]}
        names = ("id", "errand_id", "text", "version")
        return {name: found[name] for name in names} | {"made_at": clock.wire_micros(found["made_at"]), "by": by}

    def file(self, found: Found) -> Found:
        """As GET /files tells of it; its content is at /files/{sha256}."""
        names = ("id", "sha256", "media_type", "size", "unit_code", "account_id", "version")
        moments = {"made_at": clock.wire_micros(found["made_at"]), "keep_until": self._kept(found["made_at"])}
        return {name: found[name] for name in names} | moments

    def _kept(self, ended: int) -> date:
        return window.keep_until(clock.from_micros(ended), self.days)

    def _person(self, found: Found, mine: bool) -> Found:
        """The resident of a row: phone and address in full on his own phone (rules 11), masked otherwise."""
        shown = cases.masked(found)
        phone, address = (found[f"{name}_sealed"] for name in ("phone", "address"))
        whose = found["resident_id"]
        plain = None if address is None else secrets.unseal(address, f"resident|address|{whose}")
        if not mine:
            return shown | {"address": None if plain is None else numbers.mask_address(plain)}
        if not found["was_read"] and (phone is not None or address is not None):
            self.full[whose] = found["resident_township"]
        if phone is not None:
            shown["phone"] = secrets.unseal(phone, f"resident|phone|{whose}")
        return shown | {"address": plain}


_SHOWN = {kind: getattr(Showing, kind) for kind in window.TYPES}


def _opened(row: Row) -> Found:
    found = dict(zip(columns.of(row.type), orjson.loads(row.body)))
    for name, value in found.items():
        if name.endswith("_sealed"):
            found[name] = bytes.fromhex(value) if value else None
    return found


def _as_read(found: Found) -> Found:
    """With instants and dates as ``sql.rows`` makes them."""
    made = dict(found)
    for name, value in found.items():
        if value is not None and name.endswith("_at"):
            made[name] = clock.from_micros(value)
        elif value is not None and name.endswith("_on"):
            made[name] = date.fromisoformat(value)
    return made


def _paper(paper: list[Any]) -> Found:
    name, required, may_defer, received, until = paper
    return {
        "name": name, "required": bool(required), "deferrable": bool(may_defer), "received": received is not None,
        "deferred_until": until,
    }
