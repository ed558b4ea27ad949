"""The outbox: a notice is written in the transaction of what it tells; a job sends it later."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from backend.core import clock, ids, ledger, secrets, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict
from backend.core.transaction import transaction
from backend.notifications import rules
from backend.notifications.actions import calls, channels
from backend.notifications.models import Notice
from backend.notifications.queries import outbox, reading
from backend.notifications.rules import templates
from backend.org import rules as tree
from backend.people import queries as people

_COLUMNS = (
    "id", "template", "dedupe", "audience", "recipient_id", "subject_type", "subject_id", "subject_number",
    "unit_code", "district_code", "address_sealed", "values_sealed", "at_most_once", "not_before_at",
    "not_after_at", "next_at", "made_at",
)
RESIDENTS_OWN = "the resident's own"
"""The ``phone`` of a notice to a resident: the mobile that stands in her row."""
_INSERT = (
    f"INSERT INTO notice ({', '.join(_COLUMNS)}, state, failures, version) "
    f"VALUES ({', '.join('?' * len(_COLUMNS))}, '{rules.WAITING}', 0, 1) ON CONFLICT DO NOTHING"
)


@transaction
def post(
    template: str, *, to: str, subject_type: str, subject_id: str, unit_code: str, values: Mapping[str, Any],
    dedupe: str, at_most_once: bool | None = None, not_before: datetime | None = None,
    not_after: datetime | None = None, phone: str | None = RESIDENTS_OWN, actor: Actor, now: datetime,
) -> str | None:
    """Put a notice into the outbox, in the running transaction; its id.

    None where ``dedupe`` was posted before (nothing happens then), or where the resident takes no text
    messages: a call task of the unit is opened at once in its place, if the template must arrive.

    ``template`` is a name of ``rules.templates``, which says whether ``to`` is a resident's or an
    account's id, which ``values`` are needed (words, numbers, dates, instants, lists of words; a value
    ``number`` is what people call the subject), and whether the night is respected. ``dedupe`` is a text
    of at most 160 characters that is the same whenever the same thing is told again and holds nothing
    personal: ``errand:{id}:accepted``, ``card:{id}:{account}``. ``at_most_once`` None: as the template
    has it. It is not sent before ``not_before`` (a card at the next opening), and neither sent nor
    counted from ``not_after`` on. ``unit_code`` is the unit that answers for it, and that rings.
    ``phone`` is for a person who need not be a resident in our books: her mobile, or None where no text message
    goes; ``to`` is then her resident's id where she has a row, else the id of the subject itself.
    ValueError for an unknown template or a value that lacks: a fault of the caller's.
    """
    chosen = templates.one(template)
    words = templates.given(chosen, values)
    row = {
        "template": template, "dedupe": dedupe, "audience": chosen.audience, "recipient_id": to,
        "subject_type": subject_type, "subject_id": subject_id, "subject_number": words.get("number"),
        "unit_code": unit_code, "at_most_once": chosen.at_most_once if at_most_once is None else at_most_once,
    } | _moments(chosen, not_before, not_after, now)
    resident = chosen.audience == rules.RESIDENT
    if phone == RESIDENTS_OWN:
        phone = people.mobile_of(to) if resident else None
    notice_id = None
    if phone is not None or not resident:
        notice_id = _insert(row, phone, words, now)
        if notice_id is None:
            return None
    if resident and chosen.must_arrive and (phone is None or not channels.tells_residents()):
        _call(chosen, row, actor, now)
    return notice_id


def _moments(
    chosen: templates.Template, not_before: datetime | None, not_after: datetime | None, now: datetime
) -> dict[str, int | None]:
    first = rules.first_moment(now, not_before, sleeps=chosen.sleeps)
    return {
        "made_at": clock.to_micros(now), "not_before_at": clock.to_micros(not_before or now),
        "not_after_at": None if not_after is None else clock.to_micros(not_after),
        "next_at": clock.to_micros(first),
    }


def _insert(row: dict[str, Any], phone: str | None, words: dict[str, str], now: datetime) -> str | None:
    """The new notice's id; None where the dedupe key is known."""
    notice_id = ids.new(now)
    sealed = secrets.seal(orjson.dumps(words).decode(), outbox.VALUES + notice_id)
    values = row | {
        "id": notice_id, "district_code": tree.district_of(row["unit_code"]),
        "address_sealed": None if phone is None else secrets.seal(phone, outbox.ADDRESS + notice_id),
        "values_sealed": sealed,
    }
    if sql.run(_INSERT, [values[name] for name in _COLUMNS]) != 1:
        return None
    ledger.record(
        "notice.post", "notice", notice_id, scope=row["unit_code"],
        detail={name: row[name] for name in ("template", "recipient_id", "subject_type", "subject_id", "dedupe")},
    )
    return notice_id


def _call(chosen: templates.Template, row: dict[str, Any], actor: Actor, now: datetime) -> None:
    calls.open(
        subject_type=row["subject_type"], subject_id=row["subject_id"], subject_number=row["subject_number"],
        resident_id=calls.resident_in(row), unit_code=row["unit_code"], reason=chosen.reason,
        dedupe=f"notice:{row['dedupe']}", actor=actor, now=now,
    )


@transaction
def replay(notice_id: str, *, actor: Actor, now: datetime) -> str:
    """Try a dead letter again, as if it were new; an expired or unknown one never is."""
    found = reading.visible(notice_id, actor, lock=True)
    outbox.moved(found, "replay")
    versions.check_seen(found, actor)
    sleeps = templates.one(found["template"]).sleeps
    done = sql.amend(
        Notice, notice_id, found["version"], state=rules.WAITING, failures=0, first_at=None, ended_at=None,
        next_at=rules.first_moment(now, found["not_before_at"], sleeps=sleeps),
    )
    if not done:
        raise Conflict()
    ledger.record("notice.replay", "notice", notice_id, scope=found["unit_code"], fields=("state",))
    return notice_id


@transaction
def read(notice_id: str, *, actor: Actor, now: datetime) -> str:
    """Mark a notice of one's own as read; a second time changes nothing."""
    found = reading.own_row(notice_id, actor, now)
    if found["read_at"] is None:
        sql.run("UPDATE notice SET read_at = ? WHERE id = ? AND read_at IS NULL", (clock.to_micros(now), notice_id))
        ledger.record("notice.read", "notice", notice_id, scope=found["unit_code"], fields=("read_at",))
    return notice_id
