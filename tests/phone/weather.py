"""Bad weather between a phone and the server: requests and answers get lost, come twice, or long after their time."""
import random
from dataclasses import dataclass

from tests.phone.line import Answer, NoSignal, Way


@dataclass(frozen=True)
class Forecast:
    """How likely each fault is, per request."""

    lost: float = 0.1
    unanswered: float = 0.1
    doubled: float = 0.1
    late: float = 0.1


FINE, STORM = Forecast(0, 0, 0, 0), Forecast()
MOST_LATE = 5


class Weather:
    """A way on which things go wrong, the same things for the same ``chance``."""

    def __init__(self, way: Way, chance: random.Random, forecast: Forecast = STORM) -> None:
        self.way, self.chance, self.forecast = way, chance, forecast
        self.late: list[tuple[str, str, bytes | None, dict[str, str]]] = []
        self.faults = 0

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """One exchange, or NoSignal; copies of former requests may arrive before it."""
        request = (method, path, body, headers)
        while self.late and self._happens(self.forecast.late * 2 or 1):
            self.way.send(*self.late.pop(self.chance.randrange(len(self.late))))
        if self._happens(self.forecast.lost):
            raise NoSignal()
        if self._happens(self.forecast.late) and len(self.late) < MOST_LATE:
            self.late.append(request)
        answer = self.way.send(*request)
        if self._happens(self.forecast.doubled):
            answer = self.way.send(*request)
        if self._happens(self.forecast.unanswered):
            raise NoSignal()
        return answer

    def _happens(self, likely: float) -> bool:
        found = self.chance.random() < likely
        self.faults += found
        return found
