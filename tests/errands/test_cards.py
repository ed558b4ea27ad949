"""Cards of errands from acceptance to the notice that tells of them (rules 4)."""
import pytest

from backend.core import clock, sql
from backend.core.actor import system
from backend.errands.jobs import warning
from backend.errands.queries import running
from tests import cast
from tests.clocks.watched import account, rungs, tick
from tests.statements import count_statements


@pytest.fixture
def case(agent):
    """临时救助, seven working days from Thursday 12 February: due Monday 2 March."""
    return agent.put(f"/errands/{agent.post('/errands', cast.errand()).json['id']}/acceptance").json


@pytest.fixture
def tell(fixed_clock):
    """Both jobs at a moment; of how many cards staff were told."""
    def work(text):
        tick(fixed_clock.set(text))
        return warning.tell_cards(actor=system("tell-cards"), now=fixed_clock.now())

    return work


def notices():
    return [(row["recipient_id"], row["template"]) for row in sql.rows("SELECT * FROM notice WHERE template = 'card'")]


def test_staff_are_told_in_the_morning_by_the_errands_number(case, tell, agent):
    """Due 28 February (a make-up Saturday), reminder at close of 26 February."""
    assert (case["due_at"][:10], tell("2026-02-26 17:29"), tell("2026-02-26 17:31")) == ("2026-02-28", 0, 0)
    assert [tell("2026-02-27 08:29"), tell("2026-02-27 08:30"), tell("2026-02-27 08:40")] == [0, 1, 0]
    assert notices() == [(account(cast.AGENT), "card")]
    row = sql.row("SELECT subject_id, subject_number, dedupe FROM notice WHERE template = 'card'")
    card = sql.value("SELECT id FROM card")
    assert row == {"subject_id": case["id"], "subject_number": case["number"],
                   "dedupe": f"card:{card}:{account(cast.AGENT)}"}


def test_a_post_that_falls_vacant_over_night_passes_its_card_up(case, tell, agent):
    tell("2026-03-01 12:00")
    assert rungs()[-1] == "red"
    sql.run("UPDATE post SET account_id = NULL WHERE code = ?", (cast.TOWNSHIP,))
    tell("2026-03-02 08:30")
    red = sql.row("SELECT post_code, post, account_id FROM card WHERE rung = 'red'")
    assert red == {"post_code": cast.DISTRICT, "post": "duty", "account_id": account("office")}
    assert (account("office"), "card") in notices()
    actions = [row["action"] for row in sql.rows("SELECT action FROM ledger_entry WHERE subject_id = ?", (case["id"],))]
    assert "card.readdress" in actions


def test_a_card_reversed_before_its_delivery_is_told_nobody(case, tell):
    tell("2026-02-26 17:31")
    sql.run("UPDATE card SET state = 'reversed'")
    assert tell("2026-02-27 08:30") == 0 and notices() == []
    assert sql.value("SELECT pending_at FROM card") == clock.to_micros(clock.NEVER)


def test_completed_late_before_the_tick_the_errand_has_its_red_card_and_no_more(case, agent, tell, fixed_clock):
    fixed_clock.set("2026-02-13 10:00")
    agent = cast.sign_in(agent.client, cast.AGENT)
    fixed_clock.set("2026-02-28 17:30")
    agent = cast.sign_in(agent.client, cast.AGENT)
    fixed_clock.advance(seconds=1)
    done = agent.put(f"/errands/{case['id']}/completion", {"outcome": "granted", "result": "已办"})
    assert (done.status_code, done.json["light"]) == (200, "red")
    assert rungs() == ["reminder", "yellow", "red"]
    tell("2026-03-20 10:00")
    assert rungs() == ["reminder", "yellow", "red"]


def test_the_history_tells_of_cards_in_chinese(case, agent, tell, fixed_clock):
    tell("2026-02-28 17:31")
    agent = cast.sign_in(agent.client, cast.AGENT)
    items = agent.get(f"/errands/{case['id']}/events").json["items"]
    assert [item["what"] for item in items[-3:]] == ["发出预警提醒", "发出黄牌", "发出红牌"]
    assert [item["actor"]["name"] for item in items[-3:]] == ["系统"] * 3


def test_what_is_pending_is_found_by_index_and_named_in_one_statement(case, tell):
    with count_statements() as seen:
        assert tell("2026-02-20 10:00") == 0
    assert len(seen) == 2
    with count_statements() as seen:
        assert list(running.named([case["id"]])) == [case["id"]] and running.named([]) == {}
    assert len(seen) == 1
