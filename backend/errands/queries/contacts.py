"""Whom a resident rings about her errand: who answers for it, and the township above."""
from typing import Any

from backend.core import sql

_WHOM = """
SELECT a.name, a.phone, u.phone AS unit_phone, t.name AS office, t.phone AS office_phone
FROM account a LEFT JOIN unit u ON u.code = ? LEFT JOIN unit t ON t.code = ? WHERE a.id = ?
"""


def of(found: dict[str, Any]) -> dict[str, str]:
    """``contact`` and ``office`` of an errand in words, with a number where there is one; one statement."""
    row = sql.row(_WHOM, (found["unit_code"], found["township_code"], found["agent_id"])) or {}
    phone = row.get("phone") or row.get("unit_phone") or row.get("office_phone")
    return {
        "contact": _called(row.get("name") or "代办员", phone),
        "office": _called(row.get("office") or "乡镇街道", row.get("office_phone")),
    }


def _called(name: str, phone: str | None) -> str:
    return f"{name}（电话{phone}）" if phone else name
