"""Taking a paper register in: checked line by line first, written in one go once it is confirmed."""
from collections import Counter
from datetime import date, datetime
from itertools import islice
from typing import Any

import orjson

from backend.core import clock, ids, ledger, moves, secrets, sheets, sql, versions, workbooks
from backend.core.actor import Actor
from backend.core.problems import Conflict, StaleVersion
from backend.core.transaction import transaction
from backend.errands import rules
from backend.errands.models import Errand, ErrandNote, PaperErrand, RegisterImport, RegisterImportPart, State
from backend.errands.queries import imports
from backend.errands.rules import numbers, register
from backend.org import rules as tree
from backend.people.actions import residents

PAPER = "paper"
"""The channel of what came by a paper register, and how its mandate was given."""
LINES_A_PART = 250
_SERIALS = """
INSERT INTO number_series (tail, day_on, last) VALUES (?, ?, ?)
ON CONFLICT (tail, day_on) DO UPDATE SET last = number_series.last + excluded.last RETURNING last
"""


def check(data: bytes, *, actor: Actor, now: datetime) -> str:
    """Read a register and say what is wrong with each line; nothing but the import itself is written.

    The import's id. NotAWorkbook, UnsafeWorkbook, TooMany.
    """
    with sheets.turn():
        known = imports.known(actor, now)
        read = register.read(islice(workbooks.rows(data), register.MOST_LINES + 2), known)
    register.mark_taken(read, imports.taken(register.numbers_of(read.lines)))
    return _enter(read, actor=actor, now=now)


@transaction
def _enter(read: register.Reading, *, actor: Actor, now: datetime) -> str:
    """Keep the report, and the lines, sealed, where all of them are right."""
    import_id, unit_code = ids.new(now), actor.unit_code or ""
    counts = {"line_count": read.count, "error_count": len(read.errors), "warning_count": len(read.warnings)}
    told = {"errors": read.errors, "warnings": read.warnings}
    report = {name: [[f.line, f.column, *f.told] for f in told[name][: register.MOST_TOLD]] for name in told}
    sql.insert(
        RegisterImport, id=import_id, unit_code=unit_code, account_id=actor.id, state=register.CHECKED,
        report=report, made_at=now, **counts,
    )
    if not read.errors:
        sql.insert_many(RegisterImportPart, list(_sealed(import_id, read.lines)))
    ledger.record("register.check", "register_import", import_id, scope=unit_code, fields=("state",), detail=counts)
    return import_id


def _sealed(import_id: str, lines: list[dict[str, Any]]) -> Any:
    for position, start in enumerate(range(0, len(lines), LINES_A_PART)):
        key = f"{import_id}:{position}"
        text = orjson.dumps(lines[start : start + LINES_A_PART]).decode()
        sealed = secrets.seal(text, f"register_import_part|sealed|{key}")
        yield {"id": key, "import_id": import_id, "position": position, "sealed": sealed}


@transaction
def confirm(import_id: str, *, actor: Actor, now: datetime) -> str:
    """Write all lines of a checked import as finished errands, or none; the import's id.

    They start no clock, tell nobody and are never late: what was due stands with what was on paper.
    """
    found = imports.row(import_id, actor, lock=True)
    state = moves.move(register.MOVES, found["state"], "confirm", register.STATE_NAMES)
    register.check_confirmable(found["error_count"], found["made_at"], now)
    versions.check_seen(found, actor)
    lines = imports.lines(import_id)
    if imports.taken(register.numbers_of(lines)):
        raise register.AlreadyImported()
    values = {"state": state, "confirmed_at": now, "confirmed_by": actor.id}
    if not sql.amend(RegisterImport, import_id, found["version"], **values):
        raise StaleVersion() if actor.call.if_match is not None else Conflict()
    _write(lines, found, actor, now)
    _forget_lines(import_id)
    ledger.record(
        "register.confirm", "register_import", import_id, scope=found["unit_code"], fields=("state",),
        detail={"lines": len(lines)},
    )
    return import_id


def _forget_lines(import_id: str) -> None:
    sql.execute("DELETE FROM register_import_part WHERE import_id = ?", (import_id,))


def _write(lines: list[dict[str, Any]], found: dict[str, Any], actor: Actor, now: datetime) -> None:
    versions, given = imports.versions(), _numbers(lines)
    people: dict[tuple[str, str, str], str] = {}
    errands, papers, notes = [], [], []
    for line, number in zip(lines, given):
        errand = _errand(line, number, found["account_id"], versions[line["item_code"]])
        errand["resident_id"] = _resident(line, people, actor, now)
        errands.append(errand)
        papers.append(_paper(line, errand["id"], found["id"]))
        if line["remark"]:
            notes.append({"id": ids.new(now), "errand_id": errand["id"], "account_id": found["account_id"],
                          "text": line["remark"], "made_at": now})
        _record(line, errand, found["id"])
    sql.insert_many(Errand, errands)
    sql.insert_many(PaperErrand, papers)
    sql.insert_many(ErrandNote, notes)


def _numbers(lines: list[dict[str, Any]]) -> list[str]:
    """A number of ours for each line, of the series of its unit's tail and its day of receipt."""
    places = [(numbers.tail_of(line["unit_code"]), line["received_on"]) for line in lines]
    last = {
        (tail, day): sql.value(_SERIALS, (tail, day, count)) - count
        for (tail, day), count in sorted(Counter(places).items())
    }
    found = []
    for line, place in zip(lines, places):
        last[place] += 1
        found.append(numbers.number(line["unit_code"], date.fromisoformat(place[1]), last[place]))
    return found


def _errand(
    line: dict[str, Any], number: str, importer: str, versions: list[tuple[int, str, str | None]]
) -> dict[str, Any]:
    received = clock.at_local(date.fromisoformat(line["received_on"]), 8, 30)
    finished = clock.at_local(date.fromisoformat(line["finished_on"]), 17, 30)
    unit_code = line["unit_code"]
    return {
        "id": ids.new(received), "number": number, "state": State.CLOSED, "outcome": line["outcome"],
        "item_code": line["item_code"], "item_number": register.version_on(versions, line["received_on"]),
        "unit_code": unit_code, "township_code": tree.township_of(unit_code),
        "district_code": tree.district_of(unit_code), "channel": PAPER,
        "first_receiver_id": line["first_receiver_id"] or importer, "agent_id": line["agent_id"] or importer,
        "mandate_given_by": PAPER, "mandate_expires_on": line["finished_on"], "received_at": received,
        "order_at": clock.NEVER, "acted_at": clock.NEVER, "finished_at": finished, "delivered_at": finished,
        "told_at": finished, "closed_at": finished, "result": line["result"], "received_by": line["received_by"],
        "delivery_method": rules.DELIVERY_METHODS[0] if line["received_by"] else None,
    }


def _resident(line: dict[str, Any], people: dict[tuple[str, str, str], str], actor: Actor, now: datetime) -> str:
    """The line's person; without an ID number the same name and phone are one person in one register."""
    township = tree.township_of(line["unit_code"])
    key = township, line["name"], line["id_number"] or line["phone"]
    if key not in people:
        people[key] = residents.register(
            township_code=township, name=line["name"], id_number=line["id_number"], phone=line["phone"],
            address=line["address"], unit_code=line["unit_code"], actor=actor, now=now,
        )
        return people[key]
    return residents.open_to(people[key], line["unit_code"], actor=actor, now=now)


_ON_PAPER = ("unit_code", "paper_number", "line", "due_on", "sent_up_on", "materials", "first_receiver", "agent",
             "rating")


def _paper(line: dict[str, Any], errand_id: str, import_id: str) -> dict[str, Any]:
    return {"errand_id": errand_id, "import_id": import_id} | {name: line[name] for name in _ON_PAPER}


def _record(line: dict[str, Any], errand: dict[str, Any], import_id: str) -> None:
    ledger.record(
        "errand.import", "errand", errand["id"], scope=errand["unit_code"], fields=("state", "number", "outcome"),
        happened_at=errand["received_at"],
        detail={
            "number": errand["number"], "paper_number": line["paper_number"], "line": line["line"],
            "import": import_id, "item": line["item_code"], "received_on": line["received_on"],
            "finished_on": line["finished_on"], "outcome": line["outcome"],
        },
    )


@transaction
def lapse(import_id: str, *, actor: Actor, now: datetime) -> int:
    """Forget the lines of an import that nobody confirmed within seven days; 1 where it was still to lapse."""
    text = "UPDATE register_import SET state = ?, version = version + 1 WHERE id = ? AND state = ?"
    if sql.run(text, (register.LAPSED, import_id, register.CHECKED)) == 0:
        return 0
    _forget_lines(import_id)
    ledger.record("register.lapse", "register_import", import_id, fields=("state",))
    return 1
