"""Templates: the publish gate, editions, and files taken in."""
import json

import pytest

from backend.core.actor import system
from backend.core.problems import Invalid
from backend.projects.actions import templates
from tests.cast import sign_in
from tests.projects.calls import procedure, project, published, template


def test_a_ring_is_refused_naming_it(admin):
    refused = admin.post("/project-templates", template(
        procedure("A", "C"), procedure("B", "A"), procedure("C", "B"), procedure("D"),
    ))
    assert (refused.status_code, refused.json["type"]) == (422, "/problems/cycle")
    assert refused.json["cycle"] == ["A", "B", "C", "A"] and "A → B → C → A" in refused.json["detail"]
    itself = admin.post("/project-templates", template(procedure("A", "A")))
    assert itself.json["cycle"] == ["A", "A"]


@pytest.mark.parametrize("wrong, field", [
    ({"lead_department": "ZZ"}, "procedures.1.lead_department"),
    ({"joining_departments": ["ZZ"]}, "procedures.1.joining_departments"),
    ({"joining_departments": ["MZ"]}, "procedures.1.joining_departments"),
    ({"predecessors": ["X"]}, "procedures.1.predecessors"),
    ({"limit_working_days": 0}, "procedures.1.limit_working_days"),
    ({"code": "A"}, "procedures.1.code"),
    ({"colour": "red"}, "procedures.1.colour"),
])
def test_each_wrong_field_is_named(admin, wrong, field):
    refused = admin.post("/project-templates", template(procedure("A"), procedure("B") | wrong))
    assert refused.status_code == 422 and field in refused.json["errors"], refused.json


def test_an_edition_is_published_once_and_followed_by_the_next(admin, district_app, fixed_clock):
    first = published(admin, procedure("A"), procedure("B", "A"))
    assert (first["state"], first["critical_path"], first["critical_path_working_days"]) == ("published", ["A", "B"], 6)
    assert admin.put(f"/project-templates/{first['id']}/publication").status_code == 409
    second = admin.post("/project-templates", template(procedure("A", limit_working_days=9)))
    assert (second.json["state"], second.json["edition"]) == ("draft", 2)
    stale = admin.put(f"/project-templates/{second.json['id']}/publication", etag='"7-0"')
    assert stale.status_code == 412
    assert admin.put("/project-templates/T/publication", etag=second.headers["ETag"]).json["state"] == "published"
    assert admin.get(f"/project-templates/{first['id']}").json["state"] == "superseded"
    listed = admin.get("/project-templates?code=T&state=all").json["items"]
    assert [(each["edition"], each["state"]) for each in listed] == [(2, "published"), (1, "superseded")]
    paged = admin.get("/project-templates?limit=1").json
    assert paged["items"][0]["code"] == "T"
    after = admin.get(f"/project-templates?limit=1&cursor={paged['next_cursor']}").json
    assert [each["code"] for each in after["items"]] == ["sample"]


def test_only_a_published_template_and_a_project_agent_make_a_project(admin, district_app):

    carrier = sign_in(district_app.test_client(), "project-agent")
    admin.post("/project-templates", template(procedure("A"), code="D"))
    body = {
        "template_code": "D", "name": "x", "investor": "y", "amount_fen": 1, "leader": "z",
        "agent_id": carrier.get("/me").json["id"],
    }
    assert list(carrier.post("/projects", body).json["errors"]) == ["template_code"]
    stranger = body | {"template_code": "sample", "agent_id": admin.get("/me").json["id"]}
    assert list(carrier.post("/projects", stranger).json["errors"]) == ["agent_id"]
    nowhere = body | {"template_code": "sample", "township_code": "331003001001"}
    assert list(carrier.post("/projects", nowhere).json["errors"]) == ["township_code"]
    assert project(carrier)["template"] == {"code": "sample", "edition": 1}


def test_every_department_of_the_sample_has_a_handler(admin):
    shown = admin.get("/project-templates/sample").json
    wanted = {each["lead_department"] for each in shown["procedures"]}
    accounts = admin.get("/accounts?role=handler&limit=200").json["items"]
    assert wanted <= {each["department_code"] for each in accounts}


def test_a_file_in_the_wires_shape_is_published_and_twice_is_as_good_as_once(district, tmp_path, now):
    path = tmp_path / "own.json"
    named = {"departments": [{"code": "QX", "name": "气象台"}]}
    given = template(procedure("A", lead_department="QX"), code="OWN") | named
    path.write_text(json.dumps(given), "utf-8")
    first = templates.import_template(path, actor=system("cli"), now=now)
    assert first == {"code": "OWN", "edition": 1, "critical_path_working_days": 3, "changed": True}
    assert not templates.import_template(path, actor=system("cli"), now=now)["changed"]
    given["procedures"][0]["limit_working_days"] = 5
    path.write_text(json.dumps(given), "utf-8")
    assert templates.import_template(path, actor=system("cli"), now=now)["edition"] == 2


@pytest.mark.parametrize("text", ["[]", '{"steps": 3}', '{"steps": [{}]}', '{"departments": [1]}', '{"steps": [1]}'])
def test_a_file_that_is_no_template_is_refused(district, tmp_path, now, text):
    (tmp_path / "bad.json").write_text(text, "utf-8")
    with pytest.raises(Invalid):
        templates.import_template(tmp_path / "bad.json", actor=system("cli"), now=now)
