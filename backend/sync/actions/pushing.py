"""What phones push: strictly in order, one transaction each, every answer kept; a refusal blocks nothing behind it."""
import dataclasses
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from peewee import IntegrityError

from backend.core import db, sql, wire
from backend.core.actor import Actor, Call
from backend.core.problems import Conflict, Invalid, Problem, TooMany, Unavailable
from backend.core.transaction import transaction
from backend.sync.actions import devices, doing, feed, keeping
from backend.sync.queries import devices as held
from backend.sync.queries import results
from backend.sync.rules import devices as clocks
from backend.sync.rules import numbering, refusals
from backend.sync.rules.cursors import ResetRequired

log = logging.getLogger("daiban.sync")

TRIES = 3
_NEXT = "UPDATE sync_device SET next_n = ? WHERE id = ?"


class Refused(Exception):
    """What a phone did is refused; the transaction is rolled back and the refusal kept in another."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.slug)
        self.problem = problem


def push(given: dict[str, Any], *, actor: Actor, now: datetime) -> tuple[list[dict[str, Any]], int]:
    """Do a phone's mutations one after another; their results, and the number expected next.

    NotFound, DeviceRevoked, Invalid (numbers with a gap inside), OutOfOrder: nothing is done. Unavailable: what was
    done before stands, and is answered as a repeat when it comes again.
    """
    sent = given["mutations"]
    said = {name: given.get(name) for name in ("outbox_size", "rows")} | {"clock": _clock_of(given, now)}
    who = _speaking(actor, given["device_id"])
    next_n = devices.hear(given["device_id"], [each["n"] for each in sent], **said, actor=who, now=now)
    found = []
    for each in sent:
        who = _speaking(actor, given["device_id"])
        result = _one(given["device_id"], each, actor=who, now=now)
        if who.call.receipt is not None:
            actor.call.receipt = result["receipt"] = who.call.receipt
        found.append(result)
    return found, max(next_n, *(each["n"] + 1 for each in sent[-1:]), 1)


def _clock_of(given: dict[str, Any], now: datetime) -> datetime | None:
    """What the phone's clock says now: as it tells, or what it dates into our future; None where it tells nothing."""
    if given.get("sent_at") is not None:
        return cast(datetime, given["sent_at"])
    dated = [keeping.occurred(each) for each in given["mutations"]]
    return max((each for each in dated if clocks.is_from_the_future(each, now) and each is not None), default=None)


def since(cursor: str | None, *, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """The changes since the phone's cursor, for the answer of its push; None without one.

    What was pushed stands, whatever the cursor is worth: a cursor that is refused is answered as ``problem``.
    """
    if cursor is None:
        return None
    try:
        return feed.page(cursor, actor=dataclasses.replace(actor, call=Call()), now=now)
    except (ResetRequired, Invalid) as problem:
        told = {"changes": [], "cursor": None, "has_more": False, "server_time": now}
        return told | {"problem": refusals.kept(problem)}


def _speaking(actor: Actor, device_id: str) -> Actor:
    """The actor in a call of its own, whose entries in the ledger name the device."""
    return dataclasses.replace(actor, device=device_id, call=Call())


def _one(device_id: str, sent: dict[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    digest = wire.digest({name: value for name, value in sent.items() if name != "n"})
    for attempt in range(TRIES):
        try:
            try:
                return _do(device_id, sent, digest, actor=actor, now=now)
            except Refused as refused:
                problem = refused.problem
                if type(problem) is not Conflict or attempt == TRIES - 1:
                    return _refuse(device_id, sent, digest, problem, actor=actor, now=now)
        except IntegrityError:
            log.info("another phone of the account brought the same at this moment; it is looked up again")
    raise Unavailable()


@transaction
def _do(device_id: str, sent: dict[str, Any], digest: bytes, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Do one mutation and keep its answer, or answer a repeat. Refused carries what the action said."""
    device = held.own(device_id, actor, lock=True)
    before = _before(device, sent, digest)
    if before is not None:
        return before
    done = _guarded(lambda: doing.do(sent, actor=actor, now=now))
    answer = keeping.keep(device, sent, digest, done, actor=actor, now=now)
    _advance(device, sent)
    return answer


def _before(device: dict[str, Any], sent: dict[str, Any], digest: bytes) -> dict[str, Any] | None:
    """The answer to what came before, under this number or, from another device of the account, another one."""
    numbering.check_first(sent["n"], device["next_n"])
    known = results.before(device, sent, digest)
    if known.same is not None or sent["n"] <= device["forgotten_n"]:
        if sent["n"] == device["next_n"]:
            _advance(device, sent)
        return results.repeated(sent, known.same)
    if known.id_used:
        raise Refused(numbering.MutationReused())
    if sent["n"] < device["next_n"]:
        raise Refused(numbering.NumberReused())
    return None


def _advance(device: dict[str, Any], sent: dict[str, Any]) -> None:
    sql.execute(_NEXT, (sent["n"] + 1, device["id"]))


def _guarded(act: Callable[[], doing.Done]) -> doing.Done:
    """What the action does; its refusals, and its faults, are the mutation's own and block nothing behind it.

    A database that does not answer is no refusal: that goes through, and nothing is kept.
    """
    try:
        return act()
    except (Unavailable, TooMany):
        raise
    except Problem as problem:
        raise Refused(problem) from problem
    except IntegrityError as error:
        raise Refused(Conflict()) from error
    except Exception as error:
        if isinstance(error, db.FAULTS) and db.does_not_answer(error):
            raise
        log.exception("a phone's mutation failed")
        raise Refused(Problem()) from error


@transaction
def _refuse(
    device_id: str, sent: dict[str, Any], digest: bytes, problem: Problem, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Keep what was refused and why, where a person sees it; the number is used."""
    device = held.own(device_id, actor, lock=True)
    known = results.before(device, sent, digest)
    if known.same is not None:
        return results.repeated(sent, known.same)
    answer = keeping.keep_refused(device, sent, digest, problem, actor=actor, now=now)
    if sent["n"] == device["next_n"]:
        _advance(device, sent)
    return answer
