"""Every route declares its policy, refuses strangers, and is documented exactly."""
import json
import re

import jsonschema_rs
import pytest

from backend.core.actor import ROLES
from backend.core.http import PUBLIC
from backend.sync.actions.kinds import KINDS
from tests.guards import house

pytestmark = pytest.mark.one_engine

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SYSTEM = {
    "/", "/docs", "/openapi.json", "/problems/<slug>", "/static/<name>", "/healthz", "/readyz", "/metrics",
    "/progress", "/rating", "/complaint", "/survey", "/items", "/items/<code>", "/open",
    "/open/offices", "/open/bulletins", "/open/figures", "/open/figures/<month>",
}


@pytest.fixture
def routes(app):
    return app.extensions["daiban.api"].routes


def concrete(rule: str) -> str:
    return "/api/v1" + re.sub(r"<[^>]+>", "1", rule)


def test_every_address_is_declared_with_a_policy(app, routes):
    declared = {"/api/v1" + route.rule for route in routes} | SYSTEM
    assert {str(rule) for rule in app.url_map.iter_rules()} <= declared


def test_every_policy_names_known_roles(routes):
    for route in routes:
        assert isinstance(route.roles, frozenset) and route.roles <= set(ROLES), route.rule


def test_every_route_that_is_not_public_refuses_strangers(client, routes):
    for route in routes:
        if route.roles is PUBLIC:
            continue
        for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
            answer = client.open(concrete(route.rule), method=route.method, headers=headers)
            assert answer.status_code == 401, f"{route.method} {route.rule}"
            assert answer.mimetype == "application/problem+json"


def test_a_writing_route_that_is_public_is_one_of_few(routes):
    known = ("/sessions", "/progress", "/ratings/", "/appointments", "/complaints", "/waiting-list", "/surveys",
             "/outbox/receipts")
    for route in routes:
        assert not (route.writes and route.roles is PUBLIC) or route.rule.startswith(known), route.rule


def test_the_document_is_3_1_with_unique_operations(app):
    document = app.extensions["daiban.api"].document()
    assert document["openapi"] == "3.1.0"
    names = [operation["operationId"] for operation in operations(document)]
    assert len(names) == len(set(names))


def test_every_refusal_is_documented_as_a_problem(app):
    document = app.extensions["daiban.api"].document()
    for operation in operations(document):
        refusals = {status: told for status, told in operation["responses"].items() if status[0] in "45"}
        assert {"422", "503"} <= set(refusals), operation["operationId"]
        for status, told in refusals.items():
            assert list(told["content"]) == ["application/problem+json"], (operation["operationId"], status)


def test_every_operation_has_a_summary(app):
    for operation in operations(app.extensions["daiban.api"].document()):
        assert operation.get("summary"), operation["operationId"]


def operations(document):
    for path in document.get("paths", {}).values():
        for method, operation in path.items():
            if method in ("get", "post", "put", "patch", "delete"):
                yield operation


def test_every_shape_of_the_document_is_used(app):
    text = json.dumps(app.extensions["daiban.api"].document())
    for name in app.extensions["daiban.api"].document()["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text, name


def test_no_query_parameter_is_null(app):
    for operation in operations(app.extensions["daiban.api"].document()):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query":
                assert "null" not in json.dumps(parameter["schema"]), (operation["operationId"], parameter["name"])


def test_every_schema_of_the_document_is_json_schema_2020_12(app):
    document = app.extensions["daiban.api"].document()
    assert document.get("jsonSchemaDialect", DIALECT) == DIALECT
    found = list(document["components"]["schemas"].values())
    for operation in operations(document):
        found += [parameter["schema"] for parameter in operation.get("parameters", ())]
        for told in (*operation["responses"].values(), operation.get("requestBody", {})):
            found += [header["schema"] for header in told.get("headers", {}).values()]
            found += [content["schema"] for content in told.get("content", {}).values()]
    for shape in found:
        jsonschema_rs.meta.validate({"$schema": DIALECT, **shape})


def test_every_reference_leads_to_a_component_and_every_path_part_is_a_parameter(app):
    document = app.extensions["daiban.api"].document()
    for place in re.findall(r'"\$ref": "([^"]+)"', json.dumps(document)):
        assert place.removeprefix("#/components/schemas/") in document["components"]["schemas"], place
    for path, told in document["paths"].items():
        named = {part["name"] for part in told.get("parameters", ()) if part["in"] == "path"}
        assert named == set(re.findall(r"{([^}]+)}", path)), path


def said_of_phones():
    """Per type of mutation the method and address whose body it takes, as docs/sync.md says."""
    page = (house.ROOT / "docs/sync.md").read_text(encoding="utf-8")
    found, asked = {}, ""
    table = page.partition("| the body of |")[2].partition("\n\n")[0]
    for types, told in re.findall(r"^\| (.*?) \| (.*?) \|$", table, re.M):
        for kind, address in zip(re.findall(r"`([a-z_.]+)`", types), re.findall(r"`([^`]+)`", told)):
            asked = address if " " in address else asked.rpartition("/")[0] + address.removeprefix("…")
            found[kind] = asked
    return found


def test_what_phones_push_is_said_to_be_the_body_of_the_route_that_takes_it(routes):
    named = re.compile(r"<(?:string:)?([a-z_]+)>")
    bodies = {route.method + " " + named.sub(r"{\1}", route.rule): type(route.body) for route in routes}
    said = said_of_phones()
    assert said.keys() == KINDS.keys() - {"appointment.book"}
    assert {kind: bodies.get(said[kind]) for kind in said} == {kind: type(KINDS[kind].body) for kind in said}
