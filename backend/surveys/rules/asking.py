"""What a survey may ask, and what an answer must say. Pure."""
from collections.abc import Mapping, Sequence
from typing import Any

from backend.core.problems import invalid
from backend.surveys import rules

Section = Mapping[str, Any]


def questions(sections: Sequence[Section]) -> list[Mapping[str, Any]]:
    """All questions, in order."""
    return [question for section in sections for question in section["questions"]]


def choices(question: Mapping[str, Any]) -> int:
    """How many choices a question has; on a scale 5 is the best."""
    return len(question["choices"]) if question["kind"] == rules.CHOICE else rules.SCALE_CHOICES


def check(sections: Sequence[Section]) -> None:
    """Invalid where a code stands twice, or a question has no choices to choose from, or has some it must not have."""
    codes = [section["code"] for section in sections]
    if len(set(codes)) < len(codes):
        raise invalid("sections", "板块编码重复", "A section's code stands twice.")
    asked = [question["code"] for question in questions(sections)]
    if len(set(asked)) < len(asked):
        raise invalid("sections", "题目编码重复", "A question's code stands twice.")
    for place, section in enumerate(sections):
        for number, question in enumerate(section["questions"]):
            if (question["kind"] == rules.CHOICE) != bool(question.get("choices")):
                raise invalid(
                    f"sections.{place}.questions.{number}.choices", "选择题须列出选项，评分题不列选项",
                    "A choice needs choices; a scale has none.",
                )


def taken(sections: Sequence[Section], answers: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Question and choice of each answer; Invalid unless every question is answered once, by a choice that it has."""
    known = {question["code"]: choices(question) for question in questions(sections)}
    found = {each["question"]: each["choice"] for each in answers}
    if len(found) < len(answers) or set(found) != set(known):
        raise invalid("answers", "每题须回答一次", "Every question is answered once.")
    for place, each in enumerate(answers):
        if not 1 <= each["choice"] <= known[each["question"]]:
            raise invalid(f"answers.{place}.choice", "没有此选项", "No such choice.")
    return sorted(found.items())
