"""The register of errands as rows of a sheet: masked, within the actor's scope, read in batches.

One pass over one index (unit, day of receipt), whatever the filters: its entries are read for the
whole scope, rows only where the days asked for are.
"""
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from backend.catalogue import queries as catalogue
from backend.core import clock, secrets, sql
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.sheets import Column
from backend.errands import rules
from backend.errands.queries import scope
from backend.org import rules as tree
from backend.people.rules import numbers as masks

COLUMNS = (
    Column("编号", 24), Column("登记日期", 12), Column("委托人", 12), Column("联系电话", 15), Column("住址", 20),
    Column("办理事项", 26), Column("已收材料", 36), Column("首问责任人", 12), Column("代办员", 12),
    Column("应办结时间", 17), Column("上报日期", 12), Column("办结时间", 17), Column("办理结果", 30),
    Column("领取人", 12), Column("回访评价", 12), Column("备注", 36), Column("状态", 10), Column("办理机构", 18),
    Column("纸质台账编号", 18),
)
BATCH, MOST_ROWS, LONGEST_TEXT = 500, 200_000, 1000
OUTCOMES = {"granted": "准予", "refused": "不予批准", "returned": "退回", "advised": "已答复"}

Key = tuple[str, int, str]
_CHOSEN = """
SELECT e.id AS id FROM errand e WHERE e.unit_code <= ? AND {bound}{filters}
AND (e.unit_code, e.received_at, e.id) > (?, ?, ?) ORDER BY e.unit_code, e.received_at, e.id LIMIT {limit}
"""
_IN_ORDER = "SELECT " + ", ".join(
    f"set_config('enable_{way}', 'off', true)" for way in ("sort", "incremental_sort", "bitmapscan", "seqscan")
)
"""For the rest of the transaction PostgreSQL walks the index; guesses would have it sort all that is left each time."""
_ROWS = """
SELECT e.id, e.number, e.state, e.outcome, e.item_code, e.item_number, e.unit_code, e.resident_id, e.received_at,
       e.handed_in_at, e.due_at, e.finished_at, e.result, e.reason, e.received_by, r.name, r.phone_sealed,
       r.address_sealed, f.name AS first_receiver, a.name AS agent, u.name AS unit, p.paper_number, p.due_on,
       p.sent_up_on, p.materials, p.first_receiver AS paper_receiver, p.agent AS paper_agent, p.rating
FROM ({chosen}) AS chosen JOIN errand e ON e.id = chosen.id JOIN resident r ON r.id = e.resident_id
JOIN account f ON f.id = e.first_receiver_id JOIN account a ON a.id = e.agent_id
LEFT JOIN unit u ON u.code = e.unit_code LEFT JOIN paper_errand p ON p.errand_id = e.id
"""
_PARTS = {
    "papers": "SELECT errand_id, name FROM errand_material WHERE errand_id IN ({}) AND received_at IS NOT NULL "
              "ORDER BY errand_id, position",
    "notes": "SELECT errand_id, text FROM errand_note WHERE errand_id IN ({}) ORDER BY errand_id, id",
    "calls": "SELECT subject_id, CASE WHEN reached THEN '已回访' ELSE '未接通' END FROM call_task "
             "WHERE subject_type = 'errand' AND subject_id IN ({}) AND called_at IS NOT NULL ORDER BY called_at",
}

_SENT_UP = """
SELECT errand_id, min(made_at) FROM forwarding WHERE errand_id IN ({}) AND state <> 'recalled' GROUP BY errand_id
"""
"""When an errand first went to a department, not counting what was recalled as a mistake."""


def size(query: dict[str, Any], *, actor: Actor) -> int:
    """How many errands the register would hold; Invalid above what one workbook gets."""
    text, params, first = _chosen(query, actor, MOST_ROWS + 1)
    found = int(sql.value(f"SELECT count(*) FROM ({text}) AS chosen", [*params, *first]))
    if found > MOST_ROWS:
        raise invalid(
            "from", f"超过 {MOST_ROWS} 件，请缩小日期或机构范围", f"More than {MOST_ROWS} errands; ask for fewer days."
        )
    return found


def rows(query: dict[str, Any], *, actor: Actor) -> Iterator[tuple[Any, ...]]:
    """The register's rows by unit, day of receipt and id, in the order of COLUMNS.

    At most six statements for each BATCH; within a snapshot all are of one moment.
    """
    if sql.on_postgresql():
        sql.execute(_IN_ORDER)
    chosen, params, key = _chosen(query, actor, BATCH)
    text = _ROWS.format(chosen=chosen)
    while found := sql.plain(text, [*params, *key]):
        found.sort(key=_key)
        yield from _shown(found)
        if len(found) < BATCH:
            return
        key = _key(found[-1])


def _key(found: dict[str, Any]) -> Key:
    return found["unit_code"], found["received_at"], found["id"]


def _chosen(query: dict[str, Any], actor: Actor, limit: int) -> tuple[str, list[Any], Key]:
    """The ids of the scope's errands after a key, and the key before the first.

    The key alone bounds the index from below, so that each batch begins where the last one ended;
    ``|| ''`` leaves no choice of another index.
    """
    own, code = scope.column(actor)
    bound, reach = scope.condition(actor) if own == scope.DESK else (f"e.{own} || '' = ?", [code])
    first, last = (code, code) if own == "unit_code" else tree.subtree(scope.root(actor))
    asked: Sequence[str] = query["unit_code"]
    if len(asked) == 1:
        first, last = max(first, asked[0]), min(last, asked[0])
    filters, params = "", [last, *reach]
    for column, values in (("unit_code", asked), ("state", _states(query))):
        if values:
            filters += f" AND e.{column} || '' IN ({', '.join('?' * len(values))})"
            params += values
    since, until = days(query)
    if since is not None:
        filters += " AND e.received_at >= ?"
        params.append(clock.to_micros(clock.at_local(since, 0)))
    if until is not None:
        filters += " AND e.received_at < ?"
        params.append(clock.to_micros(clock.at_local(until + timedelta(days=1), 0)))
    return _CHOSEN.format(bound=bound, filters=filters, limit=limit), params, (first, 0, "")


def days(query: dict[str, Any]) -> tuple[date | None, date | None]:
    """The first and last day of receipt asked for; Invalid where they are the wrong way round."""
    since, until = query["from"], query["to"]
    if since and until and until < since:
        raise invalid("to", "不得早于起始日期", "Not before `from`.")
    return since, until


def _states(query: dict[str, Any]) -> list[str]:
    asked = list(dict.fromkeys(query["state"]))
    return [] if "all" in asked else asked


def _shown(batch: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    ids = [found["id"] for found in batch]
    marks = ", ".join("?" * BATCH)
    padded = ids + ids[-1:] * (BATCH - len(ids))
    parts = {name: _joined(text.format(marks), padded) for name, text in _PARTS.items()}
    sent_up = dict(sql.execute(_SENT_UP.format(marks), padded).fetchall())
    items = catalogue.versions((found["item_code"], found["item_number"]) for found in batch)
    for found in batch:
        errand_id = found["id"]
        yield (
            found["number"], clock.local_date(clock.from_micros(found["received_at"])), found["name"],
            _masked(found, "phone", secrets.mask_phone), _masked(found, "address", masks.mask_address),
            items[found["item_code"], found["item_number"]]["name"],
            found["materials"] or parts["papers"].get(errand_id),
            found["paper_receiver"] or found["first_receiver"], found["paper_agent"] or found["agent"],
            _moment(found["due_at"]) or _day(found["due_on"]), _sent_up(found, sent_up.get(errand_id)),
            _finished(found), _result(found), found["received_by"], found["rating"] or parts["calls"].get(errand_id),
            parts["notes"].get(errand_id), rules.STATE_NAMES[found["state"]].zh, found["unit"] or found["unit_code"],
            found["paper_number"],
        )


def _joined(text: str, ids: list[str]) -> dict[str, str]:
    told: dict[str, list[str]] = {}
    for errand_id, part in sql.execute(text, ids).fetchall():
        told.setdefault(errand_id, []).append(part)
    return {errand_id: "；".join(parts)[:LONGEST_TEXT] for errand_id, parts in told.items()}


def _masked(found: dict[str, Any], name: str, mask: Any) -> str | None:
    sealed = found[f"{name}_sealed"]
    return None if sealed is None else mask(secrets.unseal(sealed, f"resident|{name}|{found['resident_id']}"))


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else clock.from_micros(micros)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _sent_up(found: dict[str, Any], forwarded_at: int | None) -> date | None:
    """The day on which it went to a department, else from the village to the township; of paper what stands there."""
    at = _moment(forwarded_at or found["handed_in_at"])
    return _day(found["sent_up_on"]) if at is None else clock.local_date(at)


def _finished(found: dict[str, Any]) -> date | datetime | None:
    """The moment; of a paper register only the day is known."""
    at = _moment(found["finished_at"])
    return clock.local_date(at) if at is not None and found["paper_number"] else at


def _result(found: dict[str, Any]) -> str | None:
    """The outcome and what was written of it; of paper what stands there."""
    if found["paper_number"]:
        return str(found["result"])
    parts = (OUTCOMES.get(found["outcome"]), found["result"], found["reason"])
    return "：".join(part for part in parts if part) or None
