"""Keeping the departments that the catalogue names."""
from datetime import datetime

from backend.core import ledger, sql
from backend.core.actor import Actor
from backend.core.problems import Conflict
from backend.core.transaction import transaction
from backend.org import queries
from backend.org.models import Department


@transaction
def ensure(code: str, name: str, *, sample: bool, actor: Actor, now: datetime) -> str:
    """Have a department of that code and name; its code. A real one never becomes a sample."""
    row = queries.department(code)
    if row is None:
        sql.insert(Department, code=code, name=name, sample=sample, version=1)
        ledger.record("department.add", "department", code, fields=("name",), detail={"name": name})
        return code
    changed = {"name": name} if row["name"] != name else {}
    if row["sample"] and not sample:
        changed["sample"] = False
    if changed:
        if not sql.amend(Department, code, row["version"], **changed):
            raise Conflict()
        ledger.record("department.change", "department", code, fields=changed, detail=changed)
    return code
