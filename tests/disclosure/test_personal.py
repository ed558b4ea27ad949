"""A person learns what is held of her, has it corrected and erased; the supervisor sees who looked and who granted."""
import ast
import re

import pytest

from backend import app as application
from backend import scheduler
from backend.core import db, erasure, ledger, rotation, sql, verification
from backend.core.actor import system
from backend.disclosure.rules import corrections as rules
from backend.disclosure.rules import words
from backend.errands.actions import erasing
from backend.errands.queries import personal
from tests import cast
from tests.guards import house
from tests.statements import count_statements
from tests.visits.calls import sent, wish

REASON = {"reason": "本人到窗口申请，已核对身份证"}


@pytest.fixture
def case(agent, township):
    """An errand, a visit and a booking of one resident, whose numbers the township has looked at."""
    made = sent(agent.post("/errands", cast.errand(note="腿脚不便")), 201)
    path = f"/errands/{made['id']}"
    sent(agent.post(f"{path}/notes", {"text": "已电话联系其女儿"}), 201)
    sent(agent.post("/visits", wish()), 201)
    sent(township.post(f"/residents/{made['resident']['id']}/full-view", {"reason": "核对住址"}), 201)
    return made


def test_she_is_handed_all_that_is_held_and_was_done_in_her_name(case, agent, township, district_app, fixed_clock):
    path = f"/residents/{case['resident']['id']}/copies"
    supervisor, admin = (cast.sign_in(district_app.test_client(), who) for who in ("supervisor", "admin"))
    assert agent.post(path, REASON).status_code == 403
    far = cast.sign_in(district_app.test_client(), cast.FAR_OFFICE)
    assert far.post(path, REASON).status_code == 404
    copy = sent(township.post(path, REASON, key="a-copy-for-her"), 201)
    held = {(row["table"], each["name"]): each["value"] for row in copy["held"] for each in row["values"]}
    assert held["resident", "id_number"] == cast.id_number(1) and held["resident", "address"] == "百花社区3幢"
    assert held["errand", "number"] == case["number"]
    notes = {each["value"] for row in copy["held"] if row["table"] == "errand_note" for each in row["values"]}
    assert {"腿脚不便", "已电话联系其女儿"} <= notes
    assert ("visit", "state") in held and ("resident", "id_number_index") not in held
    assert {act["what"] for act in copy["acts"]} >= {"登记个人信息", "登记", "备注", "申请上门"}
    assert [(act["what"], act["unit"]) for act in copy["accesses"]] == [
        ("查看完整信息", "东城街道"), ("制作本人信息副本", "东城街道"),
    ]
    sheet = f"{path}/{copy['id']}/sheet.html"
    page = township.get(sheet)
    assert page.status_code == 200 and cast.id_number(1) in page.text and page.headers["Cache-Control"] == "no-store"
    assert supervisor.get(sheet).status_code == 404, "whoever made it, nobody else"
    again = township.post(path, REASON, key="a-copy-for-her")
    assert again.headers["Idempotent-Replayed"] == "true" and again.json["held"]
    fixed_clock.advance(minutes=11)
    late = township.post(path, REASON, key="a-copy-for-her").json
    assert (late["full"], late["held"], late["acts"]) == (False, [], [])
    assert township.get(sheet).status_code == 404
    watch(supervisor, admin, township, case)


def watch(supervisor, admin, township, case):
    """What the supervisor sees of it; nobody else does, the admin neither."""
    her = case["resident"]["id"]
    assert [caller.get("/access-log").status_code for caller in (admin, township)] == [403, 403]
    with count_statements() as statements:
        log = sent(supervisor.get("/access-log"))
    assert len(statements) <= 3
    assert [(entry["what"], entry["detail"]["reason"], entry["subject_id"]) for entry in log["items"]] == [
        ("制作本人信息副本", REASON["reason"], her), ("查看完整信息", "核对住址", her),
    ]
    me = township.get("/me").json["id"]
    for query, count in (
        (f"account_id={me}", 2), ("account_id=nobody", 0), (f"subject_id={case['resident']['id']}", 2),
        ("from=2026-02-12&to=2026-02-12", 2), ("to=2026-02-11", 0), ("limit=1", 1),
    ):
        assert len(sent(supervisor.get(f"/access-log?{query}"))["items"]) == count, query
    assert supervisor.get("/access-log?from=2026-02-13&to=2026-02-12").status_code == 422
    cursor = supervisor.get("/access-log?limit=1").json["next_cursor"]
    assert [e["what"] for e in supervisor.get(f"/access-log?cursor={cursor}").json["items"]] == ["查看完整信息"]
    plan = str(sql.execute("EXPLAIN QUERY PLAN SELECT seq FROM ledger_entry e WHERE (outcome = 'read' OR action IN "
               "('resident.full_view', 'appointment.full_view', 'register.export')) AND seq < 9 ORDER BY seq DESC "
               "LIMIT 5").fetchall()) if db.is_sqlite() else "ledger_entry_read"
    assert "ledger_entry_read" in plan
    made = sent(admin.post("/accounts", {
        "username": "second", "name": "新监督员", "role": "supervisor", "unit_code": cast.DISTRICT,
    }), 201)
    newest = sent(supervisor.get("/grants"))["items"][0]
    assert (newest["what"], newest["subject_id"]) == ("设立账号", made["id"])
    assert newest["detail"]["role"] == "supervisor" and admin.get("/grants").status_code == 200
    assert township.get("/grants").status_code == 403


def test_she_has_it_corrected_and_is_told(case, agent, township, neighbour, fixed_clock):
    resident = case["resident"]["id"]
    path = f"/residents/{resident}/corrections"
    body = {"wanted": {"name": "王桂芳", "phone": "13805769999"}, "grounds": "身份证上是芳"}
    assert neighbour.post(path, body).status_code == 404
    assert agent.post(path, {"wanted": {}, "grounds": "无"}).status_code == 422
    assert agent.post(path, {"wanted": {"id_number": "1"}, "grounds": "无"}).status_code == 422
    made = sent(agent.post(path, body), 201)
    assert (made["state"], made["due_on"]) == ("asked", "2026-03-11") and made["wanted"]["phone"] == "138****9999"
    one = f"/corrections/{made['id']}"
    assert [item["id"] for item in township.get("/corrections").json["items"]] == [made["id"]]
    assert neighbour.get(one).status_code == 404 and agent.put(f"{one}/acceptance").status_code == 403
    fresh = township.get(one).headers["ETag"]
    done = township.put(f"{one}/acceptance", etag=fresh)
    assert sent(done)["state"] == "made" and township.put(f"{one}/acceptance").status_code == 409
    assert township.get(f"/residents/{resident}").json["name"] == "王桂芳"
    assert sql.value("SELECT count(*) FROM notice WHERE template = 'correction_made'") == 1
    own = sent(township.post(path, {"wanted": {"address": "新址"}, "grounds": "搬家"}), 201)
    refused = township.put(f"/corrections/{own['id']}/refusal", {"reason": "须有证明"})
    assert refused.status_code == 403 and refused.json["type"].endswith("own-request")
    other = sent(agent.post(path, {"wanted": {"address": "新址"}, "grounds": "搬家"}), 201)
    assert sent(township.put(f"/corrections/{other['id']}/refusal", {"reason": "须有证明"}))["answer"] == "须有证明"
    assert sql.value("SELECT count(*) FROM notice WHERE template = 'correction_refused'") == 1
    states = sorted(item["state"] for item in township.get("/corrections?state=all").json["items"])
    assert states == ["asked", "made", "refused"]
    gone(resident, fixed_clock.now())
    assert township.get("/corrections").json["items"] == [], "nobody is left to answer"
    assert sql.value("SELECT count(*) FROM notice WHERE template = 'correction_refused'") == 1


def gone(resident, now):
    """After her erasure nothing of her corrections is left, and the chain is whole."""
    seqs = personal.entries(resident)
    erasing.erase(resident, reason="应本人要求", actor=system("cli"), now=now)
    assert sql.execute("SELECT count(asked_sealed), count(answer) FROM correction").fetchone() == (0, 0)
    assert sql.value("SELECT count(*) FROM ledger_detail d JOIN ledger_entry e ON e.seq = d.seq WHERE "
                     "e.subject_type = 'correction' AND d.sealed IS NOT NULL AND e.role <> 'system'") == 0
    assert seqs and ledger.history("erasure", erasure.FIELDS) and verification.verify().code == 0


def test_whose_cells_a_restore_blanked_again_is_erased_and_her_visit_and_correction_end(case, agent, fixed_clock):
    resident, now, who = case["resident"]["id"], fixed_clock.now(), system("restore")
    wanted = {"wanted": {"name": "王桂芳"}, "grounds": "身份证上是芳"}
    sent(agent.post(f"/residents/{resident}/corrections", wanted), 201)
    cells = [*personal.cells(resident), *(cell for hers in erasure.kept.values() for cell in hers.cells(resident))]
    erasure.erase_details([], cells=cells, actor=who, now=now)
    erasing.finish([resident, "nobody"], actor=who, now=now)
    states = sql.execute("SELECT v.state, c.state FROM visit v, correction c").fetchall()
    assert states == [("cancelled", "refused")]
    assert sql.value("SELECT erased_at FROM resident WHERE id = ?", (resident,))


def test_only_what_is_asked_for_is_wanted():
    assert rules.normal({"name": "王", "phone": None}, "2026-02-12") == {"name": "王"}
    assert rules.told("name,phone") == "姓名、电话" and words.act("unheard.of", {}) == "unheard.of"


EXCUSED = {
    "account": "the staff's own second factor", "full_view": "who looked; an id only",
    "sync_read": "whose phone was told; an id only", "upload_chunk": "goes with its upload, within eight days",
    "ledger_detail": "by number",
    "register_import_part": "checked lines of a paper register go within seven days",
    "resident_reader": "named by errands", "notice": "named by errands, by appointments for those without a row",
}


def test_what_names_or_seals_a_resident_is_declared_to_erasure_and_so_shown_to_her():
    """Every table of a served room with a resident's id or a sealed column is read where its room's list is."""
    served = {name.split(".")[1] for name in (capability.__name__ for capability in application.CAPABILITIES)}
    lists = "".join(
        path.read_text(encoding="utf-8") for path in house.sources()
        if path.stem == "personal" and "queries" in path.parts or path.stem == "corrections"
    )
    for model in db.Row.__subclasses__():
        room, table = model.__module__.split(".")[1], model._meta.table_name
        hers = any(name == "resident_id" or name.endswith("sealed") for name in model._meta.columns)
        if room in served | {"core"} and hers and table not in EXCUSED:
            assert f'"{table}"' in lists or f"FROM {table} " in lists, f"{room}: {table}"


def test_the_command_line_knows_all_that_an_erasure_and_a_rotation_must_find():
    """What is declared is known only where it is imported: an operator's erasure passed over corrections once."""
    known = {".".join(path.relative_to(house.ROOT).with_suffix("").parts): path for path in house.sources()}
    reached, waiting = set(), ["backend.cli"]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in known:
            continue
        reached.add(name)
        waiting += [each for node in ast.walk(house.tree(known[name])) for each in house.imported(node)]
    declaring = {name for name, path in known.items() if DECLARES.search(path.read_text(encoding="utf-8"))}
    assert len(declaring) > 5 and declaring <= reached, declaring - reached


DECLARES = re.compile(r"^(erasure|rotation)\.declare\(", re.M)


def test_every_blind_index_of_a_served_room_is_declared_to_the_rotation_of_its_key():
    """A column that is found by a number's index would be lost with the next key (docs/decisions/0227)."""
    served = {name.split(".")[1] for name in (capability.__name__ for capability in application.CAPABILITIES)}
    assert scheduler.NOW_AND_THEN, "which brings the declarations along"
    for model in db.Row.__subclasses__():
        table = model._meta.table_name
        found = {name for name in model._meta.columns if name.endswith("_index") or name in KEYS}
        if found and model.__module__.split(".")[1] in served:
            assert table in rotation.declared and found <= set(rotation.declared[table].columns), (table, found)


KEYS = {"person_key", "phone_key", "active_key"}
