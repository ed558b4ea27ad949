"""A stand-in of the roster moves the errands of whom he stands in for, on the days of that leave (rules 5.7)."""
import pytest

from backend.core import actor
from backend.people.actions import accounts
from tests import cast
from tests.cast import errand


@pytest.fixture
def colleague(district_app, now):
    accounts.create(username="agent-two", name="百花社区代办员二", role="agent", unit_code=cast.VILLAGE,
                    password=cast.PASSWORD, actor=actor.system("test"), now=now)
    return cast.sign_in(district_app.test_client(), "agent-two")


def test_a_stand_in_acts_with_the_same_rights_while_the_agent_is_on_leave(
    agent, colleague, township, district_app, fixed_clock
):
    first, second = (caller.get("/me").json["id"] for caller in (agent, colleague))
    case = agent.post("/errands", errand()).json
    shifts = [
        {"date": day, "account_id": first, "desk": "1", "from": "08:30", "to": "17:30", "services": [],
         "kind": "duty", "stand_in_id": second}
        for day in ("2026-02-13", "2026-02-14")
    ]
    assert township.put(f"/units/{cast.VILLAGE}/rosters/2026-02", {"shifts": shifts}).status_code == 200
    leave = agent.post("/rosters/leaves", {"from": "2026-02-13", "to": "2026-02-13", "reason": "探亲"}).json
    assert township.put(f"/rosters/leaves/{leave['id']}/approval").status_code == 200
    acceptance = f"/errands/{case['id']}/acceptance"
    for moment in ("2026-02-12 10:00", "2026-02-14 10:00"):
        fixed_clock.set(moment)
        assert colleague.put(acceptance).json["type"] == "/problems/not-your-errand"
    fixed_clock.set("2026-02-13 10:00")
    taken = colleague.put(acceptance)
    assert (taken.status_code, taken.json["state"], taken.json["agent"]["id"]) == (200, "accepted", first)
