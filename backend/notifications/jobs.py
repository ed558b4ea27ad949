"""What the clock does with notices: it sends what is due, chases what stays silent, forgets what is over."""
import logging
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any

from backend.core import clock, logs
from backend.core.actor import Actor
from backend.notifications import rules
from backend.notifications.actions import channels, receipts, reminding, sending
from backend.notifications.queries import outbox
from backend.notifications.rules import outcomes, templates
from backend.notifications.rules.outcomes import Message, Outcome
from backend.people.queries import rosters
from backend.people.rules import rostering

log = logging.getLogger("daiban.notices")

AT_ONCE = {rules.RESIDENT: 6, rules.ACCOUNT: 4}
BEGINS_UNTIL = 4.0
ENDS_UNTIL = 11.0
"""Seconds of one run: until when it begins to send, and until when it waits for answers. A try takes five at most."""
BATCH = 500


def send(*, actor: Actor, now: datetime) -> int:
    """Send what is due, a few at a time, residents and staff apart; how many tries were settled.

    Threads only speak to gateways; this one leases and records. A run ends after some seconds whatever
    hangs, so that the other jobs keep their minute: what is still out then comes back when its lease ends.
    """
    begun = clock.monotonic()
    flying: dict[Future[Outcome], dict[str, Any]] = {}
    pool = ThreadPoolExecutor(sum(AT_ONCE.values()), thread_name_prefix="notices")
    settled = 0
    try:
        while True:
            spent = clock.monotonic() - begun
            at = now + timedelta(seconds=spent)
            more = spent < BEGINS_UNTIL and _take_off(pool, flying, actor, at)
            if not flying:
                if not more:
                    return settled
                continue
            done, _ = wait(flying, timeout=max(0.0, ENDS_UNTIL - spent), return_when=FIRST_COMPLETED)
            if not done:
                return settled
            for future in done:
                found = flying.pop(future)
                at = now + timedelta(seconds=clock.monotonic() - begun)
                name = channels.to(found["audience"]).name
                sending.settle(found["id"], found["version"], future.result(), name, actor=actor, now=at)
                settled += 1
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _take_off(
    pool: ThreadPoolExecutor, flying: dict[Future[Outcome], dict[str, Any]], actor: Actor, at: datetime
) -> bool:
    """Send off what is due and there is room for; whether anything was due."""
    seen = False
    for audience, most in AT_ONCE.items():
        free = most - sum(found["audience"] == audience for found in flying.values())
        if free > 0 and outbox.any_due(audience, clock.to_micros(at)):
            seen = True
            for found in sending.lease(audience, free, actor=actor, now=at):
                flying[pool.submit(_tried, found, at)] = found
    return seen


def _message(found: dict[str, Any], at: datetime) -> Message:
    chosen, values = templates.one(found["template"]), outbox.values(found)
    return Message(
        id=found["id"], template=chosen.code, audience=found["audience"], to=outbox.address(found),
        text=templates.text(chosen, values), at=at, params=tuple(templates.for_provider(chosen, values)),
    )


def _tried(found: dict[str, Any], at: datetime) -> Outcome:
    """One try; a fault of our own is a try of which nobody knows what became, and keeps no other notice back."""
    try:
        return channels.to(found["audience"]).send(_message(found, at))
    except Exception as error:
        log.error("a channel failed: %s", logs.told(error), exc_info=error)
        return Outcome(outcomes.UNCLEAR, "fault")


def chase(*, actor: Actor, now: datetime) -> int:
    """Open call tasks for notices that somebody relies on and that no receipt came for; how many."""
    count, kept_since = 0, clock.to_micros(now - rules.KEPT)
    while outbox.silent(clock.to_micros(now), kept_since, 1):
        count += sending.chase(actor=actor, now=now)
    return count


def remind_of_rosters(*, actor: Actor, now: datetime) -> int:
    """Tell each township, once a month, which rosters of the next month are not out in time; how many were told."""
    first = rostering.next_month(clock.local_date(now))
    if clock.local_date(now) < first - rostering.OUT_BEFORE:
        return 0
    late = rosters.unpublished(first)
    return sum(
        reminding.remind_of_rosters(township, names, first, actor=actor, now=now)
        for township, names in sorted(late.items())
    )


def purge(*, actor: Actor, now: datetime) -> int:
    """Blank numbers and words of notices that are long over, and forget old nonces; how many were blanked."""
    receipts.forget_nonces(actor=actor, now=now)
    count, kept_since = 0, clock.to_micros(now - rules.KEPT)
    while found := outbox.forgettable(clock.to_micros(now), kept_since, BATCH):
        count += sending.forget(found, actor=actor, now=now)
    return count
