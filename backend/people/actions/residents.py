"""Registering residents, changing what stands of them, and looking at their numbers in full."""
from datetime import datetime, timedelta
from typing import Any

from peewee import IntegrityError

from backend.core import blinding, clock, db, ids, ledger, pinyin, secrets, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, Invalid, StaleVersion, Text, TooMany, invalid
from backend.core.transaction import transaction
from backend.people.models import FullView, Resident
from backend.people.queries import residents
from backend.people.rules import full_view, numbers

_OTHER = f"{residents.OF_NUMBER} AND id <> ?"
_INSERT = """
INSERT INTO resident (id, township_code, name, pinyin, initials, id_number_sealed, id_number_index,
                      phone_sealed, phone_index, address_sealed, made_at, version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING
"""


class DuplicateResident(Conflict):
    slug, title = "duplicate-resident", Text(
        "本乡镇已有该身份证号码的居民", "The township has a resident with this ID number"
    )


@transaction
def register(
    *, township_code: str, name: str, id_number: str | None, phone: str | None, address: str | None,
    unit_code: str | None = None, actor: Actor, now: datetime,
) -> str:
    """The resident of that township and ID number, made where there is none; the id.

    What stands is never overwritten. Without ``id_number`` a phone is needed and the row is new.
    ``unit_code`` is the unit whose desk may read the resident from now on. Invalid names the field.
    """
    number = numbers.check_id_number(id_number, clock.local_date(now)) if id_number else None
    called = numbers.normal_phone(phone) if phone else None
    if number is None and called is None:
        raise _nothing()
    indexes = None if number is None else blinding.searched("id_number", number)
    found = None if indexes is None else sql.value(residents.OF_NUMBER, (township_code, *indexes))
    if found is None:
        found = _insert(township_code, name, (number, called, address), now)
        if found is None and indexes is not None:
            found = sql.value(residents.OF_NUMBER, (township_code, *indexes))
    if unit_code is not None:
        _open(found, unit_code)
    return str(found)


def _nothing() -> Invalid:
    return invalid("id_number", "身份证号码和电话至少填写一项", "Give an ID number or a phone")


def _insert(
    township_code: str, name: str, plain: tuple[str | None, str | None, str | None], now: datetime
) -> str | None:
    """The new resident's id; None where another registration was there first."""
    resident_id = ids.new(now)
    number, phone, address = plain
    sealed_number, sealed_phone = _sealed(resident_id, "id_number", number), _sealed(resident_id, "phone", phone)
    params = (
        resident_id, township_code, name, *_spoken(name).values(), *sealed_number.values(), *sealed_phone.values(),
        *_sealed(resident_id, "address", address).values(), clock.to_micros(now),
    )
    if sql.run(_INSERT, params) != 1:
        return None
    ledger.keep_fresh(resident_id, {"name": name} | sealed_number | sealed_phone)
    given = zip(("name", "id_number", "phone", "address"), (name, *plain))
    ledger.record(
        "resident.register", "resident", resident_id, scope=township_code,
        fields=[field for field, value in given if value],
    )
    return resident_id


def _spoken(name: str) -> dict[str, str]:
    spoken = pinyin.pinyin_of(name, surname=True)[:200]
    return {"pinyin": spoken, "initials": pinyin.initials_of(name, surname=True)[:60]}


def _sealed(resident_id: str, name: str, text: str | None) -> dict[str, bytes | None]:
    sealed = None if text is None else secrets.seal(text, f"resident|{name}|{resident_id}")
    found = {f"{name}_sealed": sealed}
    if name != "address":
        found[f"{name}_index"] = None if text is None else blinding.written(name, text)
    return found


_OPEN = """
INSERT INTO resident_reader (resident_id, reader_code, name, pinyin, initials)
SELECT id, ?, name, pinyin, initials FROM resident WHERE id = ?{lock} ON CONFLICT DO NOTHING
"""
_OPEN_TEXT = {True: _OPEN.format(lock=""), False: _OPEN.format(lock=" FOR SHARE")}


def _open(resident_id: str, code: str) -> None:
    sql.run(_OPEN_TEXT[db.is_sqlite()], (code, resident_id))


@transaction
def open_to(resident_id: str, code: str, *, actor: Actor, now: datetime) -> str:
    """Let a unit's desk, or a department's handlers, read the resident: a case lies there now."""
    _open(resident_id, code)
    return resident_id


@transaction
def take_up(resident_id: str, unit_code: str, *, actor: Actor, now: datetime) -> str:
    """Take a known resident's matter to a unit; NotFound beyond the reach of an exact look-up."""
    residents.within_reach(resident_id, actor)
    _open(resident_id, unit_code)
    return resident_id


@transaction
def edit(resident_id: str, changes: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Change what stands of a resident, numbers included; 409 where the township knows the ID number already."""
    row = residents.visible(resident_id, actor)
    versions.check_seen(row, actor)
    held = residents.opened(row) | {"name": row["name"], "takes_sms": bool(row["takes_sms"])}
    wanted = normal(changes, now)
    if not (held | wanted)["id_number"] and not (held | wanted)["phone"]:
        raise _nothing()
    changed = {name: value for name, value in wanted.items() if value != held[name]}
    if not changed:
        return resident_id
    if changed.get("id_number"):
        _check_alone(row, changed["id_number"])
    _write(row, changed, actor)
    ledger.record(
        "resident.edit", "resident", resident_id, scope=row["township_code"], fields=sorted(changed)
    )
    return resident_id


def _check_alone(row: dict[str, Any], number: str) -> None:
    """While keys are rotated the database cannot see that two rows have one number: we look."""
    if sql.value(_OTHER, (row["township_code"], *blinding.searched("id_number", number), row["id"])) is not None:
        raise DuplicateResident()


def normal(changes: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The changes as they would stand: numbers checked, and written in one way. Invalid names the field."""
    wanted = dict(changes)
    if wanted.get("id_number"):
        wanted["id_number"] = numbers.check_id_number(wanted["id_number"], clock.local_date(now))
    if wanted.get("phone"):
        wanted["phone"] = numbers.normal_phone(wanted["phone"])
    return wanted


_RENAME = "UPDATE resident_reader SET name = ?, pinyin = ?, initials = ? WHERE resident_id = ?"


def _write(row: dict[str, Any], changed: dict[str, Any], actor: Actor) -> None:
    values: dict[str, Any] = {}
    for name in ("id_number", "phone", "address"):
        if name in changed:
            values |= _sealed(row["id"], name, changed[name])
    if "takes_sms" in changed:
        values["takes_sms"] = changed["takes_sms"]
    if "name" in changed:
        values |= {"name": changed["name"], **_spoken(changed["name"])}
    try:
        done = sql.amend(Resident, row["id"], row["version"], **values)
    except IntegrityError as error:
        raise DuplicateResident() from error
    if not done:
        raise StaleVersion() if actor.call.if_match is not None else Conflict()
    if "name" in changed:
        sql.run(_RENAME, (values["name"], values["pinyin"], values["initials"], row["id"]))


@transaction
def view_in_full(resident_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Record that the actor looks at the numbers in full, and why; the view's id. TooMany."""
    row = residents.visible(resident_id, actor)
    view_id = spend_view(resident_id, actor=actor, now=now)
    ledger.record(
        "resident.full_view", "resident", resident_id, scope=row["township_code"],
        fields=("id_number", "phone", "address"), detail={"reason": reason, "view": view_id}, outcome=ledger.READ,
    )
    return view_id


@transaction
def spend_view(subject_id: str, *, actor: Actor, now: datetime) -> str:
    """Take one full view of a person's data (a resident's, an appointment's) from the actor's budget; its id.

    TooMany over 60 an hour or 300 a day. The account's row is held, so that views at the same
    moment cannot share the last of the budget. The caller enters it in the ledger.
    """
    if not db.is_sqlite():
        sql.execute("SELECT id FROM account WHERE id = ? FOR UPDATE", (actor.id,))
    span, most = full_view.BUDGETS[-1]
    wait = full_view.seconds_to_wait(residents.views_since(actor.id, now - span, most), now)
    if wait:
        raise TooMany(wait, "查看完整信息的次数已达上限", "The budget of full views is used up")
    view_id = ids.new(now)
    sql.insert(FullView, id=view_id, account_id=actor.id, resident_id=subject_id, viewed_at=now)
    return view_id


@transaction
def forget_views(*, actor: Actor, now: datetime) -> int:
    """Delete views that no budget and no replay counts any more; the ledger keeps them for good."""
    before = clock.to_micros(now - timedelta(days=181))
    return sql.run("DELETE FROM full_view WHERE viewed_at < ?", (before,))
