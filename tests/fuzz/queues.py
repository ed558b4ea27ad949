"""A waiting list and blocks for no-shows, in the state that an operation wants."""
import itertools
from typing import Any

from tests import cast
from tests.appointments import stored

UNITS = (cast.TOWNSHIP, cast.TOWNSHIP, cast.VILLAGE)
_serials = itertools.count(1)


def wish(known: Any, chance: Any) -> dict[str, Any]:
    """A wait of a person of its own."""
    phone = f"1{3900000000 + next(_serials):010d}"
    return {
        "unit_code": cast.TOWNSHIP, "service": "general", "date": chance.choice(("2026-02-13", "2026-02-24")),
        "from": "09:00", "to": chance.choice(("10:00", "11:30")), "person": {"name": "王桂香", "phone": phone},
    }


def renew(known: Any, path: str) -> None:
    """Fresh entries and blocks that the operation at ``path`` can be done to."""
    offered = "offered" if path.endswith("/acceptance") else "waiting"
    known.values["waiting_id"] = [
        stored.entry(code, offered, **({"offered_id": f"none-{next(_serials)}"} if offered == "offered" else {}))
        for code in UNITS
    ]
    appealed = {"appeal": "住院", "appealed_by": "none"} if path.endswith("/decision") else {}
    state = "appealed" if appealed else "standing"
    known.values["block_id"] = [stored.block(code, state, **appealed) for code in UNITS]
