"""A resident rates, once; of a low rating her township is told at once, and rings (rules 10.3)."""
from datetime import datetime
from typing import Any

from backend.core import ids, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.org import rules as tree
from backend.voice.actions import rectifying
from backend.voice.models import Rating, RatingSlip
from backend.voice.queries import rectifications, slips
from backend.voice.rules import ratings as rules

SUBJECT = "rating"
_PLACE = """
INSERT INTO rating_tally (unit_code, last) VALUES (?, 1)
ON CONFLICT (unit_code) DO UPDATE SET last = rating_tally.last + 1 RETURNING last
"""


@transaction
def give(token: str, *, level: int, comment: str | None = None, actor: Actor, now: datetime) -> str:
    """Rate an errand by the token of its slip; the rating's id.

    NotFound for no token of ours; OwnWork where the caller's sign-in is that of who is rated; AlreadyRated once it
    was used, SlipExpired where another took its place or its time is over.
    """
    slip = slips.of_token(token, lock=True)
    if slip is None:
        raise rules.unknown()
    rules.check_not_own(actor.id, slip["agent_id"], slip["present_agent_id"])
    if slip["state"] == rules.USED:
        raise rules.AlreadyRated()
    if slip["state"] != rules.OPEN or slip["expires_at"] <= now:
        raise rules.SlipExpired()
    rating = _rating(slip, level, comment, actor, now)
    if not sql.amend(RatingSlip, slip["id"], slip["version"], state=rules.USED, used_at=now):
        raise rules.AlreadyRated()
    sql.insert(Rating, **rating)
    ledger.record(
        "rating.give", SUBJECT, rating["id"], scope=rating["district_code"],
        detail={"errand_id": slip["errand_id"], "round": slip["round"], "level": level, "comment": comment},
    )
    if slip["round"] == rules.FOLLOW_UP:
        rectifying.follow_up(slip["errand_id"], level, actor=actor, now=now)
    elif rules.is_low(level):
        rectifying.begin(rating, slip["resident_id"], actor=actor, now=now)
    return str(rating["id"])


def _rating(slip: dict[str, Any], level: int, comment: str | None, actor: Actor, now: datetime) -> dict[str, Any]:
    rating_id, first = ids.new(now), slip["round"] == rules.FIRST
    place = sql.value(_PLACE, (slip["unit_code"],)) if first else 0
    return {
        "id": rating_id, "slip_id": slip["id"], "errand_id": slip["errand_id"], "round": slip["round"],
        "level": level, "comment_sealed": rectifications.sealed(SUBJECT, "comment", rating_id, comment),
        "channel": slip["channel"], "taken_by": actor.id if actor.signed_in else None,
        "unit_code": slip["unit_code"], "township_code": tree.township_of(slip["unit_code"]),
        "district_code": tree.district_of(slip["unit_code"]), "agent_id": slip["agent_id"], "place": place,
        "bundle": rules.bundle_of(place) if first else 0, "rated_at": now,
    }
