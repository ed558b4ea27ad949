"""Many phones in one process, each with its own weather and its own deaths; what they know at the end, as JSON.

    python -m tests.phone.crowd PORT FOLDER OPERATIONS SEED NUMBER:USERNAME:UNIT …

They work and sync by turns until each has done its operations; then the weather is fine and nobody dies, and they sync
until nothing waits. Each then compares what it holds with the server.
"""
import json
import random
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.cast import PASSWORD
from tests.phone.death import Died, Fate
from tests.phone.life import Life
from tests.phone.line import Line, NoSignal
from tests.phone.phone import Phone
from tests.phone.watch import Watch
from tests.phone.weather import FINE, Weather

PATIENCE = 300
"""Seconds for one phone's last syncs, at the end: the server may be busy with others."""


class Carried:
    """A phone in somebody's hands: switched on again after each death, with what its store holds."""

    def __init__(self, port: int, folder: Path, name: str, username: str, unit_code: str, seed: str) -> None:
        self.chance = random.Random(f"{seed}-{name}")
        self.path, self.username, self.name, self.unit_code = folder / f"{name}.db", username, name, unit_code
        self.weather = Weather(Line("127.0.0.1", port), self.chance)
        self.fate = Fate(self.chance)
        off = timedelta(minutes=self.chance.choice((0, 0, 0, -3, 4, -90, 600)))
        self.watch = Watch(off, self.chance.uniform(-0.01, 0.01))
        self.left = 0
        self.switch_on()

    def switch_on(self) -> None:
        self.phone = Phone(
            self.path, self.weather, self.username, PASSWORD, watch=self.watch, step=self.fate,
            page=self.chance.choice((20, 200, 500)),
        )
        self.life = Life(self.phone, self.chance, self.name, self.unit_code)

    def turn(self) -> None:
        """Some work, and perhaps a try to sync; perhaps the phone dies over it."""
        before = self.phone.store.fact("next_n", 1)
        try:
            for _ in range(min(self.left, self.chance.randrange(1, 12))):
                self.life.act()
            if self.chance.random() < 0.6 and self.phone.sync() and self.chance.random() < 0.5:
                self.life.ask_for_a_seat()
        except NoSignal:
            pass
        except Died:
            self.phone.store.close()
            self.switch_on()
        self.left -= self.phone.store.fact("next_n", 1) - before

    def finish(self) -> None:
        """The weather is fine from now on."""
        self.weather.forecast, self.fate.likely = FINE, 0.0
        until = time.monotonic() + PATIENCE
        while not self.phone.sync() or self.phone.store.count_waiting() or self.phone.store.photos():
            if time.monotonic() > until:
                raise RuntimeError(f"{self.name} does not come to an end")
            time.sleep(0.2)

    def told(self) -> dict[str, Any]:
        """What this phone knows, all others having finished."""
        self.finish()
        return {
            "name": self.name, "username": self.username, "device_id": self.phone.store.fact("device_id"),
            "differing": self.phone.compare(), "deaths": self.fate.deaths, "faults": self.weather.faults,
            "skewed": abs(self.watch.off) > timedelta(minutes=5), "residents": self.phone.store.ids("resident"),
            "photos": self.phone.store.photo_states(), "operations": self.phone.store.operations(),
        }


def main() -> None:
    port, folder, operations, seed, *names = sys.argv[1:]
    crowd = []
    for each in names:
        name, username, unit_code = each.split(":")
        crowd.append(Carried(int(port), Path(folder), name, username, unit_code, seed))
        crowd[-1].left = int(operations)
    chance = random.Random(seed)
    while busy := [one for one in crowd if one.left > 0]:
        chance.choice(busy).turn()
    for one in crowd:
        one.finish()
    sys.stdout.write("finished\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for one in crowd:
        sys.stdout.write(json.dumps(one.told(), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
