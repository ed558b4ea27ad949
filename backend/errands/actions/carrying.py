"""Carrying an errand: papers, mandate, notes, the resident's trips, payments."""
from datetime import date, datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.errands import rules
from backend.errands.actions import row, timing
from backend.errands.models import ErrandNote, ErrandPayment, ErrandTrip
from backend.errands.queries import cases
from backend.errands.rules import papers as paperwork
from backend.files.actions import announcing

_UPDATE_PAPER = """
UPDATE errand_material SET received_at = ?, deferred_until_on = ?, undertaking_file_id = ?
WHERE errand_id = ? AND position = ?
"""
_ACTED = "UPDATE errand SET acted_at = ? WHERE id = ?"
PAYABLE = (rules.ACCEPTED, rules.SUSPENDED, rules.FORWARDED, rules.COMPLETED, rules.DELIVERED)


@transaction
def lay_papers(errand_id: str, *, materials: list[dict[str, Any]], actor: Actor, now: datetime) -> str:
    """Say which papers are there and which may come later, with an undertaking (rules 3.5)."""
    found = row.mandated(errand_id, actor, now)
    if found["state"] not in rules.UNFINISHED:
        raise rules.ErrandOver(state=found["state"])
    versions.check_seen(found, actor)
    papers = {paper["name"]: paper for paper in cases.papers(errand_id)}
    paperwork.told_papers(materials, papers.values())
    span = clock.local_date(now), _latest(found, now)
    for told in materials:
        _lay(papers[told["name"]], told, found, span, actor, now)
    row.change(found, actor, now)
    ledger.record(
        "errand.materials", "errand", errand_id, scope=found["unit_code"], fields=("materials",),
        detail={"materials": [{**told, "deferred_until": _iso(told.get("deferred_until"))} for told in materials]},
    )
    return errand_id


def _lay(
    paper: dict[str, Any], told: dict[str, Any], found: dict[str, Any], span: tuple[date, date],
    actor: Actor, now: datetime,
) -> None:
    until, file_id = told.get("deferred_until"), told.get("undertaking_file")
    paperwork.check_kept(paper, told["received"], until, found["state"])
    if until is not None and not told["received"]:
        paperwork.check_deferral(paper, until, span, file_id)
    if file_id is not None and not announcing.refer(file_id, ("errand", found["id"]), actor=actor, now=now):
        raise invalid("undertaking_file", "没有此文件", "No such file.")
    received = (paper["received_at"] or now) if told["received"] else None
    sql.execute(_UPDATE_PAPER, (
        None if received is None else clock.to_micros(received),
        None if received or until is None else until.isoformat(),
        file_id or paper["undertaking_file_id"], found["id"], paper["position"],
    ))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _latest(found: dict[str, Any], now: datetime) -> date:
    """The promised limit as a date: from acceptance, or as if it were accepted, or went on, now."""
    due_at = found["due_at"]
    if due_at is None and found["duty_at"]:
        due_at = timing.due_if_resumed(found, now)
    elif due_at is None:
        item = catalogue.version(found["item_code"], found["item_number"])
        due_at = timing.due_of(found, item, now)
    assert due_at is not None
    return clock.local_date(due_at)


@transaction
def renew_mandate(
    errand_id: str, *, given_by: str, expires_on: date, powers: str | None = None,
    file_id: str | None = None, actor: Actor, now: datetime,
) -> str:
    """Renew what the resident allowed, with its proof (rules 3.3)."""
    found = row.movable(errand_id, actor, now)
    if found["state"] in rules.OVER:
        raise rules.ErrandOver(state=found["state"])
    versions.check_seen(found, actor)
    if expires_on < clock.local_date(now):
        raise invalid("expires_on", "委托期限已过", "The mandate has already expired.")
    if file_id and not announcing.refer(file_id, ("errand", errand_id), actor=actor, now=now):
        raise invalid("file_id", "没有此文件", "No such file.")
    row.change(
        found, actor, now, mandate_given_by=given_by, mandate_expires_on=expires_on, mandate_powers=powers,
        mandate_file_id=file_id,
    )
    ledger.record(
        "errand.mandate", "errand", errand_id, scope=found["unit_code"], fields=("mandate",),
        detail={"given_by": given_by, "expires_on": expires_on.isoformat(), "powers": powers},
    )
    return errand_id


@transaction
def note(errand_id: str, *, text: str, actor: Actor, now: datetime) -> list[str]:
    """Add a remark; anyone of the unit may. The references of errand and note."""
    found = row.unfinished(errand_id, actor)
    versions.check_seen(found, actor)
    note_id = ids.new(now)
    sql.insert(
        ErrandNote, id=note_id, errand_id=errand_id, account_id=actor.id, text=text, made_at=now
    )
    sql.execute(_ACTED, (clock.to_micros(now), errand_id))
    ledger.record("errand.note", "errand", errand_id, scope=found["unit_code"], detail={"text": text})
    return [errand_id, note_id]


@transaction
def trip(errand_id: str, *, made_on: date, where: str, actor: Actor, now: datetime) -> list[str]:
    """Count a trip that the resident had to make; the target is at most one (rules 3.10)."""
    found = row.unfinished(errand_id, actor)
    versions.check_seen(found, actor)
    if made_on > clock.local_date(now):
        raise invalid("made_on", "日期不能晚于今天", "Not later than today.")
    trip_id = ids.new(now)
    sql.insert(
        ErrandTrip, id=trip_id, errand_id=errand_id, account_id=actor.id, made_on=made_on, place=where,
        made_at=now,
    )
    row.change(found, actor, now, trips=found["trips"] + 1)
    ledger.record(
        "errand.trip", "errand", errand_id, scope=found["unit_code"], fields=("trips",),
        detail={"made_on": made_on.isoformat(), "where": where},
    )
    return [errand_id, trip_id]


@transaction
def pay(
    errand_id: str, *, amount_fen: int, receipt_number: str | None = None, actor: Actor, now: datetime
) -> list[str]:
    """Record a payment of the published charge; each has a receipt number (rules 2.3)."""
    found = row.mandated(errand_id, actor, now)
    if found["state"] not in PAYABLE:
        raise rules.NotPayable(state=found["state"])
    item = catalogue.version(found["item_code"], found["item_number"])
    charged = item["fee"]["charged_fen"]
    rules.check_payment(found["paid_fen"], amount_fen, charged, found["quantity"])
    versions.check_seen(found, actor)
    payment_id = ids.new(now)
    receipt = receipt_number or f"{found['number']}-P{found['version']}"
    sql.insert(
        ErrandPayment, id=payment_id, errand_id=errand_id, account_id=actor.id, amount_fen=amount_fen,
        receipt_number=receipt, made_at=now,
    )
    row.change(found, actor, now, paid_fen=found["paid_fen"] + amount_fen)
    ledger.record(
        "errand.pay", "errand", errand_id, scope=found["unit_code"], fields=("paid_fen",),
        detail={"amount_fen": amount_fen, "receipt_number": receipt},
    )
    return [errand_id, payment_id]
