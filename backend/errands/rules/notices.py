"""The one-time notice: everything that is missing, told once, in time (Administrative Licensing Law art. 32). Pure."""
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from backend.core.problems import Problem, Text, invalid
from backend.errands.rules import REGISTERED
from backend.errands.rules import papers as paperwork

SECOND_NOTICE, NO_NOTICE = "second_notice", "no_one_time_notice"
FINDING_NAMES = {
    SECOND_NOTICE: Text("再次要求补正", "a second notice"),
    NO_NOTICE: Text("逾期未一次性告知", "no one-time notice in time"),
}
SILENCE_BASIS = "《中华人民共和国行政许可法》第三十二条第一款第四项"
"""What makes silence an acceptance as of receipt."""


class CountsAsAccepted(Problem):
    """Nothing was told within 5 working days of receipt: the case counts as accepted (art. 32)."""

    status, slug, title = 409, "counts-as-accepted", Text(
        "逾期未一次性告知，视为已受理", "Nothing was told in time; it counts as accepted"
    )


class SecondNotice(Problem):
    """What is missing is told once; telling more needs a legal basis, and is a finding."""

    status, slug, title = 409, "second-notice", Text(
        "已一次性告知，再次要求补正须有法律依据", "It was told once; a second notice needs a legal basis"
    )


def is_silent(state: str, silence_at: datetime | None, now: datetime) -> bool:
    """Whether the resident was told nothing in time; exactly at that moment telling is still in time."""
    return state == REGISTERED and silence_at is not None and now > silence_at


def counts_as_accepted(state: str, silence_at: datetime | None, now: datetime) -> bool:
    """Whether the job decides: from the very moment on, so that who comes first at it wins."""
    return state == REGISTERED and silence_at is not None and now >= silence_at


def check_in_time(state: str, silence_at: datetime | None, now: datetime) -> None:
    """CountsAsAccepted once 5 working days have passed since receipt without a word (rules 3.4)."""
    if is_silent(state, silence_at, now):
        raise CountsAsAccepted()


def check_repeated(told_before: int, legal_basis: str | None) -> None:
    """SecondNotice where it was told before and no law asks for more (rules 3.4)."""
    if told_before and not legal_basis:
        raise SecondNotice(notices=told_before)


def check_missing(
    missing: Iterable[Mapping[str, Any]], papers: Iterable[Mapping[str, Any]], today: date
) -> None:
    """Invalid unless every paper that is missing is told at once; anything else told needs a note saying why."""
    lacking, told = paperwork.missing_papers(papers, today), set()
    for paper in missing:
        name = paper["name"]
        if name in told:
            raise invalid("missing", "同一材料出现两次", "A paper is named twice.")
        told.add(name)
        if name not in lacking and not paper.get("note"):
            raise invalid("missing", f"材料“{name}”不缺，须说明要补正什么", f"{name!r} is there: say what is wrong.")
    left = [name for name in lacking if name not in told]
    if left:
        raise invalid(
            "missing", "须一次性告知全部缺件，未列出：" + "、".join(left), "Missing, yet not told: " + ", ".join(left)
        )


def number(errand_number: str, n: int) -> str:
    """The number on a notice: 001001-260212-0001-3-B1."""
    return f"{errand_number}-B{n}"
