"""The same phone twice, and two phones, at one moment: each byte counts once, each id is one account's."""
import uuid
from collections import Counter

from backend.core import adjustable, sql
from backend.core.actor import system
from backend.files.rules import resumable
from tests.cast import Caller
from tests.files.phones import Uploading
from tests.files.samples import PDF

MANY = 6


def at_once(together, district_app, callers, work):
    """The statuses of one call by each of these callers at the same moment."""
    fresh = [Caller(district_app.test_client(), caller.token) for caller in callers]
    answers = together(lambda number: work(fresh[number], number), len(fresh))
    assert all(not isinstance(answer, Exception) for answer in answers), answers
    return Counter(answer.status_code for answer in answers)


def test_a_part_sent_many_times_at_once_counts_once(together, district_app, agent):
    phone = Uploading(agent, PDF)
    callers = [agent] * MANY
    assert at_once(together, district_app, callers, lambda who, _: Uploading(who, PDF, phone.id).begin()) == {201: MANY}
    for start, end in ((0, 30), (30, len(PDF))):
        found = at_once(
            together, district_app, callers,
            lambda who, _, start=start, end=end: Uploading(who, PDF, phone.id).part(start, PDF[start:end]),
        )
        assert found == {204: 1, 409: MANY - 1}
    assert sql.value("SELECT count(*) FROM file") == 1
    assert phone.state()["state"] == "kept"


def test_an_id_wanted_by_many_is_one_accounts(together, district_app, agent, neighbour, operator):
    wanted = str(uuid.uuid4())
    found = at_once(
        together, district_app, [agent, neighbour, operator], lambda who, _: Uploading(who, PDF, wanted).begin()
    )
    assert found == {201: 1, 409: 2}


def test_what_may_be_unfinished_is_not_passed_by_beginning_at_once(together, district_app, agent, fixed_clock):
    value = {"bytes": 10 << 20, "files": 2}
    adjustable.decide(resumable.SETTING, value=value, valid_from=None, actor=system("test"), now=fixed_clock.now())
    fixed_clock.advance(days=1)
    found = at_once(together, district_app, [agent] * MANY, lambda who, _: Uploading(who, PDF).begin())
    assert found == {201: 2, 409: MANY - 2}
