"""Whose household it is: the resident's papers for a visit, and which errands belong to it."""
from collections.abc import Collection
from typing import Any

from backend.core import secrets, sql
from backend.core.actor import Actor
from backend.errands import rules as errands
from backend.errands.queries import scope

_RESIDENT = "SELECT id, id_number_sealed, address_sealed FROM resident WHERE id = ?"
_ERRANDS = """
SELECT e.id, e.state, e.resident_id, r.address_sealed FROM errand e JOIN resident r ON r.id = e.resident_id
WHERE e.id IN ({}) AND {}
"""


def resident(resident_id: str) -> tuple[str | None, str | None]:
    """ID number and address of a resident whom the caller has just registered or taken up."""
    row = sql.row(_RESIDENT, (resident_id,)) or {}
    sealed = row.get("id_number_sealed")
    number = None if sealed is None else secrets.unseal(sealed, f"resident|id_number|{resident_id}")
    return number, _address(resident_id, row.get("address_sealed"))


def of_household(errand_ids: Collection[str], resident_id: str, actor: Actor) -> bool:
    """Whether all of these are open errands that the actor sees, of this resident or of somebody at her address."""
    condition, params = scope.condition(actor)
    marks = ", ".join("?" * len(errand_ids))
    found = sql.rows(_ERRANDS.format(marks, condition), [*errand_ids, *params])
    if len(found) != len(errand_ids) or any(row["state"] in errands.OVER for row in found):
        return False
    others = [row for row in found if row["resident_id"] != resident_id]
    return not others or _all_at(resident(resident_id)[1], others)


def _all_at(address: str | None, others: list[dict[str, Any]]) -> bool:
    return address is not None and all(_address(row["resident_id"], row["address_sealed"]) == address for row in others)


def _address(resident_id: str, sealed: bytes | None) -> str | None:
    """An address without what people write differently each time; None where there is none."""
    text = "" if sealed is None else secrets.unseal(sealed, f"resident|address|{resident_id}")
    return "".join(text.split()) or None
