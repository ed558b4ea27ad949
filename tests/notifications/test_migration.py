"""Call tasks of errands keep their story when the table becomes one of any subject."""
from backend import schema
from backend.core import db, sql
from tests import cast
from tests.errands.test_story import completed, path

BEFORE = """
CREATE TABLE call_task (id VARCHAR(36) NOT NULL PRIMARY KEY, errand_id VARCHAR(36) NOT NULL,
  unit_code VARCHAR(12) NOT NULL, reason VARCHAR(32) NOT NULL, state VARCHAR(16) NOT NULL, reached {flag},
  note TEXT, account_id VARCHAR(36), made_at BIGINT NOT NULL, called_at BIGINT, version INTEGER NOT NULL)
"""


def test_a_table_with_calls_in_it_is_taken_over(agent):
    case = completed(agent)
    agent.put(path(case, "delivery"), {"method": "posted", "received_by": "王桂香"})
    old = sql.plain("SELECT id, unit_code, reason, made_at, version FROM call_task")[0]
    for table in ("call_task", "notice", "receipt_nonce"):
        sql.execute(f"DROP TABLE {table}")
    sql.execute("ALTER TABLE resident DROP COLUMN takes_sms")
    flag = "INTEGER" if db.is_sqlite() else "BOOLEAN"
    sql.execute(BEFORE.format(flag=flag))
    for number, reached in ((1, None), (2, True)):
        sql.execute(
            "INSERT INTO call_task (id, errand_id, unit_code, reason, state, reached, note, made_at, version) "
            "VALUES (?, ?, ?, 'posted_result', ?, ?, '打过', ?, 3)",
            (f"t{number}", case["id"], old["unit_code"], "done" if reached else "open", reached, old["made_at"]),
        )
    sql.execute("DELETE FROM schema_migration WHERE name = '0010_notifications'")
    assert schema.upgrade() == ["0010_notifications"]
    tasks = agent.get("/call-tasks?state=all").json["items"]
    assert [(task["id"], task["state"], task["reached"], task["version"]) for task in tasks] == [
        ("t1", "open", None, 3), ("t2", "done", True, 3),
    ]
    assert {(task["errand_id"], task["errand_number"], task["note"]) for task in tasks} == {
        (case["id"], case["number"], "打过")
    }
    assert sql.value("SELECT township_code FROM call_task WHERE id = 't1'") == cast.TOWNSHIP
    assert agent.put("/call-tasks/t1/outcome", {"reached": True}).json["state"] == "done"
    assert agent.put(path(case, "closing")).status_code == 200
    assert agent.get(f"/residents/{case['resident']['id']}").json["takes_sms"] is True
