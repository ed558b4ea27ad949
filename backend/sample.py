"""The sample district that an empty database begins with: units, catalogue, accounts, some sites under way."""
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from backend.appointments.actions import offers
from backend.catalogue.actions import importing as catalogue_import
from backend.clocks import queries as clocks
from backend.clocks.actions import years
from backend.core import clock, sql
from backend.core.actor import Actor, system
from backend.core.calendar import REST
from backend.core.transaction import transaction
from backend.org import rules as tree
from backend.org.actions import importing as unit_import
from backend.people.actions import accounts, posts, rostering
from backend.people.rules import passwords
from backend.projects.actions import templates
from backend.reports.actions import sampling

FOLDER = Path(__file__).parent / "sample"


def load_calendar(now: datetime) -> None:
    """The official years shipped with the product, where they are missing."""
    years.load_official_years(actor=system("official-years"), now=now)


def load(name: str, password: str, now: datetime) -> bool:
    """Load the sample called ``name``, all of it or nothing; False where there is something already.

    Every account gets ``password`` and the mark of a sample.
    """
    return _load(name, passwords.hash_password(password), actor=system("sample"), now=now)


@transaction
def _load(name: str, password_hash: str, *, actor: Actor, now: datetime) -> bool:
    if not is_empty():
        return False
    unit_import.import_divisions(FOLDER / name / "divisions.csv", actor=actor, now=now)
    catalogue_import.import_catalogue(FOLDER / name / "service-items.json", actor=actor, now=now)
    templates.import_template(FOLDER / name / "project-template.json", actor=actor, now=now)
    accounts.insert_samples(_accounts(), password_hash, actor=actor, now=now)
    posts.insert_samples(_posts(), actor=actor, now=now)
    rostering.insert_samples(_rosters(clock.local_date(now)), actor=actor, now=now)
    for unit_code, body in orjson.loads((FOLDER / name / "booking-rules.json").read_bytes()).items():
        offers.begin(unit_code, body, actor=actor, now=now)
    sampling.insert_samples(actor=actor, now=now)
    return True


def is_empty() -> bool:
    """Whether nobody has put units or accounts into the database yet."""
    return not sql.value("SELECT count(*) FROM unit") and not sql.value("SELECT count(*) FROM account")


def _accounts() -> list[dict[str, Any]]:
    units = sql.rows("SELECT code, name, level FROM unit ORDER BY code")
    district = next(unit for unit in units if unit["level"] == "district")
    made = [
        _account(role.replace("_", "-"), name, role, district["code"])
        for role, name in (
            ("admin", "管理员"), ("office", "办公室"), ("supervisor", "督查员"), ("project_agent", "项目代办员"),
        )
    ]
    for unit in units:
        if unit["level"] == "township":
            made.append(_account(f"township-{unit['code']}", f"{unit['name']}管理员", "township", unit["code"]))
            made.append(_account(f"operator-{unit['code']}", f"{unit['name']}受理员", "operator", unit["code"]))
        elif unit["level"] == "village":
            made.append(_account(f"agent-{unit['code']}", f"{unit['name']}代办员", "agent", unit["code"]))
    departments = sql.rows("SELECT code, name FROM department ORDER BY code")
    return made + [
        _account(
            f"handler-{department['code']}", f"{department['name']}承办人", "handler", district["code"],
            department["code"],
        )
        for department in departments
    ]


def _posts() -> list[dict[str, Any]]:
    """A village's agent has both its posts, a township's office too; a department has somebody on duty."""
    made = []
    for account in sql.rows("SELECT id, role, unit_code, department_code FROM account ORDER BY id"):
        for post in _HELD.get(account["role"], ()):
            made.append({
                "district_code": tree.district_of(account["unit_code"]),
                "code": account["department_code"] or account["unit_code"], "post": post,
                "account_id": account["id"],
            })
    return made


def _rosters(today: date) -> list[dict[str, Any]]:
    """This month at the last township: a window for each of its two accounts, Saturday mornings, on call in turn."""
    code = sql.value("SELECT max(code) FROM unit WHERE level = 'township'")
    pair = [
        sql.value("SELECT id FROM account WHERE unit_code = ? AND role = ?", (code, role))
        for role in ("operator", "township")
    ]
    month, known = f"{today:%Y-%m}", clocks.calendar()
    first = today.replace(day=1)
    days = [first + timedelta(days=n) for n in range(31) if (first + timedelta(days=n)).month == first.month]
    shifts = []
    for day in days:
        if known.is_working(day):
            spans = (("08:30", "12:00", "duty"), ("14:00", "17:30", "duty"))
        else:
            spans = (("09:00", "11:30", "weekend"),) if known.kind(day) == REST and day.isoweekday() == 6 else ()
        shifts += [
            {
                "date": day, "account_id": pair[desk], "desk": str(desk + 1), "from": start, "to": end, "services": [],
                "kind": kind, "stand_in_id": pair[1 - desk],
            }
            for start, end, kind in spans for desk in ((0, 1) if kind == "duty" else (0,))
        ]
    return [{"code": code, "month": month, "shifts": shifts, "on_call": [(day, pair[day.day % 2]) for day in days]}]


_HELD = {
    "agent": ("head", "duty"), "township": ("head", "duty"), "office": ("duty",), "supervisor": ("head",),
    "handler": ("duty",),
}


def _account(
    username: str, name: str, role: str, unit_code: str, department_code: str | None = None
) -> dict[str, Any]:
    return {
        "username": username, "name": name, "role": role, "unit_code": unit_code,
        "department_code": department_code,
    }
