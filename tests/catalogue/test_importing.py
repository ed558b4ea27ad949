"""Importing a catalogue: all or nothing, repeatable, each fault by code and field."""
import json
from datetime import timedelta

import pytest

from backend.catalogue import queries
from backend.catalogue.actions import drafting, importing, publishing
from backend.core import clock, ledger, sql
from backend.core.problems import Invalid, Malformed
from tests.catalogue import SAMPLE, body_of


@pytest.fixture
def document():
    return json.loads(SAMPLE.read_text())


def counts():
    tables = ("item", "item_version", "department", "category", "ledger_entry")
    return {table: sql.value(f"SELECT count(*) FROM {table}") for table in tables}


def test_the_sample_is_imported_whole(sample, now):
    on = clock.local_date(now)
    assert sample == {"created": 40, "changed": 0, "unchanged": 0}
    found = queries.in_force("RS-005", on)
    assert (found["department_name"], found["sample"]) == ("人力社保局（人劳社保）", True)
    assert found["fee"]["charged_fen"] == 1600
    figures = queries.figures_on(on)
    assert (figures["speed_up_percent"], figures["speed_up_mean_of_items_percent"]) == (54.1, 54.9)
    assert figures["by_kind"] == {"instant": 10, "promise": 19, "report": 11}


def test_a_second_import_of_the_same_file_changes_nothing(sample, admin, now):
    before = counts()
    again = importing.import_catalogue(SAMPLE, actor=admin, now=now + timedelta(days=3))
    assert again == {"created": 0, "changed": 0, "unchanged": 40}
    assert counts() == before


def test_a_changed_item_becomes_a_new_version(sample, document, admin, now):
    document["items"][2]["promised_days"] = 5
    later = now + timedelta(days=3)
    assert importing.import_catalogue(document, actor=admin, now=later)["changed"] == 1
    code = document["items"][2]["code"]
    assert queries.in_force(code, clock.local_date(now))["promised_days"] == 7
    assert queries.in_force(code, clock.local_date(later))["version"] == 2


def test_an_item_withdrawn_by_hand_stays_withdrawn_on_reimport(sample, admin, now):
    publishing.withdraw("MZ-003", 1, "暂停办理", actor=admin, now=now)
    importing.import_catalogue(SAMPLE, actor=admin, now=now)
    assert queries.in_force("MZ-003", clock.local_date(now)) is None


def test_a_draft_in_the_making_is_left_alone(sample, document, admin, now):
    drafting.draft_version("MZ-003", body_of(), actor=admin, now=now)
    document["items"][2]["promised_days"] = 5
    importing.import_catalogue(document, actor=admin, now=now)
    page = queries.history("MZ-003", actor=admin, on=clock.local_date(now), limit=9, cursor=None)
    assert [version["state"] for version in page.items] == ["superseded", "draft", "published"]


def test_each_bad_item_is_named_by_code_and_field_and_nothing_is_imported(database, document, admin, now):
    items = document["items"]
    items[0]["promised_days"] = 31
    items[1]["fee"]["basis"] = ""
    items[2]["surprise"] = 1
    items[3]["department"] = "ZZ"
    items[4]["materials"][0].pop("name")
    items[5].pop("code")
    items[7]["code"] = items[6]["code"]
    with pytest.raises(Invalid) as refused:
        importing.import_catalogue(document, actor=admin, now=now)
    assert sorted(refused.value.errors) == sorted([
        f"{items[0]['code']}.promised_days", f"{items[1]['code']}.fee.basis",
        f"{items[2]['code']}.surprise", f"{items[3]['code']}.department",
        f"{items[4]['code']}.materials.0.name", "items[5].code", f"{items[6]['code']}.code",
    ])
    assert set(counts().values()) == {0}


def test_an_item_that_would_overlap_one_announced_ahead_is_named(sample, document, admin, now):
    ref = drafting.draft_version("MZ-003", body_of(), actor=admin, now=now)
    ahead = clock.local_date(now) + timedelta(days=20)
    publishing.publish(*ref, ahead, actor=admin, now=now)
    seq = ledger.head()[0]
    with pytest.raises(Invalid) as refused:
        importing.import_catalogue(document, actor=admin, now=now)
    assert list(refused.value.errors) == ["MZ-003.valid_from"]
    assert ledger.head()[0] == seq


def test_an_agents_own_fee_is_refused(database, document, admin, now):
    document["meta"]["agent_service_fee"] = 100
    with pytest.raises(Invalid) as refused:
        importing.import_catalogue(document, actor=admin, now=now)
    assert list(refused.value.errors) == ["meta.agent_service_fee"]


def test_a_file_that_is_no_json_is_refused(database, tmp_path, admin, now):
    path = tmp_path / "broken.json"
    path.write_text('{"items": [')
    with pytest.raises(Malformed):
        importing.import_catalogue(path, actor=admin, now=now)


@pytest.mark.parametrize("path", ["meta", "departments", "items"])
def test_a_document_without_its_parts_is_refused(database, document, admin, now, path):
    document.pop(path)
    with pytest.raises(Invalid) as refused:
        importing.import_catalogue(document, actor=admin, now=now)
    assert list(refused.value.errors) == [path]
