"""Rectifications within one's scope, with the rating that each began with; never shown to who was rated."""
from datetime import datetime
from typing import Any

from backend.core import clock, paging, secrets, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.people import queries as people
from backend.people.queries import history
from backend.voice.queries import scope, walking
from backend.voice.rules import rectifications as rules

SUBJECT = "rectification"
WHAT = {
    "rectification.begin": "低分评价，启动回访和整改",
    "rectification.call": "回访群众",
    "rectification.plan": "明确整改目标、责任人、时限、质量",
    "rectification.finish": "整改完成",
    "rectification.follow_up": "复评",
    "rectification.close": "办结",
    "rectification.lapse": "到期未复评，自动办结",
    "rectification.drop": "申诉成立，终止整改",
    "rectification.appeal": "对评价提出申诉",
    "rectification.uphold": "申诉成立，不计入考核",
    "rectification.reject": "申诉不成立",
    "rectification.late": "逾期",
    "rectification.reproject": "日历变动，时限随之调整",
}


def row(rectification_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The row as stored, in the actor's scope and not about him; NotFound otherwise."""
    leading, others = scope.rectifications(actor), scope.not_rated(actor)
    suffix = sql.held(lock)
    found = sql.row(
        f"SELECT t.* FROM rectification t WHERE t.id = ? AND {leading.text} AND {others.text}{suffix}",
        [rectification_id, *leading.params, *others.params],
    )
    if found is None:
        raise NotFound()
    return found


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Rectifications of the actor's scope, open ones unless asked otherwise, what is due first; three statements."""
    filters = [scope.not_rated(actor), *walking.one_of("unit_code", query["unit_code"])]
    leading, filters = walking.led_by("errand_id", query["errand_id"], scope.rectifications(actor), filters)
    states = paging.states_of(query["state"], rules.STATES, rules.OPEN_STATES)
    part = walking.listed("rectifications", "rectification", leading, filters, states, query)
    return Page(_shown(part.items, now), part.next_cursor)


def one(rectification_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One rectification as shown."""
    return _shown([row(rectification_id, actor)], now)[0]


_BESIDE = """
SELECT r.id AS rectification_id, g.id AS rating_id, g.level, g.comment_sealed, g.channel, g.rated_at, g.excluded_at,
       e.number AS errand_number, a.state AS appeal_state, a.reason AS appeal_reason, a.answer AS appeal_answer
FROM rectification r JOIN rating g ON g.id = r.rating_id JOIN errand e ON e.id = r.errand_id
LEFT JOIN rating_appeal a ON a.rectification_id = r.id
WHERE r.id IN ({})
"""
_PLAIN = (
    "id", "errand_id", "unit_code", "state", "callback_due_at", "calls", "called_at", "due_at", "goal", "person",
    "promised_on", "quality", "done_at", "result", "follow_up_level", "ended_at", "version",
)


def _shown(found: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    if not found:
        return []
    text = _BESIDE.format(", ".join("?" * len(found)))
    beside = {one["rectification_id"]: one for one in sql.rows(text, [item["id"] for item in found])}
    residents = people.resident_summaries(item["resident_id"] for item in found)
    return [_one(item, beside[item["id"]], residents, now) for item in found]


def _one(
    found: dict[str, Any], beside: dict[str, Any], residents: dict[str, dict[str, Any]], now: datetime
) -> dict[str, Any]:
    appeal = {name: beside[f"appeal_{name}"] for name in ("state", "reason", "answer")}
    return {name: found[name] for name in _PLAIN} | {
        "errand_number": beside["errand_number"], "level": beside["level"], "channel": beside["channel"],
        "rated_at": beside["rated_at"], "provisional": bool(found["provisional"]),
        "comment": opened("rating", "comment", beside["rating_id"], beside["comment_sealed"]),
        "callback_note": opened(SUBJECT, "callback_note", found["id"], found["callback_note_sealed"]),
        "resident": residents[found["resident_id"]], "excluded": beside["excluded_at"] is not None,
        "appeal": appeal if beside["appeal_state"] else None, "overdue": is_overdue(found, now),
    }


def is_overdue(found: dict[str, Any], now: datetime) -> bool:
    """Whether the call or the rectification is late now; exactly at the moment is still in time."""
    return found["state"] in rules.RUNNING and found["order_at"] < now


def opened(table: str, name: str, row_id: str, blob: bytes | None) -> str | None:
    """A sealed text of a row; None where there is none."""
    return None if blob is None else secrets.unseal(bytes(blob), f"{table}|{name}|{row_id}")


def sealed(table: str, name: str, row_id: str, text: str | None) -> bytes | None:
    """A text as a row holds it."""
    return None if text is None else secrets.seal(text, f"{table}|{name}|{row_id}")


def events(rectification_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The rectification's history in order."""
    row(rectification_id, actor)
    return history.page(SUBJECT, rectification_id, WHAT, query)


_STALE = """
SELECT id FROM rectification WHERE state IN ('open', 'planned', 'unresolved') AND stamp <> ? AND id > ?
ORDER BY id LIMIT ?
"""
_OVER = "SELECT id FROM rectification WHERE state = 'done' AND order_at < ? ORDER BY order_at, id LIMIT ?"
_LATE = """
SELECT t.id FROM rectification t WHERE t.state IN ('open', 'planned', 'unresolved') AND t.order_at < ? AND (
    t.called_at IS NULL AND t.calls < ? AND t.callback_due_at < ? AND NOT EXISTS (SELECT 1 FROM voice_lapse v
        WHERE v.subject_type = 'rectification' AND v.subject_id = t.id AND v.kind = 'callback')
    OR t.due_at < ? AND NOT EXISTS (SELECT 1 FROM voice_lapse v
        WHERE v.subject_type = 'rectification' AND v.subject_id = t.id AND v.kind = 'rectify')
) ORDER BY t.order_at, t.id LIMIT ?
"""


def stale(stamp: int, after: str, limit: int) -> list[str]:
    """Those whose due moments were laid by another calendar than the present."""
    return [row_id for (row_id,) in sql.execute(_STALE, (stamp, after, limit)).fetchall()]


def run_out(now: datetime, limit: int) -> list[str]:
    """Those done whose follow-up rating nobody gave in its time."""
    return [row_id for (row_id,) in sql.execute(_OVER, (clock.to_micros(now), limit)).fetchall()]


def late(now: datetime, limit: int) -> list[str]:
    """Those that let a moment pass of which nobody was told yet."""
    at = clock.to_micros(now)
    found = sql.execute(_LATE, (at, rules.MOST_CALLS, at, at, limit)).fetchall()
    return [row_id for (row_id,) in found]


def any_row(rectification_id: str) -> dict[str, Any] | None:
    """The row as stored, locked, for the product's own acts."""
    suffix = sql.held()
    return sql.row(f"SELECT * FROM rectification WHERE id = ?{suffix}", (rectification_id,))


def of_errand(errand_id: str) -> dict[str, Any] | None:
    """The rectification of an errand, locked; None where there is none."""
    suffix = sql.held()
    return sql.row(f"SELECT * FROM rectification WHERE errand_id = ?{suffix}", (errand_id,))
