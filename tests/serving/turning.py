"""A process that carries a rotation of keys on until it is done, or until it is killed."""
from datetime import timedelta

from backend import prepare, scheduler
from backend import settings as environment
from backend.core import clock, rekeying, secrets
from backend.core.actor import system
from backend.core.problems import Unavailable


def main() -> None:
    """Work as the job does, without waiting for the next tick."""
    settings = environment.from_environment()
    prepare.connect(settings)
    assert scheduler.timetable(settings)
    work = rekeying.Work(
        settings.key_file, settings.data_dir / "files", timedelta(seconds=settings.key_pause_seconds)
    )
    phase: str | None = None
    while phase != secrets.DONE:
        try:
            phase = work.carry_on(actor=system("rotate-keys"), now=clock.SystemClock().now())
        except Unavailable:
            phase = None
        clock.sleep(0.02)


if __name__ == "__main__":
    main()
