"""Appointments as actions load them; persons stay sealed."""
from datetime import date
from typing import Any

import orjson

from backend.appointments.rules import persons
from backend.core import blinding, secrets, sql
from backend.core.actor import HANDLER, PROJECT_AGENT, Actor
from backend.core.problems import NotFound
from backend.org.rules import scope

TABLE = "appointment"
_ROW = "SELECT * FROM appointment WHERE id = ?"
_ACTIVE = "SELECT * FROM appointment WHERE active_key IN (?, ?)"


def row(appointment_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The appointment as stored, in the actor's scope; NotFound otherwise."""
    column, code = scope.column(actor)
    if actor.role in (HANDLER, PROJECT_AGENT):
        raise NotFound()
    found = sql.row(f"{_ROW} AND {column} = ?{sql.held(lock)}", (appointment_id, code))
    if found is None:
        raise NotFound()
    return found


def any_row(appointment_id: str, *, lock: bool = False, skip: bool = False) -> dict[str, Any] | None:
    """The appointment as stored, whoever asks: for the product's own acts and for who proved to be the person.

    ``skip``: None where somebody else holds it this very moment.
    """
    return sql.row(_ROW + sql.held(lock, skip=skip), (appointment_id,))


def active(identity: str, service: str, day_on: date, *, lock: bool = False) -> dict[str, Any] | None:
    """The active appointment of a person for a service on a day; its hold may have lapsed."""
    return sql.row(_ACTIVE + sql.held(lock), active_keys(identity, service, day_on))


def active_elsewhere(identity: str, service: str, day_on: date, table: str = TABLE) -> bool:
    """Whether an active row of ``table`` stands under the index not written now, which no constraint compares."""
    mine, other = active_keys(identity, service, day_on)
    return mine != other and sql.value(f"SELECT 1 FROM {table} WHERE active_key = ?", (other,)) is not None


def active_keys(identity: str, service: str, day_on: date) -> tuple[str, str]:
    """What may stand for a person, a service and a day while her appointment is active."""
    first, second = (_occasion(key, service, day_on) for key in person_keys(identity))
    return blinding.searched("appointment", first)[0].hex(), blinding.searched("appointment", second)[1].hex()


def person_keys(identity: str) -> tuple[str, str]:
    """The blind indexes of a person, by ``rules.persons.identity``, under which she may stand."""
    first, second = blinding.searched("appointment_person", identity)
    return first.hex(), second.hex()


def keys_of(person: dict[str, str], service: str, day_on: date) -> dict[str, str]:
    """Her indexes as a row has them that is written now: her own, her phone's, and that of the occasion."""
    key = blinding.written("appointment_person", persons.identity(person)).hex()
    return {
        "person_key": key, "phone_key": blinding.written("phone", person["phone"]).hex(),
        "active_key": blinding.written("appointment", _occasion(key, service, day_on)).hex(),
    }


def _occasion(person_key: str, service: str, day_on: date) -> str:
    return f"{person_key}|{service}|{day_on.isoformat()}"


def sealed(what: str, row_id: str, person: dict[str, str] | None, table: str = TABLE) -> bytes | None:
    """A person (``what``: person, caller) as a row of ``table`` holds her."""
    if person is None:
        return None
    return secrets.seal(orjson.dumps(person).decode(), f"{table}|{what}|{row_id}")


def opened(what: str, found: dict[str, Any], table: str = TABLE) -> dict[str, str]:
    """Name, phone and ID number in a row of ``table``; empty where there is none, or once they were erased."""
    blob = found[f"{what}_sealed"]
    if blob is None:
        return {}
    return dict(orjson.loads(secrets.unseal(bytes(blob), f"{table}|{what}|{found['id']}")))
