"""Notices as people see them: one's own, and the outbox for those who keep the installation."""
from datetime import datetime
from typing import Any

from backend.core import clock, secrets, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, states_of, values_of
from backend.core.problems import NotFound
from backend.notifications import rules
from backend.notifications.queries import outbox, walking
from backend.notifications.rules import templates
from backend.org.rules import scope

_OWN = "SELECT * FROM notice WHERE recipient_id = ? AND audience = 'account' AND not_before_at <= ?"
_ONE = "SELECT * FROM notice WHERE id = ? AND district_code = ?"

kept_from: dict[str, str] = {}
"""By kind of subject: when its notices are kept from somebody, whatever his role, because they concern him.

A condition on ``notice``, of which each parameter is his account's id.
"""


def keep_from(subject_type: str, condition: str) -> None:
    """Keep the notices of a kind of subject from whom they concern; done once, where its capability is imported."""
    kept_from[subject_type] = condition


def _not_his(actor: Actor) -> tuple[str, list[Any]]:
    texts = [f"NOT (notice.subject_type = '{kind}' AND {text})" for kind, text in sorted(kept_from.items())]
    condition = " AND ".join(texts) or "1 = 1"
    return condition, [actor.id] * condition.count("?")


def own_row(notice_id: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """A notice to this very account whose time has come; NotFound otherwise."""
    found = sql.row(f"{_OWN} AND id = ?", (actor.id, clock.to_micros(now), notice_id))
    if found is None:
        raise NotFound()
    return found


def own(notice_id: str, *, english: bool, actor: Actor, now: datetime) -> dict[str, Any]:
    """One of one's own notices, in words."""
    found = own_row(notice_id, actor, now)
    return _mine(found, english) | {"_etag": found["version"]}


def inbox(query: dict[str, Any], *, english: bool, actor: Actor, now: datetime) -> Page:
    """One's own notices, the newest first; ``unread``: those not read yet."""
    text, params = _OWN, [actor.id, clock.to_micros(now)]
    if query["unread"]:
        text += " AND read_at IS NULL"
    if query["cursor"]:
        text += " AND id < ?"
        params += values_of("inbox", query["cursor"])
    found = sql.rows(f"{text} ORDER BY id DESC LIMIT ?", [*params, query["limit"] + 1])
    shown = page("inbox", found, query["limit"], ("id",))
    return Page([_mine(item, english) for item in shown.items], shown.next_cursor)


def _mine(found: dict[str, Any], english: bool) -> dict[str, Any]:
    names = (
        "id", "template", "subject_type", "subject_id", "subject_number", "unit_code", "made_at", "read_at",
    )
    told = {name: found[name] for name in names}
    return told | {"text": outbox.wording(found, english=english)}


def visible(notice_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The raw row of a notice in the actor's district; NotFound for any other."""
    suffix = sql.held(lock)
    condition, params = _not_his(actor)
    found = sql.row(f"{_ONE} AND {condition}{suffix}", (notice_id, scope.district(actor), *params))
    if found is None:
        raise NotFound()
    return found


def shown(notice_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One notice as those see it who keep the outbox: numbers masked, its words left out."""
    return _listed(visible(notice_id, actor))


def listed(query: dict[str, Any], *, actor: Actor) -> Page:
    """Notices of the district, oldest first: what is waiting or dead, unless other states are asked for."""
    states = states_of(query["state"], rules.STATES, rules.OPEN_STATES)
    part = walking.listed(
        "notices", "SELECT * FROM notice", states, query, column="district_code", code=scope.district(actor),
        besides=_not_his(actor),
    )
    return Page([_listed(item) for item in part.items], part.next_cursor)


def _listed(found: dict[str, Any]) -> dict[str, Any]:
    names = (
        "id", "template", "state", "audience", "recipient_id", "subject_type", "subject_id", "subject_number",
        "unit_code", "channel", "provider_id", "failures", "trouble", "made_at", "not_before_at", "sent_at",
        "ended_at", "version",
    )
    sealed = found["address_sealed"]
    phone = None
    if sealed is not None:
        phone = secrets.masked(bytes(sealed), outbox.ADDRESS + found["id"], secrets.mask_phone)
    trying = found["state"] in (rules.WAITING, rules.SENDING)
    return {name: found[name] for name in names} | {
        "phone": phone, "at_most_once": bool(found["at_most_once"]), "expires_at": found["not_after_at"],
        "next_at": found["next_at"] if trying else None,
        "wording": templates.one(found["template"]).zh,
    }


def receipted(notice_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What the sender of a receipt is answered."""
    found = outbox.row(notice_id)
    if found is None:
        raise NotFound()
    return {"id": found["id"], "state": found["state"]}
