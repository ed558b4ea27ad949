"""What is there to be met: errands in every state, their parts, people, papers, closures, drafts."""
import itertools
import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from backend.clocks.rules import ladder
from backend.core import sql
from backend.core.actor import system
from backend.notifications.actions import outbox
from tests import cast
from tests.conftest import START
from tests.errands import paper
from tests.fuzz import (
    assessing,
    carding,
    disclosing,
    inspecting,
    projecting,
    pushing,
    queues,
    reporting,
    reviewing,
    seats,
    supervising,
    uploading,
    visiting,
    voicing,
)
from tests.fuzz.moves import HANDED_IN, MOVES, PAPERS, TELLING, WAYS

CAST = {
    "agent": cast.AGENT, "operator": cast.OPERATOR, "township": cast.OFFICE_OF_TOWNSHIP, "handler": cast.HANDLER,
    "project_agent": "project-agent", "office": "office", "supervisor": "supervisor", "admin": "admin",
}


def sent(answer: Any, status: int) -> Any:
    """The answer's JSON, where it has this status."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.json


_serials = itertools.count()


def _merged(make: Any) -> Any:
    """A body that is right, with some members of the drawn one."""
    def merged(known: "Known", drawn: dict[str, Any], chance: random.Random) -> dict[str, Any]:
        body = make(known, chance)
        extra = [name for name in drawn if name not in body]
        return body | {name: drawn[name] for name in extra if chance.random() > 0.7}

    return merged


def _case(known: "Known", chance: random.Random) -> dict[str, Any]:
    body = cast.errand(note="本人行动不便")
    if chance.random() < 0.3:
        del body["resident"]
        body["resident_id"] = chance.choice(known.values["resident_id"])
    return body


def _shift(account_id: str, day: int) -> dict[str, Any]:
    return {"date": f"2026-03-{day:02d}", "account_id": account_id, "desk": "1", "from": "08:30", "to": "12:00",
            "services": [], "kind": "duty"}


def _days() -> dict[str, str]:
    day = (date(2027, 4, 1) + timedelta(days=next(_serials))).isoformat()
    return {"from": day, "to": day}


def _uncoded(known: "Known") -> dict[str, Any]:
    return {name: value for name, value in known.draft().items() if name not in ("code", "version")}


BODIES = {
    "settings_decide": lambda known, drawn, chance: {"value": ladder.DEFAULT} | (
        {} if chance.random() < 0.5 else {"valid_from": f"2026-0{3 + next(_serials) % 7}-01"}
    ),
    "errands_register": _merged(_case),
    "errands_lay_papers": _merged(lambda known, chance: {"materials": [
        {"name": name, "received": chance.random() < 0.5} for name in PAPERS if chance.random() < 0.8
    ] or [{"name": PAPERS[0], "received": True}]}),
    "errands_supplement": lambda known, drawn, chance: {
        "missing": [{"name": name, "note": "缺页"} for name in PAPERS],
    } | ({"legal_basis": "某法第一条"} if chance.random() < 0.5 else {}),
    "errands_look_up": lambda known, drawn, chance: (
        {"phone": "13805761234"} if chance.random() < 0.5 else {"id_number": cast.id_number(1)}
    ),
    "progress_progress": _merged(lambda known, chance: {
        "number": chance.choice(known.values["number"]), "phone_last4": chance.choice(("1234", "0000")),
    }),
    "appointments_book": _merged(lambda known, chance: seats.wanted(next(_serials), channel="self")),
    "appointments_reschedule": lambda known, drawn, chance: seats.moved(next(_serials)),
    "progress_cancel_by_number": lambda known, drawn, chance: {
        "number": chance.choice(known.values["appointment number"]), "phone_last4": "1234",
    },
    "waiting_ask": _merged(queues.wish),
    "people_create_account": _merged(lambda known, chance: {
        "username": f"fuzz-{next(_serials)}", "name": "新人", "unit_code": cast.DISTRICT,
        "role": chance.choice(("office", "supervisor", "admin", "project_agent")),
    }),
    "people_sign_in": _merged(lambda known, chance: {
        "username": CAST[chance.choice(list(CAST))], "password": chance.choice((cast.PASSWORD, "wrong-password")),
    }),
    "people_look_up": lambda known, drawn, chance: (
        {"phone": "13805761234"} if chance.random() < 0.5 else {"id_number": cast.id_number(1)}
    ),
    "catalogue_create_item": _merged(lambda known, chance: known.draft() | {
        "code": f"MZ-8{next(_serials)}", "department": "MZ",
    }),
    "catalogue_edit_draft": lambda known, drawn, chance: _uncoded(known),
    "catalogue_draft_version": lambda known, drawn, chance: _uncoded(known),
    "catalogue_publish": lambda known, drawn, chance: chance.choice(({}, drawn, {"valid_from": "2026-03-01"})),
    "calendar_import_year": _merged(lambda known, chance: {
        "year": chance.choice((2024, 2025, 2026, 2027)), "papers": ["https://www.gov.cn/"],
        "days": [{"name": "元旦", "date": f"{chance.choice((2026, 2027))}-01-01", "isOffDay": True}],
    }),
    "calendar_close_day": _merged(lambda known, chance: {
        "date": f"2026-{3 + next(_serials) % 9:02d}-{1 + next(_serials) % 28:02d}", "unit_code": cast.VILLAGE,
        "reason": "停电",
    }),
    "reports_save_draft": lambda known, drawn, chance: {"plan": "下周装修", "problems": []},
    "reports_correct_report": lambda known, drawn, chance: {"reason": "笔误", "plan": "改过的计划"},
    "reports_draw_up": lambda known, drawn, chance: drawn | {"valid_from": "2026-12-01"},
    "errands_forward": lambda known, drawn, chance: {"department_code": chance.choice(("MZ", "GY"))},
    "errands_hand_over": lambda known, drawn, chance: {"to_account_id": chance.choice(known.values["to_account_id"])},
    "people_write_roster": _merged(lambda known, chance: {
        "shifts": [_shift(chance.choice(known.values["agent_id"]), day) for day in range(2, 5)],
        "on_call": [{"date": "2026-03-02", "account_id": chance.choice(known.values["agent_id"])}],
    }),
    "people_ask_leave": lambda known, drawn, chance: _days() | {"reason": "探亲"},
    "people_ask_swap": lambda known, drawn, chance: {
        "unit_code": cast.VILLAGE, "date": "2026-03-02", "with_account_id": known.values["agent_id"][1],
        "reason": "复诊",
    },
    "people_decide_leave": lambda known, drawn, chance: chance.choice((drawn, {"approved": False, "note": "缺人"})),
    "errands_pay": lambda known, drawn, chance: drawn | {"amount_fen": chance.choice((1, 500, 1000))},
} | visiting.BODIES | projecting.BODIES | reviewing.BODIES | voicing.BODIES | supervising.BODIES | inspecting.BODIES \
    | assessing.BODIES | disclosing.BODIES | pushing.BODIES | uploading.BODIES
RESTORED = """
UPDATE account SET password_hash = ?, role = ?, unit_code = ?, password_until_at = NULL, totp_sealed = NULL,
totp_confirmed_at = NULL, disabled_at = NULL, proposed_by = NULL WHERE id = ?
"""


class Known:
    """Values that exist in the district, by the name of the field or path part that takes them."""

    bodies = BODIES

    def __init__(self, client: Any) -> None:
        self.client = client
        self.values: dict[str, list[Any]] = defaultdict(list)
        self.callers = {role: cast.sign_in(client, username) for role, username in CAST.items()}
        self._accounts = {row["username"]: row for row in sql.rows("SELECT * FROM account")}
        self._serial = 0
        self._version = client.get("/api/v1/items/MZ-003").json
        self._places()
        self.renew()

    def caller(self, role: str) -> cast.Caller:
        """The role's caller, signed in anew where a call ended his session or shut him out."""
        if self.callers[role].get("/me").status_code != 200:
            row = self._accounts[CAST[role].lower()]
            sql.execute(RESTORED, (row["password_hash"], row["role"], row["unit_code"], row["id"]))
            sql.execute("DELETE FROM failed_try")
            self.callers[role] = cast.sign_in(self.client, CAST[role])
        return self.callers[role]

    def _places(self) -> None:
        found = self.values
        found["unit_code"] = [cast.VILLAGE, cast.TOWNSHIP, cast.NEIGHBOUR, cast.DISTRICT, cast.FAR_VILLAGE]
        found["spare_unit_code"] = [cast.FAR_VILLAGE, cast.NEIGHBOUR]
        found["spare_item_code"] = ["GY-002", "MZ-001"]
        found["version_number"] = [1, 1, 2]
        found["n"] = [1, 1, 2]
        found["parent_code"] = [cast.TOWNSHIP, cast.DISTRICT]
        found["successor_code"] = [cast.FAR_VILLAGE, cast.FAR_TOWNSHIP]
        found["department"] = found["department_code"] = ["MZ", "GY"]
        found["post"] = ["duty", "head"]
        found["n"] = [1, 1, 1, 2]
        found["week"] = ["2026-W09", "2026-W10"]
        found["reported_week"], found["reporting_unit"] = ["2026-W07"] * 4 + ["2026-W06"], [cast.TOWNSHIP]
        found["bulletin_week"] = ["2026-W06", "2026-W06", "2026-W07", "2026-W08"]
        found["issuable_week"] = [f"2025-W{week}" for week in range(20, 50)]
        found["item_code"] = ["MZ-003", "MZ-003", "GY-002", "MZ-001"]
        found["account_id"] = [row["id"] for row in sql.rows(
            "SELECT id FROM account WHERE username LIKE 'agent-3310030030%' ORDER BY username LIMIT 5"
        )]
        found["agent_id"] = [self.callers[role].get("/me").json["id"] for role in ("agent", "operator")]
        found["id_number"] = [cast.id_number(serial) for serial in (1, 2, 3)]
        found["phone"] = ["13805761234", "0576-84110001", None]
        found["expires_on"] = ["2026-12-31", "2027-06-30"]
        found["year"] = [2024, 2026, 2027]
        found["date"] = ["2026-03-02", "2026-05-06", "2026-12-01"]
        found["material"] = list(PAPERS)
        found["password"] = found["old"] = [cast.PASSWORD]
        found["username"] = [CAST["agent"], CAST["office"]]

    def renew(self) -> None:
        """Add an errand in each state, with its parts, and what else calls may use up."""
        for state in HANDED_IN:
            self._errand(self.caller("agent"), state)
        self._errand(self.caller("operator"), "accepted", unit_code=cast.TOWNSHIP)
        self._hands()
        tasks = sql.rows("SELECT id FROM call_task ORDER BY id DESC LIMIT 2")
        self.values["task_id"] = [row["id"] for row in tasks]
        uploading.hand_in(self, self._serial)
        self._notices()
        self._register()
        carding.renew(self)
        if not self.values["visit_id"]:
            visiting.add(self)
        self._absences()
        seats.renew(self, "")
        queues.renew(self, "")
        if not self.values["project_id"]:
            projecting.add(self)
            reviewing.renew(self)
            supervising.renew(self, "")
            inspecting.add(self)
            assessing.renew(self)
        if not self.values["correction_id"]:
            disclosing.renew(self, "")
            pushing.renew(self)
        admin = self.caller("admin")
        closure = {"date": f"2026-0{4 + self._serial % 5}-0{1 + self._serial % 7}", "unit_code": cast.VILLAGE,
                   "reason": "停电"}
        made = admin.post("/calendar/closures", closure)
        if made.status_code == 201:
            self.values["closure_id"].append(made.json["id"])
        self._serial += 1
        code = f"MZ-9{self._serial:02d}"
        sent(admin.post("/items", self.draft() | {"code": code, "department": "MZ"}), 201)
        self.values["draft_code"] = [code]

    def prepare(self, path: str, method: str) -> None:
        """Have fresh things there for an operation that uses them up."""
        uploading.renew(self, path)
        if method == "get" and "session" not in path:
            return
        if path.endswith(("/errands/imports", "/errands/imports/{import_id}/confirmation")):
            self._register()
            self._serial += 1
        elif any(noun in path for noun in ("/rating", "/rectifications/", "/complaints")):
            voicing.renew(self, path)
        elif "/errands/" in path or "/call-tasks/" in path or "/items/" in path:
            self.renew()
        elif reviewing.mine(path):
            reviewing.renew(self)
        elif "/project" in path:
            projecting.add(self)
        elif pushing.mine(path):
            pushing.renew(self)
        elif "/inspection" in path or "/surveys" in path:
            inspecting.add(self)
        elif "/assessment" in path or "/evidence-lines" in path:
            assessing.renew(self)
        elif "/visits/" in path:
            visiting.add(self)
        elif "/weekly-reports/" in path or "/report-problems" in path:
            reporting.renew(self, path)
        elif supervising.concerns(path):
            supervising.renew(self, path)
        elif "/corrections/" in path or "/disclosures/" in path:
            disclosing.renew(self, path)
        elif "/me/notices" in path or "/outbox" in path:
            self._notices()
        elif "/cards" in path:
            carding.renew(self)
        elif "/rosters" in path:
            self._absences()
        elif "/appointments" in path or "/progress" in path:
            seats.renew(self, path)
        elif "/waiting-list" in path or "/booking-blocks" in path:
            queues.renew(self, path)
        elif "/me/sessions" in path:
            for role, caller in self.callers.items():
                cast.sign_in(self.client, CAST[role])
                items = caller.get("/me/sessions").json["items"]
                self.values[f"session_id {role}"] = [item["id"] for item in items if not item["current"]]

    def draft(self) -> dict[str, Any]:
        """A whole version, as a reader gets it."""
        return dict(self._version)

    def _errand(self, caller: cast.Caller, state: str, **more: Any) -> None:
        body = cast.errand(**more)
        body["resident"]["id_number"] = random.Random(state).choice(self.values["id_number"])
        case = sent(caller.post("/errands", body), 201)
        path = f"/errands/{case['id']}"
        for move in WAYS[state]:
            noun, given = MOVES[move]
            sent(caller.put(f"{path}/{noun}", given), 200)
        found = self.values
        found["errand_id"].append(case["id"])
        found["number"].append(case["number"])
        found["resident_id"].append(case["resident"]["id"])
        found["by_state " + state] = [case["id"]]
        if state == "suspended":
            sent(caller.post(f"{path}/suspensions", {"reason": "testing", "notice": "送检"}), 201)
        if state == "told":
            found["errand_id told"] = [case["id"]]
            for _ in range(2):
                sent(caller.post(f"{path}/supplement-notices", TELLING), 201)
            found["finding_id"] = [row["id"] for row in sql.rows("SELECT id FROM finding ORDER BY id DESC LIMIT 2")]
        if state == "accepted":
            for plural, given in (("notes", {"text": "已送窗口"}),
                                  ("trips", {"made_on": "2026-02-12", "where": "乡镇"})):
                part = sent(caller.post(f"{path}/{plural}", given), 201)
                found["parts"].append((case["id"], plural, part["id"]))

    def _notices(self) -> None:
        """A fresh notice to each role's account, and a dead letter for those who keep the outbox."""
        for role, username in CAST.items():
            account = self._accounts[username.lower()]
            made = outbox.post(
                "errand_inherited", to=account["id"], subject_type="errand", subject_id="e", unit_code=cast.VILLAGE,
                values={"number": "1", "item": "救助"}, dedupe=f"fuzz-{next(_serials)}", actor=system("fuzz"),
                now=START,
            )
            self.values[f"notice_id {role}"] = [made]
        sql.execute("UPDATE notice SET state = 'dead' WHERE id = ?", (self.values["notice_id agent"][0],))
        for role in ("supervisor", "admin"):
            self.values[f"notice_id {role}"] += self.values["notice_id agent"] * 2

    def _absences(self) -> None:
        """A roster with the agent on it, written and not published, his leave and his swap asked for."""
        agent, operator, found = self.caller("agent"), self.values["agent_id"][1], self.values
        sql.execute("UPDATE roster SET published_at = NULL")
        found["month"] = ["2026-03"]
        sql.execute("DELETE FROM shift")
        for unit_code, one in ((cast.NEIGHBOUR, _shift(operator, 5)), (cast.VILLAGE, _shift(found["agent_id"][0], 2))):
            sent(self.caller("township").put(f"/units/{unit_code}/rosters/2026-03", {"shifts": [one]}), 200)
        leave = agent.post("/rosters/leaves", _days() | {"reason": "探亲"})
        swap = agent.post("/rosters/swaps", {"date": "2026-03-02", "with_account_id": operator, "reason": "复诊"})
        found["leave_id"] = [sent(leave, 201)["id"]]
        if swap.status_code == 201:
            found["swap_id"] = [swap.json["id"]]

    def _register(self) -> None:
        """A paper register that is right, handed in and waiting to be confirmed."""
        self.values["register"] = [paper.book(paper.line(self._serial))]
        made = paper.hand_in(self.caller("agent"), self.values["register"][0], f"fuzz-{self._serial:06d}")
        self.values["import_id"] = [sent(made, 201)["id"]]

    def _hands(self) -> None:
        """A step at a department, a hand-over asked for, and what a village hands in."""
        agent, found = self.caller("agent"), self.values
        kept = found["by_state accepted"]
        found["n"] = [1, 1, 1, 2]
        found["to_account_id"] = [self.caller("township").get("/me").json["id"], *found["agent_id"]]
        papers = [{"name": paper["name"], "received": True} for paper in agent.get("/items/GT-002").json["materials"]]
        above = sent(agent.post("/errands", cast.errand(item_code="GT-002", materials=papers)), 201)
        found["by_state above"] = [above["id"]]
        for state in ("forwarded", "asked"):
            self._errand(agent, "accepted")
            path = f"/errands/{found['by_state accepted'][0]}"
            if state == "forwarded":
                sent(agent.post(f"{path}/forwardings", {"department_code": "MZ"}), 201)
            else:
                sent(agent.post(f"{path}/handovers", {"to_account_id": found["to_account_id"][0]}), 201)
            found[f"by_state {state}"] = found["by_state accepted"]
        found["by_state accepted"] = kept
