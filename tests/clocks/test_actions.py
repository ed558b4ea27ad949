"""Loading notices and closing days, on both engines."""
import json
from datetime import date

import pytest

from backend.clocks import queries, rules
from backend.clocks.actions import closures, years
from backend.clocks.actions.years import SHIPPED
from backend.core import db, ledger, sql
from backend.core.actor import Actor, Call, system
from backend.core.problems import Conflict, Forbidden, Invalid, Malformed, NotFound, StaleVersion
from tests.clocks.conftest import DISTRICT, NEIGHBOUR, TOWNSHIP, VILLAGE

NEXT = {
    "$schema": "https://example.org/schema.json", "$id": "2027.json", "year": 2027, "papers": ["https://example.org/x"],
    "days": [
        {"name": "元旦", "date": "2026-12-26", "isOffDay": False},
        {"name": "元旦", "date": "2026-12-31", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-02", "isOffDay": True},
    ],
}


def test_the_official_years_are_loaded_once(loaded, now):
    assert sorted(queries.loaded_years()) == list(range(2015, 2027))
    assert years.load_official_years(actor=system("start"), now=now) == []
    assert sql.value("SELECT count(*) FROM calendar_day") == 4383
    assert len(ledger.history("calendar_year", "2026")) == 1


def test_a_missing_shipped_year_is_loaded_and_the_others_stand(loaded, admin, now):
    years.import_year(NEXT, actor=admin, now=now)
    sql.run("DELETE FROM calendar_year WHERE year = 2020")
    assert years.load_official_years(actor=system("start"), now=now) == [2020]
    assert not queries.calendar().is_provisional(date(2026, 12, 31))


def test_importing_the_next_year_settles_late_december(loaded, admin, now):
    before = queries.calendar()
    assert before.is_provisional(date(2026, 12, 31)) and before.is_working(date(2026, 12, 31))
    done = years.import_year(NEXT, actor=admin, now=now)
    assert [(day["date"], day["before"], day["after"]) for day in done["difference"]] == [
        ("2026-12-26", "rest", "makeup"), ("2026-12-31", "work", "holiday"),
        ("2027-01-01", "work", "holiday"), ("2027-01-02", "rest", "holiday"),
    ]
    after = queries.calendar()
    assert after.kind(date(2026, 12, 31)) == "holiday"
    assert not after.provisional_between(date(2026, 11, 30), date(2027, 1, 31))
    assert after.is_provisional(date(2027, 12, 1)) and not after.is_provisional(date(2027, 11, 30))
    (entry,) = ledger.history("calendar_year", "2027")
    assert entry["detail"]["difference"] == done["difference"]


def test_a_year_already_announced_can_be_imported_again_and_shows_the_difference(loaded, admin, now):
    years.import_year(NEXT, actor=admin, now=now)
    changed = NEXT | {"days": NEXT["days"][1:]}
    done = years.import_year(changed, actor=admin, now=now)
    assert done["difference"] == [{"date": "2026-12-26", "before": "makeup", "after": "rest", "name": "元旦"}]
    assert queries.calendar().kind(date(2026, 12, 26)) == "rest"
    assert years.import_year(changed, actor=admin, now=now)["difference"] == []
    assert queries.year(2027)["version"] == 3


def test_importing_the_year_before_keeps_what_the_next_notice_says_of_december(loaded, admin, now):
    years.import_year(NEXT, actor=admin, now=now)
    again = json.loads((SHIPPED / "2026.json").read_text())
    assert years.import_year(again, actor=admin, now=now)["difference"] == []
    assert queries.calendar().kind(date(2026, 12, 31)) == "holiday"


def test_a_dry_run_writes_nothing(loaded, admin, now):
    stamp, head = queries.stamp(), ledger.head()
    done = years.import_year(NEXT, dry_run=True, actor=admin, now=now)
    assert len(done["difference"]) == 4 and done["dry_run"]
    assert (queries.stamp(), ledger.head(), queries.year(2027)) == (stamp, head, None)


def test_a_refused_notice_writes_nothing(loaded, admin, now):
    twice = NEXT | {"days": NEXT["days"] + NEXT["days"][:1]}
    with pytest.raises(Invalid) as refused:
        years.import_year(twice, actor=admin, now=now)
    assert "2026-12-26" in refused.value.errors["days.4"][0].zh
    assert queries.year(2027) is None


def test_a_file_is_imported_and_a_bad_one_refused(loaded, admin, now, tmp_path):
    path = tmp_path / "2027.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(NEXT).encode())
    assert years.import_calendar_file(path, actor=admin, now=now)["year"] == 2027
    path.write_text("{")
    with pytest.raises(Malformed):
        years.import_calendar_file(path, actor=admin, now=now)


def test_the_calendar_is_built_once_and_again_after_a_change(loaded, admin, now):
    first = queries.calendar()
    assert queries.calendar() is first
    years.import_year(NEXT, actor=admin, now=now)
    assert queries.calendar() is not first


def test_a_kept_calendar_costs_one_statement(loaded, monkeypatch):
    queries.calendar()
    seen = []
    execute = sql.execute
    monkeypatch.setattr(sql, "execute", lambda *args: seen.append(args) or execute(*args))
    queries.calendar()
    assert len(seen) == 1


def test_a_closure_holds_for_the_subtree_and_not_beside_it(loaded, tree, admin, now):
    day = date(2026, 3, 3)
    closures.close_day(day, TOWNSHIP, "台风", actor=admin, now=now)
    span = (date(2026, 3, 1), date(2026, 3, 31))
    assert queries.closures(VILLAGE, *span) == queries.closures(TOWNSHIP, *span) == {day}
    assert queries.closures(NEIGHBOUR, *span) == queries.closures(DISTRICT, *span) == frozenset()
    assert queries.closures(VILLAGE, date(2026, 3, 4), date(2026, 3, 31)) == frozenset()
    assert queries.closures(None, *span) == frozenset()
    closed = queries.closures(VILLAGE, *span)
    limit = rules.limit_of(now.replace(month=3, day=2), 1, queries.calendar(), (), closed)
    assert limit.due_on == date(2026, 3, 4)


def test_a_unit_is_closed_once_a_day(loaded, tree, admin, now):
    closures.close_day(date(2026, 3, 3), TOWNSHIP, "台风", actor=admin, now=now)
    with pytest.raises(Conflict):
        closures.close_day(date(2026, 3, 3), TOWNSHIP, "停电", actor=admin, now=now)
    closures.close_day(date(2026, 3, 3), DISTRICT, "台风", actor=admin, now=now)


def test_a_closure_entered_by_mistake_is_taken_back_and_stays_in_the_ledger(loaded, tree, admin, now):
    made = closures.close_day(date(2026, 3, 3), TOWNSHIP, "台风", actor=admin, now=now)
    stale = admin.calling(Call(if_match=7))
    with pytest.raises(StaleVersion):
        closures.take_back(made, actor=stale, now=now)
    closures.take_back(made, actor=admin, now=now)
    assert queries.closure(made) is None
    acts = [entry["action"] for entry in ledger.history("closure", made)]
    assert acts == ["closure.make", "closure.take_back"]
    with pytest.raises(NotFound):
        closures.take_back(made, actor=admin, now=now)


def test_an_unknown_unit_cannot_be_closed(loaded, tree, admin, now):
    with pytest.raises(Invalid) as refused:
        closures.close_day(date(2026, 3, 3), "999999999999", "台风", actor=admin, now=now)
    assert list(refused.value.errors) == ["unit_code"]


def test_nothing_crashes_on_an_empty_database(database):
    assert db.caches == {} and queries.calendar().is_provisional(date(2026, 3, 3))


def test_an_admin_closes_no_offices_of_another_district(loaded, tree, admin, now):
    """A closure moves the clocks of the whole subtree; units are public, so 403."""
    elsewhere = Actor(id="admin-2", name="管理员", role="admin", unit_code="331004000000")
    with pytest.raises(Forbidden):
        closures.close_day(date(2026, 3, 3), TOWNSHIP, "台风", actor=elsewhere, now=now)
    made = closures.close_day(date(2026, 3, 3), TOWNSHIP, "台风", actor=admin, now=now)
    with pytest.raises(Forbidden):
        closures.take_back(made, actor=elsewhere, now=now)
