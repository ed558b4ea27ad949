"""The six disclosures, and the gate that a version passes before residents see it.

Item, process, materials, promised limit, fee basis, fee standard (六公开). A draft may lack any
of them; ``materials`` absent is undisclosed, an empty list is the explicit "none".
"""
from collections.abc import Mapping
from typing import Any

from backend.core.problems import Problem, Text

Body = dict[str, Any]
Errors = dict[str, list[Text]]


class NotPublishable(Problem):
    status, slug, title = 422, "not-publishable", Text(
        "六公开不完整或不合规，不能公布", "The six disclosures are incomplete or break a rule"
    )


KINDS = ("instant", "promise", "report")
LEVELS = ("village", "township", "district")

_MISSING = {
    "name": Text("未公开：事项名称", "Not disclosed: the item's name"),
    "department": Text("未公开：主管部门", "Not disclosed: the department"),
    "kind": Text("未公开：办件类型", "Not disclosed: the kind of item"),
    "process": Text("未公开：办理流程", "Not disclosed: the process"),
    "materials": Text("未公开：申请材料（不需要材料的，须写明为空列表）",
                      "Not disclosed: the materials (say [] where none are needed)"),
    "promised_days": Text("未公开：承诺时限", "Not disclosed: the promised limit"),
    "intake_levels": Text("未公开：受理层级", "Not disclosed: the levels that take it in"),
}
_FEE_MISSING = {
    "min_fen": Text("未公开：收费下限", "Not disclosed: the least fee"),
    "basis": Text("未公开：收费依据", "Not disclosed: the fee's basis"),
    "standard": Text("未公开：收费标准", "Not disclosed: the fee's standard"),
}


def drafted(given: Mapping[str, Any]) -> Body:
    """What was given as the body of a draft: every key there, undisclosed ones None or empty."""
    fee = given.get("fee")
    materials = given.get("materials")
    return {
        "name": _line(given.get("name")),
        "department": given.get("department"),
        "category": given.get("category"),
        "kind": given.get("kind"),
        "legal_days": given.get("legal_days"),
        "legal_source": _line(given.get("legal_source")),
        "promised_days": given.get("promised_days"),
        "process": list(given.get("process") or []),
        "materials": None if materials is None else [_material(one) for one in materials],
        "fee": None if fee is None else _fee(fee),
        "intake_levels": list(given.get("intake_levels") or []),
        "agent_service": given.get("agent_service", True),
        "home_visit": given.get("home_visit", False),
        "appointment": given.get("appointment", False),
        "sample": given.get("sample", False),
    }


def _line(text: str | None) -> str | None:
    return (text or "").strip() or None


def _material(given: Mapping[str, Any]) -> Body:
    made = {
        "name": given["name"].strip(),
        "required": given.get("required", True),
        "deferrable": given.get("deferrable", False),
    }
    form = _line(given.get("form"))
    return made | {"form": form} if form else made


def _fee(given: Mapping[str, Any]) -> Body:
    least = given.get("min_fen")
    most, charged = given.get("max_fen"), given.get("charged_fen")
    return {
        "min_fen": least,
        "max_fen": least if most is None else most,
        "charged_fen": least if charged is None else charged,
        "unit": given.get("unit") or "",
        "basis": _line(given.get("basis")),
        "standard": _line(given.get("standard")),
    }


def faults(body: Body) -> Errors:
    """Each missing disclosure and each broken rule of a draft, by field."""
    found: Errors = {}
    for name, told in _MISSING.items():
        empty = body[name] is None if name in ("materials", "promised_days") else not body[name]
        if empty:
            found[name] = [told]
    for part in (_limits(body), _materials(body), _fees(body["fee"])):
        for name, told_of in part.items():
            found.setdefault(name, []).extend(told_of)
    return found


def check(body: Body) -> None:
    """Raise NotPublishable, naming every missing or wrong field, unless ``body`` may be published."""
    errors = faults(body)
    if errors:
        zh = "；".join(told.zh for told_of in errors.values() for told in told_of)
        en = "; ".join(told.en for told_of in errors.values() for told in told_of)
        raise NotPublishable(zh, en, errors=errors)


def _limits(body: Body) -> Errors:
    """Promised ≤ legal; the steps' sum ≤ promised; instant exactly when nothing is promised."""
    promised, legal, found = body["promised_days"], body["legal_days"], Errors()
    if promised is None:
        return found
    told = found.setdefault("promised_days", [])
    if legal is not None and promised > legal:
        told.append(Text(f"承诺时限 {promised} 个工作日超过法定时限 {legal} 个工作日",
                         f"The promise of {promised} days is over the legal limit of {legal}"))
    if body["kind"] == "instant" and promised != 0:
        told.append(Text("即办件的承诺时限须为 0", "An instant item promises 0 days"))
    if body["kind"] in ("promise", "report") and promised == 0:
        told.append(Text("承诺时限为 0 的只能是即办件", "Only an instant item promises 0 days"))
    steps = sum(step["limit_days"] for step in body["process"] if isinstance(step, dict))
    if steps > promised:
        found["process"] = [Text(f"各环节时限合计 {steps} 个工作日，超过承诺时限 {promised} 个工作日",
                                 f"The steps take {steps} days, over the promise of {promised}")]
    return {name: told_of for name, told_of in found.items() if told_of}


def _materials(body: Body) -> Errors:
    names = [material["name"] for material in body["materials"] or []]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not twice:
        return {}
    return {"materials": [Text(f"材料名称重复：{'、'.join(twice)}", f"Named twice: {', '.join(twice)}")]}


def _fees(fee: Body | None) -> Errors:
    """The range has a basis and a standard; what is charged is its lower bound."""
    given = fee or dict.fromkeys(_FEE_MISSING)
    found = {f"fee.{name}": [told] for name, told in _FEE_MISSING.items() if given[name] is None}
    if fee is None or fee["min_fen"] is None:
        return found
    if fee["min_fen"] > fee["max_fen"]:
        found["fee.max_fen"] = [Text("收费上限低于下限", "The most is less than the least")]
    if fee["charged_fen"] != fee["min_fen"]:
        found["fee.charged_fen"] = [Text("按下限收费：实收须等于收费下限", "What is charged is the least")]
    return found
