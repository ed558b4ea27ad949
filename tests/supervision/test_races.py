"""What two do at once is done once: replies, withdrawals, the clock, and the numbers of what is issued."""
from backend.core import sql
from backend.core.actor import Call, system
from backend.core.problems import Problem
from backend.supervision.actions import deciding, missing, noticing, ordering, replying
from tests import cast
from tests.reports.weekly import at
from tests.supervision import calls

ROUNDS = 5
GIVEN = {"unit_code": cast.VILLAGE, "source": "meeting", "what": "落实", "quality": "齐全"}
NOTICE = {"kind": "praise", "title": "表扬", "text": "服务周到", "about": [{"unit_code": cast.VILLAGE}]}


def tried(act):
    try:
        return act()
    except Problem as refused:
        return type(refused).__name__


def race(order_id, late, together):
    """What a round of everybody at once came to: two replies, a withdrawal, the clock, an acceptance."""
    supervisor, agent, clock = calls.actor("supervisor"), calls.actor(cast.AGENT), system("look-at-orders")
    acts = (
        lambda: replying.reply(order_id, text="甲", actor=agent.calling(Call()), now=late),
        lambda: replying.reply(order_id, text="乙", actor=agent.calling(Call()), now=late),
        lambda: ordering.withdraw(order_id, reason="撤", actor=supervisor.calling(Call()), now=late),
        lambda: missing.look([order_id], actor=clock.calling(Call()), now=late),
        lambda: deciding.accept(order_id, actor=supervisor.calling(Call()), now=late),
    )
    return together(lambda n: tried(acts[n]), len(acts))


def test_a_reply_a_withdrawal_and_the_clock_meet_and_one_of_them_holds(district_app, together):
    late = at("2026-02-26 17:31")
    for _ in range(ROUNDS):
        given = GIVEN | {"due_on": late.date()}
        order_id = ordering.issue(given, actor=calls.actor("supervisor"), now=at("2026-02-12 10:00"))
        found = race(order_id, late, together)
        assert not [each for each in found if isinstance(each, Exception)], found
        assert [found[0], found[1]].count(order_id) <= 1, found
        kept = sql.row("SELECT state, look_at FROM supervision_order WHERE id = ?", (order_id,))
        assert kept["state"] in ("replied", "accepted", "withdrawn") and kept["look_at"].year == 9999
        rounds = sql.plain("SELECT reply, ended_at FROM order_round WHERE order_id = ?", (order_id,))
        assert len(rounds) == 1 and (rounds[0]["reply"] is None) == (order_id not in found[:2])
    assert len(calls.findings()) <= ROUNDS


def test_notices_issued_at_once_bear_numbers_without_a_gap(district_app, together):
    supervisor, now = calls.actor("supervisor"), at("2026-02-12 10:00")
    drafts = [noticing.draft(NOTICE, actor=supervisor.calling(Call()), now=now) for _ in range(3)]
    found = together(lambda n: tried(
        lambda: noticing.issue(drafts[n % 3], actor=supervisor.calling(Call()), now=now)), 6)
    assert sorted(found.count(each) for each in drafts) == [1, 1, 1], found
    serials = sql.plain("SELECT serial FROM supervision_notice ORDER BY serial")
    assert [each["serial"] for each in serials] == [1, 2, 3]
