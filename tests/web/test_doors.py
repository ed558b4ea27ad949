"""The doors outside /api/v1: pages, health, figures."""
import re

import pytest

from backend import schema
from backend.core import jobs, sql
from backend.web import queries

PAGES = ("/", "/docs", "/rating", "/complaint", "/problems/not-found")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_chinese_and_lets_nothing_in_from_outside(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert 'lang="zh-CN"' in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert not re.search(r'(src|href)="(https?:)?//', answer.text)


@pytest.mark.parametrize("path", (*PAGES, "/openapi.json"))
def test_what_is_the_same_for_everybody_is_not_sent_twice(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("page", ("/", "/docs"))
def test_every_static_file_that_a_page_names_is_kept_for_a_year(client, page):
    named = re.findall(r'"(/static/[^"]+)"', client.get(page).text)
    assert named
    for path in named:
        answer = client.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ("nothing.css", "..%2fapi.py", "swagger-ui.LICENSE%00"))
def test_nothing_but_the_named_static_files_is_served(client, name):
    assert client.get(f"/static/{name}").status_code == 404


def test_the_openapi_document_is_3_1(client):
    assert client.get("/openapi.json").json["openapi"] == "3.1.0"


def test_an_unknown_problem_is_not_found(client):
    answer = client.get("/problems/nonsense")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_living_process_says_so(client):
    assert client.get("/healthz").json == {"status": "ok"}


def test_a_process_is_ready_once_somebody_holds_the_lease(client):
    refused = client.get("/readyz")
    assert (refused.status_code, refused.json["missing"]) == (503, ["lease"])
    assert refused.headers["Retry-After"]
    assert refused.json["type"] == "/problems/not-ready"
    jobs.take_lease("me")
    assert client.get("/readyz").json == {"status": "ready"}


def test_a_lease_that_ran_out_is_missed(client):
    jobs.take_lease("me")
    sql.run("UPDATE lease SET expires = 0")
    assert client.get("/readyz").json["missing"] == ["lease"]


def test_a_process_without_jobs_is_not_asked_for_a_lease(app, client):
    app.config["DAIBAN_JOBS"] = False
    assert client.get("/readyz").status_code == 200


def test_pending_migrations_are_named(client, monkeypatch):
    monkeypatch.setattr(schema, "pending", lambda: ["0099"])
    assert client.get("/readyz").json["missing"] == ["migrations"]


def test_an_unreachable_database_is_named_and_the_figures_still_come(client, monkeypatch):
    monkeypatch.setattr(queries, "state", lambda **_: queries.State())
    assert client.get("/readyz").json["missing"] == ["database"]
    assert "daiban_database_up 0" in client.get("/metrics").text
