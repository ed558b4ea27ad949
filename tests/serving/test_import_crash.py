"""A paper register is written whole or not at all, whenever the server dies, and once however often it is told to."""
import random
import threading
import time
from http.client import HTTPException

from backend.core import db, sql, transaction
from tests import cast
from tests.errands import paper

LINES, KILLS = 400, 2


def confirm(server, token, import_id, found):
    """Tell it again and again, with the same key, until it answers."""
    while True:
        try:
            answer = server.ask(
                "PUT", f"/api/v1/errands/imports/{import_id}/confirmation", Authorization=f"Bearer {token}",
                Idempotency_Key="confirm-once-only", If_Match='"1"',
            )
        except (OSError, HTTPException):
            time.sleep(0.05)
            continue
        if answer.status not in (409, 503) or b"already" in answer.data or b"illegal" in answer.data:
            found.append((answer.status, answer.json))
            return
        time.sleep(0.05)


def counted(server):
    db.connect(server.url or f"sqlite:///{server.folder / 'daiban.db'}")
    try:
        return [sql.value(f"SELECT count(*) FROM {table}") for table in ("errand", "paper_errand", "resident")]
    finally:
        transaction.drop_connection()


def test_a_register_confirmed_under_kills_is_there_whole_and_once(server):
    server.start()
    token = server.token(cast.AGENT)
    body, kind = paper.multipart(paper.book(*(paper.line(n) for n in range(1, LINES + 1))))
    made = server.send(
        "POST", "/api/v1/errands/imports", body, Authorization=f"Bearer {token}", Idempotency_Key="import-0001",
        Content_Type=kind,
    )
    assert made.status == 201 and made.json["error_count"] == 0, made.data
    found = []
    asking = threading.Thread(target=confirm, args=(server, token, made.json["id"], found))
    asking.start()
    for _ in range(KILLS):
        time.sleep(random.uniform(0.02, 0.25))
        server.kill()
        assert counted(server) in ([0, 0, 0], [LINES] * 3)
        server.start()
    asking.join()
    assert found[0][0] == 200 and found[0][1]["state"] == "confirmed", found
    assert server.stop() == 0
    assert counted(server) == [LINES] * 3
