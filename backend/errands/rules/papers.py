"""An errand's papers: named by its version, received or properly deferred. Pure."""
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from backend.core.problems import Problem, Text, invalid
from backend.errands.rules import ACCEPTED


class MaterialsMissing(Problem):
    status, slug, title = 409, "materials-missing", Text("材料不齐，不能受理", "Required papers are missing")


class DeferredOpen(Problem):
    status, slug, title = 409, "deferred-open", Text("容缺材料未补齐", "A deferred paper is still open")


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


def missing_papers(papers: Iterable[Mapping[str, Any]], today: date) -> list[str]:
    """Required papers neither received nor still deferred (Administrative Licensing Law art. 32)."""
    return [
        paper["name"] for paper in papers
        if paper["required"] and not paper["received_at"]
        and (paper["deferred_until_on"] is None or paper["deferred_until_on"] < today)
    ]


def check_papers(papers: Iterable[Mapping[str, Any]], today: date) -> None:
    """MaterialsMissing names every required paper that is neither received nor still deferred."""
    missing = missing_papers(papers, today)
    if missing:
        raise MaterialsMissing("缺少：" + "、".join(missing), "Missing: " + ", ".join(missing), missing=missing)


def check_kept(paper: Mapping[str, Any], received: bool, state: str) -> None:
    """What an errand was accepted upon stays: no paper is taken back once it is accepted."""
    if state == ACCEPTED and paper["received_at"] and not received:
        name = paper["name"]
        raise invalid("materials", f"受理后不得撤下材料“{name}”", f"{name!r} stays after acceptance.")


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
