"""One thing of each kind that supervision keeps, all about 百花社区, for tables and fuzzers."""
from typing import Any

from backend.core import sql
from tests import cast
from tests.cast import Caller
from tests.supervision import calls

NOTICE = {"kind": "praise", "title": "表扬", "text": "服务周到", "about": [{"unit_code": cast.VILLAGE}]}


def made(supervisor: Caller, now: Any) -> dict[str, str]:
    """The ids by the names that the paths of the routes give them."""
    order = calls.order(supervisor)
    missed = calls.order(supervisor, due_on="2026-02-12")
    sql.execute("UPDATE supervision_order SET look_at = 0, due_at = 0 WHERE id = ?", (missed["id"],))
    calls.pass_by(now)
    matter = {
        "cycle": "weekly", "source": "decision", "what": "报台账", "quality": "齐全", "unit_codes": [cast.VILLAGE],
    }
    sent = {
        "matter_id": ("/standing-matters", matter),
        "entry_id": ("/watch-list", {"unit_code": cast.VILLAGE, "reason": "多次逾期"}),
        "paper_id": ("/notices", NOTICE),
        "case_id": ("/accountability-cases", {"unit_code": cast.VILLAGE, "facts": "窗口无人"}),
        "commitment_id": ("/commitments", {"unit_code": cast.VILLAGE, "text": "当日答复"}),
    }
    found = {name: supervisor.post(path, body) for name, (path, body) in sent.items()}
    assert {answer.status_code for answer in found.values()} == {201}, {n: a.json for n, a in found.items()}
    return {name: answer.json["id"] for name, answer in found.items()} | {
        "order_id": order["id"], "kind": "weekly", "period": "2026-W07",
        "fault_id": sql.value("SELECT id FROM supervision_finding ORDER BY detected_at DESC, id DESC LIMIT 1"),
    }
