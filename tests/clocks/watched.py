"""Clocks for the tests of cards, laid and ended as the acts of a capability would."""
from backend.clocks import jobs
from backend.clocks.actions import running
from backend.clocks.queries import running as clocks
from backend.clocks.rules import ladder
from backend.core import sql
from backend.core.actor import system
from backend.core.transaction import transaction
from tests import cast

ACTOR = system("test")


@transaction
def _within(work, *, actor, now):
    return work()


def begin(subject, now, *, days=10, kind="promise", unit_code=cast.VILLAGE, account_id=None, started_at=None, **more):
    """A clock of ``days`` working days from ``now`` (or earlier) on; its id."""
    def work():
        return running.begin(
            "errand", subject, kind, unit_code=unit_code, budget_days=days, started_at=started_at or now,
            account_id=account_id, now=now, **more,
        )["id"]

    return _within(work, actor=ACTOR, now=now)


def act(verb, subject, now, **more):
    """``end``, ``suspend`` or ``resume`` of the clocks of a subject, as part of somebody's act."""
    if verb == "suspend":
        more = {"reason": "testing", "notice": "检测", "actor": ACTOR}
    return _within(lambda: getattr(running, verb)("errand", subject, now=now, **more), actor=ACTOR, now=now)


def extend(subject, working_days, now):
    def work():
        running.extend(clocks.of("errand", subject, lock=True)[0], working_days, now=now)

    _within(work, actor=ACTOR, now=now)


def tick(now):
    """One pass of the job; of how many clocks it gave cards."""
    return jobs.give_cards(actor=system("give-cards"), now=now)


def cards(subject=None):
    """The cards as they stand, in the order in which they became true."""
    where, params = ("WHERE subject_id = ?", (subject,)) if subject else ("", ())
    found = sql.rows(f"SELECT * FROM card {where}", params)
    return sorted(found, key=lambda card: (card["effective_at"], ladder.RUNGS.index(card["rung"])))


def rungs(subject=None):
    return [card["rung"] for card in cards(subject)]


def account(username):
    return sql.value("SELECT id FROM account WHERE username = ?", (username,))
