"""Whom a matter of residents' voice reaches: never whom it concerns."""
from typing import Any

from backend.core import sql
from backend.core.actor import SUPERVISOR, TOWNSHIP
from backend.org import rules as tree
from backend.people.queries import posts

DUTY = "duty"
_OF_DISTRICT = """
SELECT id, role FROM account
WHERE unit_code = ? AND role IN ('supervisor', 'admin') AND disabled_at IS NULL AND approval_by IS NOT NULL
ORDER BY role DESC, id
"""


def keepers(code: str, besides: set[str | None]) -> list[str]:
    """The accounts that are told of a matter of this body.

    Of a township's: the first on the way up from its duty post who may act on it, and whom it does not concern. Of the
    district's, or where there is nobody: all supervisors; where the only one is concerned, the admins.
    """
    if tree.level_of(code) == "township":
        for _, holder in posts.line(code, DUTY):
            if holder["role"] in (TOWNSHIP, SUPERVISOR) and holder["id"] not in besides:
                return [str(holder["id"])]
    return supervisors(tree.district_of(code), besides)


def supervisors(district_code: str, besides: set[str | None]) -> list[str]:
    """The district's supervisors whom it does not concern; its admins where there is none."""
    found = [row for row in sql.plain(_OF_DISTRICT, (district_code,)) if row["id"] not in besides]
    chosen = [row["id"] for row in found if row["role"] == SUPERVISOR]
    return chosen or [row["id"] for row in found]


_ABOUT = """
SELECT id, name, role, unit_code FROM account WHERE id = ?
"""


def account(account_id: str | None) -> dict[str, Any] | None:
    """Id, name, role and unit of an account; None where there is none."""
    return None if account_id is None else sql.row(_ABOUT, (account_id,))
