"""After a resident's data were erased her errands stay readable, and tell nothing of her."""
from datetime import timedelta

from backend.core import erasure, ledger, verification
from backend.core.actor import system
from tests import cast
from tests.errands.test_story import completed, path

COLUMNS = ("name", "pinyin", "initials", "id_number_sealed", "id_number_index", "phone_sealed", "phone_index",
           "address_sealed")


def test_an_errand_of_an_erased_resident_is_still_read_and_worked(agent, stranger, township, fixed_clock):
    case = completed(agent)
    resident = case["resident"]["id"]
    seqs = [entry["seq"] for subject in (("errand", case["id"]), ("resident", resident))
            for entry in ledger.history(*subject)]
    now = fixed_clock.now() + timedelta(minutes=1)
    cells = [erasure.Cells("resident", resident, COLUMNS)]
    erasure.erase_details(seqs, cells=cells, reason="应本人要求", actor=system("test"), now=now)
    shown = agent.get(path(case)).json
    assert shown["resident"] == {"id": resident, "name": "", "id_number": None, "phone": None}
    assert [item["id"] for item in township.get("/errands").json["items"]] == [case["id"]]
    assert {event["detail"] is None for event in agent.get(path(case, "events")).json["items"]} == {True}
    for digits in ({"phone_last4": "1234"}, {"id_last4": cast.id_number(1)[-4:]}):
        assert stranger.post("/progress", {"number": case["number"], **digits}).status_code == 404
    assert agent.put(path(case, "delivery"), {"method": "brought", "received_by": "本人"}).status_code == 200
    assert agent.put(path(case, "closing")).status_code == 200
    assert verification.verify().code == 0
