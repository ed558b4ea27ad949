"""A phone that dies at any moment: the battery is empty, the system ends the app, it falls into the river."""
import random


class Died(Exception):
    """Nothing more happens in this phone until it is switched on again; what was committed is there."""


class Fate:
    """Called at each step at which dying could make a difference."""

    def __init__(self, chance: random.Random, likely: float = 0.02) -> None:
        self.chance, self.likely = chance, likely
        self.deaths = 0

    def __call__(self, step: str) -> None:
        if self.chance.random() < self.likely:
            self.deaths += 1
            raise Died(step)


def immortal(step: str) -> None:
    """Nothing happens."""
