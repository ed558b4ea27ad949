"""Versions over time: dated ahead, ended, withdrawn; and two people at once."""
from datetime import date, timedelta

import pytest

from backend.catalogue import queries
from backend.catalogue.actions import drafting, publishing
from backend.core import clock, db, ledger, sql
from backend.core.actor import Call
from backend.core.problems import Conflict, IllegalMove, Invalid, NotFound, StaleVersion
from tests import crowd
from tests.catalogue import body_of

TODAY = date(2026, 2, 12)
MARCH = date(2026, 3, 1)


def numbers(code, days):
    found = (queries.in_force(code, day) for day in days)
    return [version and version["version"] for version in found]


def draft(code, admin, now, **changes):
    return drafting.draft_version(code, body_of(code=code, **changes), actor=admin, now=now)


def states(code, admin, on):
    page = queries.history(code, actor=admin, on=on, limit=50, cursor=None)
    return [version["state"] for version in page.items]


def test_a_version_dated_ahead_takes_over_at_midnight(publish, admin, now):
    code = publish()
    publishing.publish(*draft(code, admin, now, promised_days=5), MARCH, actor=admin, now=now)
    assert numbers(code, [TODAY, MARCH - timedelta(1), MARCH, MARCH + timedelta(90)]) == [1, 1, 2, 2]
    assert states(code, admin, MARCH - timedelta(1)) == ["published", "published"]
    assert states(code, admin, MARCH) == ["superseded", "published"]


def test_midnight_is_that_of_shanghai(publish, admin, now):
    code = publish()
    publishing.publish(*draft(code, admin, now), MARCH, actor=admin, now=now)
    last = clock.at_local(MARCH, 0) - timedelta(microseconds=1)
    assert numbers(code, [clock.local_date(last), clock.local_date(last + timedelta(microseconds=1))]) == [1, 2]


def test_no_version_is_in_force_before_the_first_begins(publish):
    code = publish(valid_from=MARCH)
    assert numbers(code, [TODAY, MARCH]) == [None, 1]


def test_a_version_of_today_replaces_another_of_today(publish, admin, now):
    code = publish()
    publishing.publish(*draft(code, admin, now), actor=admin, now=now)
    assert numbers(code, [TODAY - timedelta(1), TODAY]) == [None, 2]
    assert states(code, admin, TODAY) == ["superseded", "published"]


def test_the_past_cannot_be_published_into(publish, admin, now):
    code = publish()
    with pytest.raises(Invalid) as refused:
        publishing.publish(*draft(code, admin, now), TODAY - timedelta(1), actor=admin, now=now)
    assert list(refused.value.errors) == ["valid_from"]


@pytest.mark.parametrize("begins", [MARCH, MARCH - timedelta(1), TODAY, None])
def test_a_version_cannot_overlap_one_announced_ahead(publish, admin, now, begins):
    code = publish()
    publishing.publish(*draft(code, admin, now), MARCH, actor=admin, now=now)
    with pytest.raises(Conflict) as refused:
        publishing.publish(*draft(code, admin, now), begins, actor=admin, now=now)
    assert refused.value.slug == "versions-overlap"
    assert numbers(code, [TODAY, MARCH]) == [1, 2]


def test_versions_can_follow_one_another_ahead(publish, admin, now):
    code = publish()
    publishing.publish(*draft(code, admin, now), MARCH, actor=admin, now=now)
    publishing.publish(*draft(code, admin, now), MARCH + timedelta(31), actor=admin, now=now)
    assert numbers(code, [TODAY, MARCH, MARCH + timedelta(31)]) == [1, 2, 3]


def test_an_older_draft_is_not_published_over_a_newer_version(publish, admin, now):
    code = publish()
    older = draft(code, admin, now)
    publishing.publish(*draft(code, admin, now), actor=admin, now=now)
    with pytest.raises(Conflict):
        publishing.publish(*older, actor=admin, now=now)


def test_a_withdrawn_version_is_no_longer_offered_but_was_in_force(publish, admin, now):
    code = publish()
    later = now + timedelta(days=5)
    publishing.withdraw(code, 1, "上级取消该事项", actor=admin, now=later)
    assert numbers(code, [TODAY, TODAY + timedelta(4), TODAY + timedelta(5)]) == [1, 1, None]
    assert states(code, admin, TODAY + timedelta(5)) == ["withdrawn"]


def test_withdrawing_what_has_not_begun_lets_the_running_version_go_on(publish, admin, now):
    code = publish()
    second = draft(code, admin, now)
    publishing.publish(*second, MARCH, actor=admin, now=now)
    third = draft(code, admin, now)
    publishing.publish(*third, MARCH + timedelta(31), actor=admin, now=now)
    publishing.withdraw(*second, "推迟", actor=admin, now=now)
    assert numbers(code, [TODAY, MARCH, MARCH + timedelta(31)]) == [1, 1, 3]
    publishing.withdraw(*third, "推迟", actor=admin, now=now)
    assert numbers(code, [MARCH + timedelta(31)]) == [1]


def test_a_withdrawn_item_can_be_offered_anew(publish, admin, now):
    code = publish()
    publishing.withdraw(code, 1, "误发布", actor=admin, now=now)
    publishing.publish(*draft(code, admin, now), actor=admin, now=now)
    assert numbers(code, [TODAY]) == [2]


@pytest.mark.parametrize("verb", ["edit", "publish"])
def test_a_published_version_never_changes(publish, admin, now, verb):
    code = publish()
    with pytest.raises(IllegalMove) as refused:
        if verb == "edit":
            drafting.edit(code, 1, body_of(), actor=admin, now=now)
        else:
            publishing.publish(code, 1, actor=admin, now=now)
    assert refused.value.extra == {"state": "published", "possible": ["withdraw"]}


def test_neither_drafts_nor_superseded_versions_can_be_withdrawn(publish, admin, now):
    code = publish()
    second = draft(code, admin, now)
    with pytest.raises(IllegalMove):
        publishing.withdraw(*second, "不用了", actor=admin, now=now)
    publishing.publish(*second, actor=admin, now=now)
    with pytest.raises(IllegalMove):
        publishing.withdraw(code, 1, "不用了", actor=admin, now=now)


def test_an_old_version_shows_the_department_name_of_its_time(publish, admin, now):
    code = publish()
    sql.execute("UPDATE department SET name = ? WHERE code = ?", ("民政和社会保障局", "MZ"))
    publishing.publish(*draft(code, admin, now), actor=admin, now=now)
    names = [queries.version(code, number)["department_name"] for number in (1, 2)]
    assert names == ["民政局", "民政和社会保障局"]


def test_a_stale_reader_publishes_nothing(publish, admin, now):
    code = publish()
    ref = draft(code, admin, now)
    drafting.edit(*ref, body_of(promised_days=3, process=["受理"]), actor=admin, now=now)
    with pytest.raises(StaleVersion):
        publishing.publish(*ref, actor=admin.calling(Call(if_match=1)), now=now)
    assert numbers(code, [TODAY]) == [1]


def test_every_change_is_in_the_ledger(publish, admin, now):
    code = publish()
    second = draft(code, admin, now)
    publishing.publish(*second, MARCH, actor=admin, now=now)
    publishing.withdraw(*second, "推迟", actor=admin, now=now)
    first = [entry["action"] for entry in ledger.history("item_version", f"{code}:1")]
    assert first == ["item.draft", "item.publish", "item.supersede", "item.prolong"]
    last = ledger.history("item_version", f"{code}:2")[-1]
    assert (last["action"], last["detail"]["reason"]) == ("item.withdraw", "推迟")


def test_a_refused_publication_leaves_nothing(departments, admin, now):
    drafting.create_item({"code": "X-1", "department": "MZ"}, actor=admin, now=now)
    seq = ledger.head()[0]
    with pytest.raises(Exception, match="Not disclosed"):
        publishing.publish("X-1", 1, actor=admin, now=now)
    assert ledger.head()[0] == seq
    with pytest.raises(NotFound):
        queries.version("X-1", 1)


def test_of_two_publications_of_one_draft_one_wins(publish, admin, now):
    code = publish()
    ref = draft(code, admin, now)
    outcomes = crowd.at_once(*[lambda: publishing.publish(*ref, actor=admin, now=now)] * 4)
    assert outcomes.count(ref) == 1
    assert sum(isinstance(outcome, IllegalMove) for outcome in outcomes) == 3
    assert numbers(code, [TODAY]) == [2]


def test_publications_of_two_drafts_at_once_leave_one_in_force(publish, admin, now):
    code = publish()
    refs = [draft(code, admin, now) for _ in range(2)]
    outcomes = crowd.at_once(
        lambda: publishing.publish(*refs[0], MARCH, actor=admin, now=now),
        lambda: publishing.publish(*refs[1], MARCH, actor=admin, now=now),
    )
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
    day = MARCH.isoformat()
    running = "valid_from_on <= ? AND (valid_to_on IS NULL OR valid_to_on > ?)"
    assert sql.value(f"SELECT count(*) FROM item_version WHERE {running}", (day, day)) == 1


def test_drafts_made_at_once_have_numbers_of_their_own(publish, admin, now):
    code = publish()
    outcomes = crowd.at_once(*[lambda: draft(code, admin, now)] * 4)
    assert sorted(outcomes) == [[code, number] for number in (2, 3, 4, 5)]


def test_the_version_in_force_costs_one_statement_and_a_known_one_none(publish, statements):
    code = publish()
    db.caches.clear()
    statements.clear()
    queries.in_force(code, TODAY)
    assert len(statements) == 1
    queries.version(code, 1)
    queries.versions([(code, 1), (code, 1)])
    assert len(statements) == 1
