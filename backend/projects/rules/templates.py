"""When a template can be used: everything named is there, nothing waits in a ring, every limit is a limit. Pure."""
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from backend.core.problems import Invalid, Text
from backend.projects.rules import graph

Body = dict[str, Any]
Errors = dict[str, list[Text]]
OPTIONAL: dict[str, Any] = {
    "joining_departments": [], "legal_days": None, "predecessors": [], "timeout_consent": False,
    "absence_consent": False, "joint_review": False, "note": None,
}
"""What a procedure is where nothing is said: consent by silence or absence must be said (rules 8.3)."""


def body_of(given: Mapping[str, Any]) -> Body:
    """The body as it is kept: every key there; stages, where none are named, as the procedures name them."""
    body = {
        "procedures": [filled(each) for each in given["procedures"]],
        "extension_procedures": [filled(each) for each in given.get("extension_procedures", ())],
    }
    named = [each["stage"] for part in body.values() for each in part]
    stages = given.get("stages") or [{"code": stage, "name": stage} for stage in dict.fromkeys(named)]
    return {"stages": list(stages)} | body


def filled(procedure: Mapping[str, Any]) -> dict[str, Any]:
    """A procedure with every key."""
    return {"code": procedure["code"]} | OPTIONAL | dict(procedure)


def departments_of(procedures: Sequence[Mapping[str, Any]]) -> list[str]:
    """The departments that lead or join, each once."""
    named = [code for each in procedures for code in (each["lead_department"], *each["joining_departments"])]
    return list(dict.fromkeys(named))


def everything(body: Body) -> list[dict[str, Any]]:
    """The procedures and those of the extension."""
    return [*body["procedures"], *body["extension_procedures"]]


def check(body: Body, departments: Collection[str]) -> None:
    """Invalid names each field that is wrong; Cycle names the ring."""
    stages = {stage["code"] for stage in body["stages"]}
    errors: Errors = {}
    known: list[str] = []
    for part in ("procedures", "extension_procedures"):
        codes = [each["code"] for each in body[part]]
        reachable = {*known, *codes}
        for place, each in enumerate(body[part]):
            field = f"{part}.{place}"
            errors |= _faults(field, each, departments, reachable)
            if each["code"] in (*known, *codes[:place]):
                errors[f"{field}.code"] = [Text("手续编码重复", "The code stands twice.")]
            if each["stage"] not in stages:
                errors[f"{field}.stage"] = [Text("没有这个阶段", "No such stage.")]
        known += codes
    if errors:
        raise Invalid(errors=errors)
    graph.order(arrows(everything(body)))


def _faults(field: str, each: Mapping[str, Any], departments: Collection[str], reachable: Collection[str]) -> Errors:
    errors = department_faults(field, each, departments)
    missing = [code for code in each["predecessors"] if code not in reachable]
    if missing:
        told = ", ".join(missing)
        errors[f"{field}.predecessors"] = [Text(f"没有这项前置手续：{told}", f"No such procedure: {told}.")]
    return errors


def department_faults(field: str, each: Mapping[str, Any], departments: Collection[str]) -> Errors:
    """What is wrong with the departments that a procedure names."""
    errors: Errors = {}
    if each["lead_department"] not in departments:
        errors[f"{field}.lead_department"] = [Text("没有这个部门", "There is no such department.")]
    missing = [code for code in each["joining_departments"] if code not in departments]
    if missing:
        told = ", ".join(missing)
        errors[f"{field}.joining_departments"] = [Text(f"没有这个部门：{told}", f"No such department: {told}.")]
    if each["lead_department"] in each["joining_departments"]:
        errors[f"{field}.joining_departments"] = [Text("牵头部门不再列为配合部门", "The lead does not join as well.")]
    return errors


def arrows(procedures: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Of each procedure its predecessors."""
    return {each["code"]: each["predecessors"] for each in procedures}


def limits(procedures: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Of each procedure its limit in working days."""
    return {each["code"]: each["limit_working_days"] for each in procedures}


def figures(procedures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Critical path and sums of a graph at its limits, and what each limit cut by 30 % would make of it (rules 2.4)."""
    plan = graph.unplanned(limits(procedures), arrows(procedures))
    cut = {code: graph.cut(days) for code, days in limits(procedures).items()}
    shorter = graph.unplanned(cut, arrows(procedures))
    legal = [each for each in procedures if each["legal_days"] is not None]
    return {
        "critical_path": plan.critical,
        "critical_path_working_days": plan.ends,
        "limit_sum_working_days": sum(each["limit_working_days"] for each in procedures),
        "legal_sum_working_days": sum(each["legal_days"] for each in legal),
        "limit_sum_of_legal_working_days": sum(each["limit_working_days"] for each in legal),
        "lead_departments": len({each["lead_department"] for each in procedures}),
        "cut_by_30_percent": {
            "critical_path_working_days": shorter.ends, "limit_sum_working_days": sum(cut.values()),
            "critical_path": shorter.critical,
        },
    }
