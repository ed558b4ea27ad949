"""What the fuzzer knows of cards: some that stand, some appealed against."""
import itertools
from datetime import timedelta
from typing import Any

from backend.clocks.rules import ladder
from tests import cast
from tests.clocks.watched import begin, tick
from tests.conftest import START

_serials = itertools.count()


def renew(known: Any) -> None:
    """Cards that stand, each role's to see, some of them appealed against; the only setting there is."""
    late = START - timedelta(days=3)
    for department in (None, "MZ"):
        for _ in range(2):
            begin(f"fuzz-{next(_serials)}", START, days=0, started_at=late, department_code=department,
                  unit_code=cast.VILLAGE if department else cast.TOWNSHIP)
    begin(f"fuzz-{next(_serials)}", START, days=0, started_at=late)
    tick(START)
    for role in ("agent", "operator", "township", "handler", "supervisor"):
        cards = known.caller(role).get("/cards?limit=20&state=standing").json["items"]
        known.values[f"card_id {role}"] = [card["id"] for card in cards]
        if role != "supervisor" and cards:
            known.callers[role].post(f"/cards/{cards[0]['id']}/appeals", {"reason": "已按时办结"})
    appealed = known.caller("supervisor").get("/cards?state=appealed").json["items"]
    known.values["card_id supervisor"] = known.values["card_id"] = [card["id"] for card in appealed]
    known.values["setting"] = [ladder.NAME]
