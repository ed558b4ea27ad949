"""Importing divisions: any part of the country, all or nothing, repeatable."""
from pathlib import Path

import pytest

from backend.core import db, ledger, sql
from backend.core.actor import system
from backend.org import queries
from backend.org.actions import importing
from backend.org.rules.divisions import BadDivisions
from tests.statements import count_statements

SAMPLE = Path(__file__).parents[2] / "backend" / "sample" / "huangyan" / "divisions.csv"
HEAD = "code,name,level,parent_code\n"
TREE = (
    "331003000000,黄岩区,county,\n"
    "331003001000,东城街道,township,331003000000\n"
    "331003001001,百花社区居委会,village,331003001000\n"
)


@pytest.fixture
def put(database, now, tmp_path):
    def imported(text, head=HEAD):
        path = tmp_path / "divisions.csv"
        path.write_bytes(text if isinstance(text, bytes) else (head + text).encode())
        return importing.import_divisions(path, actor=system("import"), now=now)

    return imported


def counted():
    return sql.value("SELECT count(*) FROM unit")


def test_the_sample_district_is_imported(database, now):
    counts = importing.import_divisions(SAMPLE, actor=system("import"), now=now)
    assert counts == {"read": 368, "added": 368, "changed": 0, "unchanged": 0}
    district = queries.unit("331003000000")
    assert district["level"] == "district" and district["parent_code"] is None
    assert sql.value("SELECT count(*) FROM unit WHERE level = 'village'") == 348


def test_a_second_import_changes_and_writes_nothing(put):
    put(TREE)
    head = ledger.head()
    with count_statements() as seen:
        assert put(TREE) == {"read": 3, "added": 0, "changed": 0, "unchanged": 3}
    assert not [text for text in seen if text.lstrip().startswith(("INSERT", "UPDATE", "DELETE", "WITH"))]
    assert ledger.head() == head


def test_an_import_is_one_entry_of_the_ledger(put):
    put(TREE)
    assert ledger.head()[0] == 1
    digest = sql.value("SELECT subject_id FROM ledger_entry")
    entry = ledger.history("divisions", digest)[0]
    assert entry["action"] == "divisions.import" and entry["detail"]["added"] == 3
    assert entry["detail"]["sha256"] == digest


def test_a_changed_name_is_a_change_with_new_pinyin(put):
    put(TREE)
    counts = put(TREE.replace("东城街道", "西城街道"))
    assert counts == {"read": 3, "added": 0, "changed": 1, "unchanged": 2}
    unit = sql.row("SELECT name, pinyin, initials, version FROM unit WHERE code = '331003001000'")
    assert unit == {"name": "西城街道", "pinyin": "xichengjiedao", "initials": "xcjd", "version": 2}


def test_units_that_a_later_file_leaves_out_stay(put):
    put(TREE)
    put(TREE.splitlines()[0] + "\n")
    assert counted() == 3


def test_a_parent_may_stand_in_the_database(put):
    put(TREE)
    counts = put("331003001002,东浦社区居委会,village,331003001000\n")
    assert counts["added"] == 1


def test_a_root_that_names_no_parent_keeps_the_one_it_has(put):
    put("330000000000,浙江省,province,\n331000000000,台州市,city,330000000000\n")
    put("331003000000,黄岩区,county,331000000000\n")
    assert put(TREE) == {"read": 3, "added": 2, "changed": 0, "unchanged": 1}
    assert queries.unit("331003000000")["parent_code"] == "331000000000"


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1)])
def test_a_city_without_districts_stands_in_the_file_twice(put, order):
    lines = (
        "440000000000,广东省,province,\n441900000000,东莞市,city,440000000000\n",
        "441900000000,东莞市,county,441900000000\n",
        "441900003000,东城街道,township,441900000000\n",
    )
    text = "".join(lines[n] for n in order)
    assert put(text) == {"read": 4, "added": 3, "changed": 0, "unchanged": 1}
    assert queries.unit("441900000000")["level"] == "city"
    assert put(text)["unchanged"] == 4


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + (HEAD + TREE).encode(),
        (HEAD + TREE).replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + (HEAD + TREE + "\n\n").replace("\n", "\r\n").encode(),
        (HEAD + TREE).rstrip("\n").encode(),
        (HEAD + TREE).replace("黄岩区", '"黄岩区"').encode(),
        (HEAD + "".join(reversed(TREE.splitlines(keepends=True)))).encode(),
    ],
    ids=["bom", "crlf", "bom, crlf, blank lines", "no end of line", "quoted", "children first"],
)
def test_the_usual_forms_of_a_file_are_read(put, raw):
    assert put(raw)["added"] == 3
    assert queries.unit("331003000000")["name"] == "黄岩区"


VILLAGE = "331003001002,东浦社区居委会,village,331003001000"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (VILLAGE + ",1", "4 columns"),
        ("331003001002,东浦社区,village", "4 columns"),
        ("33100300100,东浦社区,village,331003001000", "12 digits"),
        ("３31003001002,东浦社区,village,331003001000", "12 digits"),
        ("000000000000,全国,province,", "12 digits"),
        ("=1+331003001,东浦社区,village,331003001000", "12 digits"),
        ("331003001002,,village,331003001000", "empty"),
        ("331003001002, \u3000,village,331003001000", "empty"),
        ("331003001002," + "东" * 101 + ",village,331003001000", "100"),
        ("331003001002,东\x00浦,village,331003001000", "control"),
        ("331003001002,东\r浦,village,331003001000", "control"),
        ("331003001002,东\u202e浦,village,331003001000", "control"),
        ("331003001002,东浦\ufffd,village,331003001000", "control"),
        ("331003001002,东浦社区,hamlet,331003001000", "level must be"),
        ("331003001002,东浦社区,township,331003001000", "does not fit"),
        ("331003002001,东浦社区,village,331003002000", "parent 331003002000 is missing"),
        ("331003001002,东浦社区,village,", "parent_code is missing"),
        ("331003001002,东浦社区,village,331003", "12 digits"),
        ("331003001002,东浦社区,village,331003001001", "does not contain"),
        ("331003001002,东浦社区,village,331003100000", "does not contain"),
        ("331003001001,百花社区居委会,village,331003001000", "given before"),
        ("331003009000,城,township,331003009000", "missing"),
        ('331003001002,"东浦社区,village,331003001000', "quoting"),
        ('331003001002,"东浦"社区,village,331003001000', "quoting"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_imported(put, line, told):
    with pytest.raises(BadDivisions) as refused:
        put(TREE + line + "\n")
    assert refused.value.extra["line"] == 5
    assert "第 5 行" in refused.value.detail.zh
    assert "Line 5:" in refused.value.detail.en and told in refused.value.detail.en
    assert counted() == 0 and ledger.head()[0] == 0


def test_a_parent_of_the_same_level_is_refused(put):
    """A city-shaped code may be a district's (a city without districts); it has no districts then."""
    put("441900000000,东莞市,county,\n")
    with pytest.raises(BadDivisions) as refused:
        put("441901000000,某区,county,441900000000\n")
    assert refused.value.extra["line"] == 2 and "higher level" in refused.value.detail.en


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"", 1), (HEAD.encode(), 1), (b"code,name\n", 1), (b"PK\x03\x04\x00\xff", 1),
        (HEAD.encode() + TREE.encode("gbk"), 2), (HEAD.encode("utf-16"), 1),
        (HEAD.encode() + b"331003000000,\xed\xa0\x80,county,\n", 2),
    ],
    ids=["empty", "no line", "other columns", "archive", "gbk", "utf-16", "surrogate"],
)
def test_a_file_of_another_kind_is_refused(put, raw, line):
    with pytest.raises(BadDivisions) as refused:
        put(raw)
    assert refused.value.extra["line"] == line


def test_a_late_bad_line_undoes_what_came_before(put):
    """The missing parent is seen only when earlier lines were written."""
    many = "".join(f"331003001{n:03},某某村,village,331003001000\n" for n in range(2, 1000))
    with pytest.raises(BadDivisions) as refused:
        put(TREE + many + "331003002001,东浦村,village,331003002000\n")
    assert refused.value.extra["line"] == 1003
    assert counted() == 0


def test_a_name_that_takes_more_pinyin_than_there_is_room_is_cut(put):
    put("331003000000," + "庄" * 100 + ",county,\n")
    assert sql.value("SELECT length(pinyin) FROM unit") == 300
    assert sql.value("SELECT length(initials) FROM unit") == 100


def test_indexes_stand_after_an_import_and_after_a_failed_one(put):
    """Those of an empty table are built after it was filled."""
    wanted = sorted(index.name for index in db.database.get_indexes("unit"))
    with pytest.raises(BadDivisions):
        put(TREE + "331003002001,东浦村,village,331003002000\n")
    assert sorted(index.name for index in db.database.get_indexes("unit")) == wanted
    put(TREE)
    assert sorted(index.name for index in db.database.get_indexes("unit")) == wanted
    if not db.is_sqlite():
        clause = "indexdef LIKE '%COLLATE%'"
        assert sql.value(f"SELECT count(*) FROM pg_indexes WHERE tablename = 'unit' AND {clause}") == 0
