"""A process with writers that carries a rotation of keys on until it is done, or until it is killed.

``python -m tests.serving.turning FOLDER RUN RESIDENTS PAUSE``; what was acknowledged and what went wrong is appended to
files of the folder.
"""
import random
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backend import prepare, scheduler
from backend import settings as environment
from backend.core import clock, rekeying, secrets, transaction
from backend.core.actor import Actor, system
from backend.people.actions import residents as writing
from backend.people.queries import residents
from tests import cast

WRITERS = 8
WHO = system("test")
DESK = Actor(id="desk", name="受理员", role="operator", unit_code=cast.TOWNSHIP)
OFFICE = Actor(id="office", name="乡", role="township", unit_code=cast.TOWNSHIP)


def number(serial: int) -> str:
    """A valid ID number for each serial below some twenty millions."""
    day, rest = divmod(serial, 999)
    return cast.id_number(rest + 1, f"{1930 + day // 336}{day // 28 % 12 + 1:02d}{day % 28 + 1:02d}")


def now() -> datetime:
    return datetime.now(UTC)


def seen(serial: int) -> list[str]:
    """Who is found by this number."""
    return [row["id"] for row in residents.looked_up(DESK, id_number=number(serial), now=now())]


class Writers:
    """Look people up, register them again, take new ones in, change phones; what is not found is wrong."""

    def __init__(self, folder: Path, run: int, people: int, pause: float) -> None:
        self.folder, self.run, self.people, self.pause = folder, run, people, pause
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(WRITERS)]
        for thread in self.threads:
            thread.start()

    def work(self, writer: int) -> None:
        chance, serial = random.Random(writer), self.people + (self.run * WRITERS + writer) * 20_000
        told = {"township_code": cast.TOWNSHIP, "name": "王", "address": None}
        try:
            with (self.folder / f"acknowledged-{self.run}-{writer}").open("a") as done:
                while not self.stop.is_set():
                    serial += 1
                    self.round(chance.randrange(self.people), serial, f"139{writer}{serial % 10**7:07d}", told)
                    done.write(f"{serial}\n")
                    done.flush()
                    self.stop.wait(self.pause)
        except Exception as error:
            self.wrong(f"{type(error).__name__}: {error}")
        finally:
            transaction.drop_connection()

    def round(self, known: int, fresh: int, phone: str, told: dict[str, str | None]) -> None:
        found = seen(known)
        again = writing.register(**told, id_number=number(known), phone=None, actor=WHO, now=now())
        made = writing.register(**told, id_number=number(fresh), phone=phone, actor=WHO, now=now())
        writing.edit(made, {"phone": f"137{phone[3:]}"}, actor=OFFICE, now=now())
        if found != [again] or seen(fresh) != [made]:
            self.wrong(f"{known}: {found}, registered again {again}; {fresh}: {made}")

    def wrong(self, what: str) -> None:
        with (self.folder / "wrong").open("a") as file:
            file.write(f"{what}\n")

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()


def main(folder: str, run: str, people: str, pause: str) -> None:
    """Work as the job does, without waiting for the next tick."""
    settings = environment.from_environment()
    prepare.connect(settings)
    assert scheduler.timetable(settings)
    work = rekeying.Work(
        settings.key_file, settings.data_dir / "files", timedelta(seconds=settings.key_pause_seconds)
    )
    writers = Writers(Path(folder), int(run), int(people), float(pause))
    while work.carry_on(actor=system("rotate-keys"), now=now()) != secrets.DONE:
        clock.sleep(0.05)
    writers.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
