"""Lists of units: found by name, pinyin and initials, in pages, by index."""
from datetime import date

import pytest

from backend.core import db, sql
from backend.core.actor import system
from backend.core.problems import Invalid
from backend.org import queries
from backend.org.actions import departments
from tests.statements import count_statements

TODAY = date(2026, 2, 12)


def listed(**given):
    asked = {
        "levels": [], "parents": [], "q": None, "standing": "true", "on": TODAY, "limit": 200, "cursor": None
    }
    return queries.units(**(asked | given))


def walked(**given):
    """All the list's codes, page by page."""
    codes, cursor = [], None
    while True:
        page = listed(**given, cursor=cursor)
        codes += [row["code"] for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return codes


def planned(text):
    """SQLite's plan of a statement."""
    return [row[3] for row in sql.execute(f"EXPLAIN QUERY PLAN {text}", [0] * text.count("?"))]


def names(**given):
    return [row["name"] for row in listed(**given).items]


@pytest.mark.parametrize("q", ["黄岩", "黄岩区", "huangyan", "Huang Yan", "hyq", "HYQ", " 黄岩 "])
def test_a_unit_is_found_by_the_beginning_of_name_pinyin_and_initials(district, q):
    found = listed(q=q).items
    assert found[0]["code"] == "331003000000"


@pytest.mark.parametrize("q", ["岩", "yanqu", "黄y", "%", "_", "zzzz", "'", "\U0010ffff"])
def test_what_begins_no_name_finds_nothing(district, q):
    assert names(q=q) == []


@pytest.mark.parametrize("limit", [1, 3, 200])
@pytest.mark.parametrize("q", ["d", "dc", "sh", "shang", "上", "yu"])
def test_a_search_finds_each_unit_once_whatever_the_page(district, q, limit):
    """Against an oracle that reads all units."""
    wanted = {
        row["code"] for row in sql.rows("SELECT code, name, pinyin, initials FROM unit")
        if any(row[key].startswith(q) for key in ("name", "pinyin", "initials"))
    }
    found = walked(q=q, limit=limit)
    assert sorted(found) == sorted(wanted) and wanted


@pytest.mark.parametrize(
    "given",
    [
        {}, {"levels": ["township"]}, {"levels": ["village", "township"]},
        {"parents": ["331003001000"]}, {"parents": ["331003001000", "331003000000"], "levels": ["village"]},
        {"parents": ["331003000000", "331003002000", "331003000000"]},
    ],
)
def test_a_list_holds_what_fits_by_code_in_pages(district, given):
    wanted = [
        row["code"] for row in sql.rows("SELECT code, level, parent_code FROM unit ORDER BY code")
        if ("levels" not in given or row["level"] in given["levels"])
        and ("parents" not in given or row["parent_code"] in given["parents"])
    ]
    assert walked(**given, limit=7) == wanted and wanted


def test_a_search_below_a_parent_stays_there(district):
    assert names(parents=["331003000000"], q="dc") == ["东城街道"]
    assert names(parents=["331003000000"], q="东") == ["东城街道"]
    assert names(parents=["331003001000"], q="dongcheng") == []


def test_higher_levels_come_first(district):
    levels = [row["level"] for row in listed(q="d").items]
    assert levels == sorted(levels, key=["district", "township", "village"].index)


def test_a_unit_out_of_office_is_listed_on_request_only(district):
    sql.execute("UPDATE unit SET valid_to_on = '2026-02-12' WHERE code = '331003001001'")
    sql.execute("UPDATE unit SET valid_from_on = '2026-02-13' WHERE code = '331003001002'")
    gone = {"331003001001", "331003001002"}
    within = {"parents": ["331003001000"]}
    assert not gone & set(walked(**within))
    assert set(walked(**within, standing="false")) == gone
    assert gone < set(walked(**within, standing="all"))
    assert "331003001001" in walked(**within | {"on": date(2026, 2, 11)})
    assert queries.shown(queries.unit("331003001001"), TODAY)["in_office"] is False


@pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "a" * 400])
def test_a_cursor_of_somebody_elses_is_refused(district, cursor):
    with pytest.raises(Invalid):
        listed(cursor=cursor)


@pytest.mark.parametrize(
    "given",
    [
        {}, {"levels": ["village", "township"]}, {"parents": ["331003001000"] * 20}, {"q": "d"}, {"q": "上"},
        {"q": "shang", "levels": ["village"]}, {"q": "d", "parents": ["331003000000"]},
    ],
)
def test_a_list_takes_one_statement_served_by_indexes(district, given):
    page = listed(**given, limit=2)
    with count_statements() as seen:
        listed(**given, limit=2, cursor=page.next_cursor)
    assert len(seen) == 1
    if db.is_sqlite():
        assert not [line for line in planned(seen[0]) if line.startswith("SCAN unit") and "INDEX" not in line]


def test_each_search_reads_a_range_of_its_index_with_both_ends(district):
    if not db.is_sqlite():
        pytest.skip("SQLite tells its plan in one form")
    with count_statements() as seen:
        listed(q="shang")
    plan = planned(seen[0])
    for key in ("initials", "pinyin"):
        found = [line for line in plan if f"unit_level_{key}_code" in line]
        assert len(found) == 5 and all(f"{key}<?" in line and f"({key},code)>" in line for line in found), plan


def test_texts_sort_bytewise_on_both_engines(district):
    found = [row[0] for row in sql.execute("SELECT name FROM unit ORDER BY name").fetchall()]
    assert found == sorted(found)


def test_a_department_is_kept_up_to_date(database, now):
    who = system("import")
    assert departments.ensure("MZ", "民政局", sample=True, actor=who, now=now) == "MZ"
    departments.ensure("MZ", "民政局", sample=True, actor=who, now=now)
    assert queries.department("MZ")["version"] == 1
    departments.ensure("MZ", "区民政局", sample=False, actor=who, now=now)
    departments.ensure("MZ", "区民政局", sample=True, actor=who, now=now)
    row = queries.department("MZ")
    assert (row["name"], bool(row["sample"]), row["version"]) == ("区民政局", False, 2)


def test_departments_come_in_pages_by_code(database, now):
    for code in ("B", "A", "C"):
        departments.ensure(code, f"{code}局", sample=True, actor=system("import"), now=now)
    sql.execute("UPDATE department SET valid_to_on = '2026-02-12' WHERE code = 'C'")
    asked = {"standing": "true", "on": TODAY, "limit": 1}
    first = queries.departments(**asked, cursor=None)
    with count_statements() as seen:
        second = queries.departments(**asked, cursor=first.next_cursor)
    assert [row["code"] for row in first.items + second.items] == ["A", "B"]
    assert second.next_cursor is None and len(seen) == 1
    gone = queries.departments(**asked | {"standing": "false"}, cursor=None)
    assert [row["code"] for row in gone.items] == ["C"]
