"""Two offices issue at once, townships correct while it is done: one bulletin, and each text is told once."""
import orjson

from backend.core import sql
from backend.core.actor import Call
from backend.core.problems import Problem
from backend.reports.actions import issuing
from backend.reports.rules.bulletins import AlreadyIssued
from tests import cast
from tests.reports import weekly
from tests.reports.test_bulletin import ISSUER
from tests.reports.weekly import at

WEEK, NEXT = "2026-W06", "2026-W07"


def issue(week, now):
    issuing.issue(week, actor=ISSUER.calling(Call()), now=now)


def outcome(act):
    try:
        act()
    except Problem as refused:
        return type(refused)
    return None


def test_issuing_at_once_gives_one_bulletin(district_app, together):
    found = together(lambda _: outcome(lambda: issue(WEEK, at("2026-02-09 09:00"))), 6)
    assert sorted(map(str, found)) == sorted(map(str, [None] + [AlreadyIssued] * 5))
    assert sql.value("SELECT count(*) FROM bulletin") == 1
    assert sql.value("SELECT count(*) FROM ledger_entry WHERE action = 'bulletin.issue'") == 1


def test_every_text_is_told_by_its_own_bulletin_or_as_one_erratum(district_app, together):
    ours = weekly.townships()[:5]
    for code in ours:
        weekly.file(NEXT, code, at("2026-02-12 10:00"))
    moment = at("2026-02-23 09:00")

    def act(number):
        if number == 2:
            issue(NEXT, moment)
        else:
            weekly.correct(NEXT, ours[number % 5], moment)

    assert all(not isinstance(each, Exception) for each in together(act, 5))
    issuing.issue("2026-W09", actor=ISSUER, now=at("2026-03-02 09:00"))
    body = orjson.loads(sql.value("SELECT body FROM bulletin WHERE week = '2026-W09'"))
    told = sql.plain("SELECT report_id, n, week FROM bulletin_revision ORDER BY report_id, n")
    assert [(one["report_id"], one["n"]) for one in told] == [
        tuple(row.values()) for row in sql.plain("SELECT report_id, n FROM report_revision ORDER BY report_id, n")
    ]
    late = sorted(one["report_id"][9:] for one in told if one["week"] == "2026-W09")
    assert sorted(one["unit_code"] for one in body["errata"]) == late
    assert sql.value("SELECT count(*) FROM bulletin") == 2 and body["district"]["code"] == cast.DISTRICT
