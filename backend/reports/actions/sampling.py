"""A township of the sample district whose sites are under way, so that a newcomer sees a register."""
from datetime import datetime
from typing import Any

from backend.core import ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.org.actions import building
from backend.reports.models import Site
from backend.reports.queries import register
from backend.reports.rules import checklists, sites

_LAST = "SELECT max(code) FROM unit WHERE level = 'township'"
BUILT_FIRST = 3
STAGES = ("选址", "装修", "设备安装", "人员培训")


@transaction
def insert_samples(*, actor: Actor, now: datetime) -> int:
    """Enter the sites of the last township: its centre and some villages built, the others begun; how many."""
    township = sql.value(_LAST)
    entries = list(register.of_township(township).values()) if township else []
    rows = [_row(place, entry, now) for place, entry in enumerate(entries)]
    sql.insert_many(Site, rows)
    stands = {
        row["unit_code"]: (sites.PLANNED, sites.BUILT if row["percent"] == sites.WHOLE else sites.BUILDING)
        for row in rows
    }
    if stands:
        building.stand(stands, actor=actor, now=now)
    ledger.record("site.samples", "site", "samples", detail={"sites": len(rows)})
    return len(rows)


def _row(place: int, entry: dict[str, Any], now: datetime) -> dict[str, Any]:
    built, code = place < BUILT_FIRST, entry["unit_code"]
    checklist = checklists.SAMPLES[entry["level"]]
    passed = checklist.codes if built else checklist.codes[: place % len(checklist.codes)]
    return {
        "unit_code": code, "township_code": f"{code[:9]}000", "district_code": f"{code[:6]}000000",
        "stage": "已运行" if built else STAGES[place % len(STAGES)],
        "percent": sites.WHOLE if built else 20 + place % 7 * 10,
        "readiness": dict.fromkeys(passed, True), "onboarded": {"MZ": 3, "RS": 5} if built else {},
        "place": "党群服务中心一楼" if built else None, "staff": 2, "equipment": "电脑、高拍仪" if built else None,
        "agents_in_place": 1, "agents_trained": int(built), "planned_fen": 5_000_000,
        "spent_fen": 4_800_000 if built else 1_500_000, "checklist_number": checklist.number, "changed_at": now,
    }
