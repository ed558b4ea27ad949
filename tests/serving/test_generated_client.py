"""A client made by a generator from /openapi.json does the district's main job."""
import importlib
import json
import os
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from tests import cast

CONFIG = """
post_hooks: []
content_type_overrides:
  image/jpeg: application/octet-stream
  image/png: application/octet-stream
  image/webp: application/octet-stream
  image/svg+xml: application/octet-stream
  application/pdf: application/octet-stream
  application/offset+octet-stream: application/octet-stream
  application/vnd.openxmlformats-officedocument.spreadsheetml.sheet: application/octet-stream
  application/vnd.openxmlformats-officedocument.wordprocessingml.document: application/octet-stream
"""
BASE = "http://daiban.test"
SECONDS = 600

pytestmark = pytest.mark.one_engine


@pytest.fixture(scope="session")
def package(whole_app: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The generated client: its ``api`` functions by operationId, its ``models`` and ``client``."""
    folder = generated_once(whole_app, tmp_path_factory)
    sys.path.insert(0, str(folder))
    try:
        yield loaded(folder / "daiban_client")
    finally:
        sys.path.remove(str(folder))


def generated_once(whole_app: Any, folders: pytest.TempPathFactory) -> Path:
    """Where the client lies; of the processes of one run the first generates it and the others wait."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = folders.mktemp("generated")
        generate(whole_app, folder)
        return folder
    folder = folders.getbasetemp().parent / "generated"
    try:
        folder.mkdir()
    except FileExistsError:
        until = time.monotonic() + SECONDS
        while not (folder / "done").exists():
            assert time.monotonic() < until, "the process that generates the client does not come to an end"
            time.sleep(0.2)
    else:
        generate(whole_app, folder)
        (folder / "done").touch()
    return folder


def generate(whole_app: Any, folder: Path) -> None:
    (folder / "openapi.json").write_bytes(json.dumps(whole_app.extensions["daiban.api"].document()).encode())
    (folder / "config.yaml").write_text(CONFIG)
    made = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--config",
         "config.yaml", "--meta", "none", "--output-path", "daiban_client"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "arning" not in made.stdout + made.stderr, made.stdout


def loaded(folder: Path) -> SimpleNamespace:
    """Every module of the package, imported."""
    api = SimpleNamespace()
    for path in sorted((folder / "api").glob("*/*.py")):
        if path.stem != "__init__":
            setattr(api, path.stem, importlib.import_module(f"daiban_client.api.{path.parent.name}.{path.stem}"))
    return SimpleNamespace(
        api=api, models=importlib.import_module("daiban_client.models"),
        client=importlib.import_module("daiban_client.client"), types=importlib.import_module("daiban_client.types"),
    )


@pytest.fixture
def stranger_client(package: Any, district_app: Any) -> Any:
    more = {"transport": httpx.WSGITransport(app=district_app)}
    return package.client.Client(base_url=BASE, httpx_args=more, raise_on_unexpected_status=True)


@pytest.fixture
def agent_client(package: Any, district_app: Any, stranger_client: Any) -> Any:
    body = package.models.SignIn(username=cast.AGENT, password=cast.PASSWORD)
    signed_in = package.api.people_sign_in.sync(client=stranger_client, body=body)
    assert signed_in.account.role == "agent"
    more = {"transport": httpx.WSGITransport(app=district_app)}
    return package.client.AuthenticatedClient(
        base_url=BASE, token=signed_in.token, httpx_args=more, raise_on_unexpected_status=True
    )


def test_a_generated_client_reads_the_tree_the_catalogue_and_a_deadline(package, stranger_client):
    api = package.api
    villages = api.org_list_units.sync(client=stranger_client, parent_code=[cast.TOWNSHIP], limit=200)
    assert cast.VILLAGE in {unit.code for unit in villages.items}
    assert api.org_read_unit.sync(cast.VILLAGE, client=stranger_client).name == "百花社区居委会"
    found = api.catalogue_items.sync(client=stranger_client, q="临时救助")
    assert [item.code for item in found.items] == ["MZ-003"]
    item = api.catalogue_item.sync("MZ-003", client=stranger_client)
    assert item.kind == "promise"
    assert {paper.name for paper in item.materials} >= {"申请书"}
    due = api.calendar_deadline.sync(
        client=stranger_client, working_days=5, accepted_at=datetime.fromisoformat("2026-02-12T10:00:00+08:00"),
        suspended=["2026-02-25/2026-02-26"],
    )
    assert due.due_at.isoformat() == "2026-02-28T17:30:00+08:00"
    assert [day.counted for day in due.days][:2] == [False, True]
    refused = api.org_read_unit.sync("000000000000", client=stranger_client)
    assert (refused.status, refused.type_) == (404, "/problems/not-found")


def registered(package: Any, client: Any, key: str) -> Any:
    """An errand registered by the generated client; the whole answer."""
    body = package.models.RegisterErrand.from_dict(cast.errand())
    return package.api.errands_register.sync_detailed(client=client, body=body, idempotency_key=key)


def test_a_generated_client_carries_an_errand_from_mandate_to_closing(package, agent_client, stranger_client):
    api, models = package.api, package.models
    made = registered(package, agent_client, "client-key-1")
    again = registered(package, agent_client, "client-key-1")
    case = made.parsed
    assert (made.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.parsed.id == case.id

    def step(call: Any, etag: str, body: Any = None) -> Any:
        more = {"body": body} if body is not None else {}
        answer = call.sync_detailed(case.id, client=agent_client, if_match=etag, **more)
        assert answer.status_code == 200, answer.content
        assert answer.headers["Ledger-Receipt"]
        return answer

    answer = step(api.errands_accept, made.headers["ETag"])
    assert answer.parsed.due_at.isoformat() == "2026-02-28T17:30:00+08:00"
    stale = api.errands_complete.sync(
        case.id, client=agent_client, if_match=made.headers["ETag"],
        body=models.Completion(outcome=models.CompletionOutcome.GRANTED, result="批准"),
    )
    assert stale.status == 412
    trip = models.NewTrip(made_on=date(2026, 2, 12), where="乡镇便民中心")
    assert api.errands_trip.sync(case.id, client=agent_client, body=trip, idempotency_key="client-key-2").by.name
    current = api.errands_errand.sync_detailed(case.id, client=agent_client)
    done = models.Completion(outcome=models.CompletionOutcome.GRANTED, result="批准临时救助2000元")
    answer = step(api.errands_complete, current.headers["ETag"], done)
    handed = models.Delivery(method=models.DeliveryMethod.BROUGHT, received_by="王桂香")
    answer = step(api.errands_deliver, answer.headers["ETag"], handed)
    answer = step(api.errands_close, answer.headers["ETag"])
    assert (answer.parsed.state, answer.parsed.trips) == ("closed", 1)
    assert answer.parsed.resident.phone == "138****1234"

    listed = api.errands_errands.sync(client=agent_client, state=[models.ErrandsErrandsStateItem.ALL])
    assert [row.id for row in listed.items] == [case.id]
    events = api.errands_events.sync(case.id, client=agent_client)
    assert [event.action for event in events.items] == ["register", "accept", "trip", "complete", "deliver", "close"]
    followed = api.progress_progress.sync(
        client=stranger_client, body=models.AskProgress(number=case.number, phone_last4="1234")
    )
    assert (followed.state, followed.item) == ("closed", "临时救助")


def test_a_generated_client_reads_refusals(package, agent_client, stranger_client):
    api, models = package.api, package.models
    stranger = package.client.AuthenticatedClient(
        base_url=BASE, token="nonsense", httpx_args=stranger_client._httpx_args
    )
    assert api.people_me.sync(client=stranger).status == 401
    body = models.RegisterErrand.from_dict(cast.errand(item_code="NO-1"))
    refused = api.errands_register.sync(client=agent_client, body=body, idempotency_key="client-key-3")
    assert (refused.status, list(refused.errors.additional_properties)) == (422, ["item_code"])
    sheet = api.people_me.sync(client=agent_client)
    assert (sheet.role, sheet.unit_code) == ("agent", cast.VILLAGE)
    assert api.people_sign_out.sync_detailed(client=agent_client).status_code == 204
    assert api.people_me.sync(client=agent_client).status == 401
