"""What the fuzzer knows of weekly reports: one that is filed, and one sent back."""
from typing import Any

from backend.core import sql
from tests import cast
from tests.conftest import START
from tests.reports import filed

REPORT = f"/weekly-reports/2026-W07/{cast.TOWNSHIP}"


def renew(known: Any, path: str) -> None:
    """A filed report, sent back where a clerk is to write on it; and its form."""
    asked = [{"text": "缺电脑", "asked_of": "MZ", "due_on": START.date()}]
    filed_already = sql.value("SELECT count(*) FROM report WHERE week = '2026-W07' AND revisions > 0")
    if filed_already:
        sql.execute("UPDATE report SET state = 'returned' WHERE week = '2026-W07'")
    if not filed_already or path.endswith(("/return", "/acceptance", "/corrections")):
        filed.file(cast.TOWNSHIP, "2026-W07", START, problems=asked, sites=None)
    if not filed_already:
        known.caller("office").put("/bulletins/2026-W06/issue")
    sql.execute("UPDATE report_problem SET state = 'open'")
    known.values["problem_id"] = [row["id"] for row in sql.plain("SELECT id FROM report_problem")]
    known.values["form"] = [known.caller("township").get(f"{REPORT}/form.xlsx").data]
