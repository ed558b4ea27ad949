"""What may be told of counts, so that nobody is guessed from them, by subtracting either. Pure."""
from collections.abc import Mapping, Sequence
from typing import Any

from backend.surveys import rules
from backend.surveys.rules import asking

Tally = Mapping[tuple[str, int], int]


def shown(answers: Mapping[str, int], least: int) -> set[str]:
    """Whose results are told beside the whole's: nobody's with fewer than ``least`` answers.

    What is left when those shown are taken from the whole has at least ``least`` answers too, or none: else the
    smallest of those shown is hidden as well, and so on.
    """
    if sum(answers.values()) < least:
        return set()
    told = sorted((code for code, count in answers.items() if count >= least), key=lambda code: (answers[code], code))
    hidden = sum(count for count in answers.values() if count < least)
    while told and 0 < hidden < least:
        hidden += answers[told.pop(0)]
    return set(told)


def average(times: Sequence[int]) -> float | None:
    """The mean of a scale's choices, 1 to 5, with two decimals; None without answers."""
    count = sum(times)
    return round(sum(choice * each for choice, each in enumerate(times, 1)) / count, 2) if count else None


def of_question(question: Mapping[str, Any], tally: Tally) -> dict[str, Any]:
    """How a question was answered."""
    times = [tally.get((question["code"], choice), 0) for choice in range(1, asking.choices(question) + 1)]
    mean = average(times) if question["kind"] == rules.SCALE else None
    return {"code": question["code"], "average": mean, "by_choice": times}


def of_section(section: Mapping[str, Any], tally: Tally) -> float | None:
    """The mean of all answers to a section's scales; None where it has none."""
    scales = [each for each in section["questions"] if each["kind"] == rules.SCALE]
    times = [sum(tally.get((each["code"], choice), 0) for each in scales) for choice in range(1, 6)]
    return average(times)
