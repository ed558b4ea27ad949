"""What an agent does on a day, by chance: takes errands, carries them, notes, edits, and now and then is wrong."""
import random
import struct
import zlib
from datetime import date, timedelta
from typing import Any

from tests.cast import id_number
from tests.phone import leases
from tests.phone.phone import Phone

ITEM, PAPERS = "MZ-003", ("申请书", "户口簿", "身份证", "困难情形证明")
SERVICE = "one"
FAMILY = 6
"""So many residents a unit has here: phones of one unit meet over them."""
NEXT: dict[str, tuple[str, dict[str, Any]]] = {
    "registered": ("errand.accept", {}),
    "accepted": ("errand.complete", {"outcome": "granted", "result": "已办结"}),
    "completed": ("errand.deliver", {"method": "collected", "received_by": "本人"}),
    "delivered": ("errand.close", {}),
}


def picture(chance: random.Random) -> bytes:
    """A small picture, like no other."""
    lines = b"".join(b"\0" + chance.randbytes(3 * 16) for _ in range(16))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


class Life:
    """One agent's work. ``mark`` begins every text of his, so that each can be counted afterwards."""

    def __init__(self, phone: Phone, chance: random.Random, mark: str, unit_code: str) -> None:
        self.phone, self.chance, self.mark, self.unit_code = phone, chance, mark, unit_code

    def act(self) -> None:
        """Do one thing."""
        turn = self.chance.random()
        cases = self._cases()
        if not cases or turn < 0.2:
            self._register()
        elif turn < 0.45:
            self.phone.act("errand.note", self.chance.choice(cases), {"text": self._text()})
        elif turn < 0.55:
            self.phone.act("errand.trip", self.chance.choice(cases), {"made_on": "2026-01-05", "where": self._text()})
        elif turn < 0.75:
            self._carry(self.chance.choice(cases))
        elif turn < 0.85:
            self._edit()
        elif turn < 0.9:
            self._paper(self.chance.choice(cases))
        elif turn < 0.92:
            self._report()
        elif turn < 0.97 and leases.usable(self.phone):
            self._promise()
        else:
            self._silly(cases)

    def _text(self) -> str:
        return f"{self.mark}-{self.phone.store.fact('next_n', 1)}"

    def _new_id(self) -> str:
        """A UUID of this life's own chance."""
        digits = f"{self.chance.getrandbits(128):032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def _cases(self) -> list[str]:
        """The errands that this agent knows of: those that he took here, and those that the server told."""
        taken = [each["entity_id"] for each in self.phone.store.made("errand.register")]
        return list(dict.fromkeys(taken + self.phone.store.ids("errand")))

    def _register(self) -> None:
        who = self.chance.randrange(FAMILY)
        serial = (int(self.unit_code[6:]) * FAMILY + who) % 999
        self.phone.act("errand.register", self._new_id(), {
            "item_code": ITEM, "channel": "home_visit", "note": self._text(),
            "resident": {
                "name": f"王{'甲乙丙丁戊己'[who]}", "id_number": id_number(serial),
                "phone": f"1380576{serial:04d}", "address": "村头一号",
            },
            "mandate": {"given_by": "signature", "expires_on": (date.today() + timedelta(days=300)).isoformat()},
            "materials": [{"name": name, "received": True} for name in PAPERS],
        })

    def _carry(self, case: str) -> None:
        """The next step, as far as this phone knows."""
        found = NEXT.get(self.phone.look("errand", case)["data"].get("state", ""))
        if found is None:
            self.phone.act("errand.note", case, {"text": self._text()})
        else:
            self.phone.act(found[0], case, found[1])

    def _edit(self) -> None:
        """Somebody has another telephone, or lives elsewhere."""
        known = self.phone.store.ids("resident")
        if not known:
            self._register()
            return
        change = {"phone": f"139{self.chance.randrange(10**8):08d}"}
        if self.chance.random() < 0.5:
            change = {"address": self._text()}
        self.phone.act("resident.edit", self.chance.choice(known), change)

    def _paper(self, case: str) -> None:
        paper = {"name": self.chance.choice(PAPERS), "received": self.chance.random() < 0.9}
        self.phone.act("errand.materials", case, {"materials": [paper]})

    def _report(self) -> None:
        """Something does not work, with a picture of it half of the time."""
        given: dict[str, Any] = {"text": self._text()}
        pictures = []
        if self.chance.random() < 0.5:
            pictures = [(self._new_id(), "image/png", picture(self.chance))]
            given["file_ids"] = [pictures[0][0]]
        self.phone.act("problem.report", self._new_id(), given, pictures)

    def ask_for_a_seat(self) -> None:
        """With a signal: a seat at the centre, one of these days, to be promised in the hills."""
        day = date.today() + timedelta(days=self.chance.randrange(1, 6))
        leases.take(self.phone, {"date": day.isoformat(), "service": SERVICE, "count": self.chance.randrange(1, 3)})

    def _promise(self) -> None:
        """Somebody gets a seat of those that this phone keeps; or it goes back."""
        lease = self.chance.choice(leases.usable(self.phone))
        if self.chance.random() < 0.2:
            leases.give_back(self.phone, lease)
        else:
            leases.promise(self.phone, lease, {"name": "王戊", "phone": f"136{self.chance.randrange(10**8):08d}"})

    def _silly(self, cases: list[str]) -> None:
        """What no server takes: it is refused, kept for a person, and what follows is not held up."""
        case = self.chance.choice(cases)
        operation, thing, given = self.chance.choice((
            ("errand.note", case, {}), ("errand.note", self._new_id(), {"text": self._text()}),
            ("errand.unheard_of", case, {"what": "ever"}), ("errand.accept", case, {"no": "such field"}),
            ("errand.register", case, {"item_code": "XX-999"}),
        ))
        self.phone.act(operation, thing, given)
