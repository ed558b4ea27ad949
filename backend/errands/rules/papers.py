"""An errand's papers: named by its version, received or properly deferred. Pure."""
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from backend.core.problems import Problem, Text, invalid
from backend.errands.rules import AWAITING, REGISTERED

UNACCEPTED = (REGISTERED, AWAITING)


class MaterialsMissing(Problem):
    status, slug, title = 409, "materials-missing", Text("材料不齐，不能受理", "Required papers are missing")


class DeferredOpen(Problem):
    status, slug, title = 409, "deferred-open", Text("容缺材料未补齐", "A deferred paper is still open")


class NothingDeferrable(Problem):
    """The undertaking is asked for where no paper may come later."""

    status, slug, title = 409, "nothing-deferrable", Text("没有可容缺的材料", "No paper here may come later")


def owed_papers(papers: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What an undertaking names: the deferred papers, else those that may be; NothingDeferrable without any."""
    absent = [paper for paper in papers if not paper["received"] and paper["deferrable"]]
    deferred = [paper for paper in absent if paper["deferred_until"]]
    if not absent:
        raise NothingDeferrable()
    return deferred or absent


def told_papers(named: Iterable[Mapping[str, Any]], required: Iterable[Mapping[str, Any]]) -> dict[str, bool]:
    """Which of the version's papers were handed in; Invalid for a paper the version does not know."""
    known = {paper["name"] for paper in required}
    told: dict[str, bool] = {}
    for paper in named:
        if paper["name"] not in known:
            name = paper["name"]
            raise invalid("materials", f"该事项没有材料“{name}”", f"The item knows no paper {name!r}.")
        if paper["name"] in told:
            raise invalid("materials", "同一材料出现两次", "A paper is named twice.")
        told[paper["name"]] = paper["received"]
    return told


def has_lapsed(paper: Mapping[str, Any], today: date) -> bool:
    """Whether the day until which a paper was deferred has passed and the paper has not come (rules 3.5)."""
    until = paper["deferred_until_on"]
    return paper["received_at"] is None and until is not None and until < today


def missing_papers(papers: Iterable[Mapping[str, Any]], today: date) -> list[str]:
    """Required papers neither received nor still deferred (Administrative Licensing Law art. 32)."""
    return [
        paper["name"] for paper in papers
        if paper["required"] and not paper["received_at"]
        and (paper["deferred_until_on"] is None or has_lapsed(paper, today))
    ]


def check_papers(papers: Iterable[Mapping[str, Any]], today: date) -> None:
    """MaterialsMissing names every required paper that is neither received nor still deferred."""
    missing = missing_papers(papers, today)
    if missing:
        raise MaterialsMissing("缺少：" + "、".join(missing), "Missing: " + ", ".join(missing), missing=missing)


def check_kept(paper: Mapping[str, Any], received: bool, until: date | None, state: str) -> None:
    """What an errand was accepted upon stays: no paper is taken back, and what was deferred is owed (rules 3.5)."""
    if state in UNACCEPTED or received:
        return
    name = paper["name"]
    if paper["received_at"]:
        raise invalid("materials", f"受理后不得撤下材料“{name}”", f"{name!r} stays after acceptance.")
    if paper["deferred_until_on"] and until is None:
        raise invalid("materials", f"容缺材料“{name}”须补交", f"{name!r} was deferred and is owed.")


def check_deferral(
    paper: Mapping[str, Any], until: date, span: tuple[date, date], undertaking: str | None
) -> None:
    """Only papers marked deferrable, with an undertaking, from today to the promised limit (rules 3.5)."""
    name, (today, latest) = paper["name"], span
    if not paper["may_defer"]:
        raise invalid("materials", f"材料“{name}”不可容缺", f"{name!r} may not be deferred.")
    if undertaking is None:
        raise invalid("undertaking_file", "容缺须有承诺书", "Deferring needs a signed undertaking.")
    if not today <= until <= latest:
        raise invalid(
            "deferred_until", f"不得早于今天，不得晚于承诺时限 {latest}",
            f"Not before today nor later than the promised limit, {latest}.",
        )
