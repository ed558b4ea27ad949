"""Giving cards: each rung of each clock once, when it has become true (rules 4).

Found by the job, or settled by the act that ends or stops a clock: whoever holds the clock's row decides.
"""
from datetime import datetime
from functools import lru_cache
from typing import Any

from backend.clocks import queries as calendars
from backend.clocks import rules
from backend.clocks.models import Card
from backend.clocks.queries import laying, running
from backend.clocks.queries.recipients import Recipient, Recipients
from backend.clocks.rules import cards, ladder
from backend.core import clock, ids, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import Conflict
from backend.core.transaction import transaction
from backend.org import rules as tree


@transaction
def give_due(clock_ids: list[str], recipients: Recipients, *, actor: Actor, now: datetime) -> int:
    """Give the cards of these clocks that are due now, those left out that somebody else acts on; how many."""
    found = running.crossed(clock_ids, now)
    before = {each["id"]: each["version"] for each in found}
    after = give(found, now, recipients)
    return sum(each["version"] != before[each["id"]] for each in after)


def give(found: list[dict[str, Any]], now: datetime, recipients: Recipients | None = None) -> list[dict[str, Any]]:
    """Give the cards that became true of clocks whose rows are held; the clocks as they are then.

    The moments are those of the present calendar, so that a date about to move gives no wrong card; the
    stored ones are left to the job that moves it.
    """
    recipients, present = recipients or Recipients(), calendars.present()
    given = laying.given([each["id"] for each in found])
    halts = _halts(found)
    recipients.know(each["account_id"] for each in found)
    made: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for each in found:
        stood = halts[each["subject_type"], each["subject_id"]]
        moments = laying.moments_of(each, laying.limit_of(each, stood, present), stood, present)
        if each["ended_at"] is None and not (stood and stood[-1].to_at is None):
            rungs = {rung.name: rung for rung in present.rungs_on(clock.local_date(each["started_at"]))}
            for name, moment in ladder.crossed(moments, given[each["id"]], now):
                closed = present.closed(each["unit_code"])
                delivered_at = rules.office_moment(present.calendar, now, closed)
                made.append(_card(each, name, moment, recipients.of(each, rungs[name]), delivered_at, now))
                given[each["id"]].add(name)
        upcoming = laying.next_at(each, stood, moments, given[each["id"]])
        changed.append(each | {"next_at": upcoming})
    _store(made)
    return _advance(found, changed)


def _halts(found: list[dict[str, Any]]) -> dict[tuple[str, str], list[rules.Halt]]:
    halts: dict[tuple[str, str], list[rules.Halt]] = {}
    for kind in {each["subject_type"] for each in found}:
        subjects = {each["subject_id"] for each in found if each["subject_type"] == kind}
        halts |= {(kind, subject_id): stood for subject_id, stood in running.halts(kind, *subjects).items()}
    return halts


def _card(
    found: dict[str, Any], rung: str, moment: datetime, to: list[Recipient], delivered_at: datetime, now: datetime
) -> dict[str, Any]:
    unit_code = found["unit_code"]
    return {
        "id": ids.new(now), "clock_id": found["id"], "rung": rung, "subject_type": found["subject_type"],
        "subject_id": found["subject_id"], "kind": found["kind"], "unit_code": unit_code,
        "township_code": tree.township_of(unit_code), "district_code": tree.district_of(unit_code),
        "department_code": found["department_code"], "effective_at": moment, "detected_at": now,
        "delivered_at": delivered_at, "post_code": to[0].code, "post": to[0].post, "account_id": to[0].account_id,
        "also_to": [each.told() for each in to[1:]], "pending_at": delivered_at, "state": cards.STANDING, "version": 1,
    }


def _store(made: list[dict[str, Any]]) -> None:
    """Write the cards and say so in the history of their subjects.

    That no rung is given twice rests on the database: a second one breaks the uniqueness of clock and
    rung, and the transaction with it.
    """
    sql.insert_many(Card, made)
    for card in made:
        ledger.record(
            "card.give", card["subject_type"], card["subject_id"], scope=card["unit_code"], outcome=card["rung"],
            happened_at=card["effective_at"],
            detail={
                "card_id": card["id"], "rung": card["rung"], "kind": card["kind"],
                "effective_at": clock.wire(card["effective_at"]), "detected_at": clock.wire(card["detected_at"]),
                "delivered_at": clock.wire(card["delivered_at"]),
                "to": [{"code": card["post_code"], "post": card["post"], "account_id": card["account_id"]},
                       *card["also_to"]],
            },
        )


@lru_cache(maxsize=128)
def _advancing(count: int) -> str:
    values = ", ".join(["(?, ?, ?)"] * count)
    return (
        f"WITH laid (id, version, next_at) AS (VALUES {values}) UPDATE clock SET next_at = laid.next_at, "
        "version = clock.version + 1 FROM laid WHERE clock.id = laid.id AND clock.version = laid.version"
    )


def _advance(found: list[dict[str, Any]], changed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write the next moment of each clock that has another one now; Conflict where a row was changed meanwhile."""
    moved = [new for old, new in zip(found, changed) if old["next_at"] != new["next_at"]]
    if moved:
        params = [part for each in moved for part in (each["id"], each["version"], clock.to_micros(each["next_at"]))]
        if sql.run(_advancing(len(moved)), params) != len(moved):
            raise Conflict()
    ahead = {each["id"] for each in moved}
    return [each | {"version": each["version"] + 1} if each["id"] in ahead else each for each in changed]
