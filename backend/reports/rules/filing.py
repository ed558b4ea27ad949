"""What a report must say before it can be filed, and how it must agree with the register (rules 7.2). Pure.

Every sentence names the field and the site. Places are those of the list as it is shown.
"""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.core.problems import Invalid, Text, invalid
from backend.reports.rules import checklists, sites
from backend.reports.rules.checklists import Checklist

Body = Mapping[str, Any]
Errors = dict[str, list[Text]]
MOST_TOLD, MOST_PROBLEMS, LONGEST_PLAN = 200, 50, 4000


@dataclass(frozen=True)
class Ground:
    """What a report is held against.

    ``sites`` is the register in the order in which it is shown; ``departments`` the code by code or name;
    ``designated``: whether a designated agent in place counts as built; ``newest``: no later week was filed,
    so that the register is that of the week before.
    """

    sites: Mapping[str, Mapping[str, Any]]
    checklists: Mapping[str, Checklist]
    departments: Mapping[str, str]
    designated: bool
    today: date
    newest: bool = True
    opened: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def checklist(self, entry: Mapping[str, Any]) -> Checklist:
        return self.checklists[entry["level"]]


def check_draft(body: Body, ground: Ground) -> None:
    """Invalid for what can stand in no draft: a site that is none of ours, one twice, more than all of it."""
    errors: Errors = {}
    seen: set[str] = set()
    for place, said in enumerate(body.get("sites") or ()):
        register = ground.sites.get(said["unit_code"])
        if register is None:
            _tell(errors, f"sites.{place}.unit_code", Text("不是本乡镇（街道）在册的站点", "No site of this township."))
            continue
        if said["unit_code"] in seen:
            _name(errors, place, "unit_code", register, Text("此站点出现两次", "is there twice"))
        seen.add(said["unit_code"])
        _check_said(errors, place, said, register, ground)
    _check_asked(errors, body.get("problems") or (), ground)
    _refuse(errors)


def _check_said(
    errors: Errors, place: int, said: Mapping[str, Any], register: Mapping[str, Any], ground: Ground
) -> None:
    if said.get("percent", 0) > sites.WHOLE:
        _name(errors, place, "percent", register, Text("进度须在 0 到 100 之间", "percent must be from 0 to 100"))
    odd = [code for code in said.get("readiness", ()) if code not in ground.checklist(register).codes]
    if odd:
        known = "、".join(ground.checklist(register).codes)
        _name(errors, place, "readiness", register,
              Text(f"清单中没有 {'、'.join(odd)}，现行清单为：{known}", f"the checklist has no {', '.join(odd)}"))
    strange = [code for code in said.get("onboarded", ()) if code not in ground.departments]
    if strange:
        _name(errors, place, "onboarded", register,
              Text(f"没有部门 {'、'.join(strange)}", f"there is no department {', '.join(strange)}"))


def _check_asked(errors: Errors, problems: Sequence[Mapping[str, Any]], ground: Ground) -> None:
    for place, one in enumerate(problems):
        if one["asked_of"] not in ground.departments:
            told = Text("没有这个部门，请填写部门代码或全称", "No such department: give its code or its name.")
            _tell(errors, f"problems.{place}.asked_of", told)


def whole(body: Body, ground: Ground) -> list[dict[str, Any]]:
    """An entry for every site of the register, in its order: what the report says, else what stands there."""
    said = {one["unit_code"]: one for one in body.get("sites") or ()}
    return [sites.overlaid(register, said.get(code, {})) for code, register in ground.sites.items()]


def lacks(body: Body, entries: Sequence[Mapping[str, Any]], ground: Ground) -> Errors:
    """Everything for which a report would be refused; empty where it can be filed."""
    errors: Errors = {}
    if body.get("sites") == [] or not entries:
        _tell(errors, "sites", Text("没有站点，空表不能报送", "No sites: an empty report cannot be filed."))
    if not (body.get("plan") or "").strip():
        _tell(errors, "plan", Text("请填写下周计划", "The plan for next week is missing."))
    _check_parts(errors, body, dict(enumerate(entries)), ground)
    return errors


def _check_parts(errors: Errors, body: Body, entries: Mapping[int, Mapping[str, Any]], ground: Ground) -> None:
    for place, entry in entries.items():
        _check_entry(errors, place, entry, ground)
    for place, one in enumerate(body.get("problems") or ()):
        _check_problem(errors, place, one, ground)


def check(body: Body, entries: Sequence[Mapping[str, Any]], ground: Ground) -> None:
    """Invalid, naming each field and site, unless the report can be filed."""
    check_draft(body, ground)
    _refuse(lacks(body, entries, ground))


def check_corrected(body: Body, entries: Mapping[int, Mapping[str, Any]], ground: Ground) -> None:
    """Invalid, naming each field and site, unless what a correction changes agrees with the register.

    ``entries`` by their places in the correction.
    """
    errors: Errors = {}
    _check_parts(errors, body, entries, ground)
    _refuse(errors)


def still(body: Body, ground: Ground) -> dict[str, Any]:
    """What was saved, without the sites that have left office since and items that the checklist no longer has."""
    said = body.get("sites") or ()
    kept = [_still_asked(one, ground) for one in said if one["unit_code"] in ground.sites]
    if kept or not said:
        return {**body, "sites": kept} if kept else dict(body)
    return {name: value for name, value in body.items() if name != "sites"}


def _still_asked(said: Mapping[str, Any], ground: Ground) -> Mapping[str, Any]:
    codes = ground.checklist(ground.sites[said["unit_code"]]).codes
    passed = said.get("readiness")
    return said if passed is None else {**said, "readiness": {code: passed[code] for code in codes if code in passed}}


def told(body: Body, ground: Ground) -> dict[str, Any]:
    """What a body says besides its sites, as a filed text keeps it: departments by code, each photo once."""
    found = {name: body[name] for name in ("plan", "photos") if name in body}
    if "photos" in found:
        found["photos"] = list(dict.fromkeys(found["photos"] or ()))
    if "problems" in body:
        found["problems"] = [
            one | {"text": one["text"].strip(), "asked_of": ground.departments[one["asked_of"]]}
            for one in body["problems"] or ()
        ]
    return found


def _check_entry(errors: Errors, place: int, entry: Mapping[str, Any], ground: Ground) -> None:
    register, checklist = ground.sites[entry["unit_code"]], ground.checklist(entry)
    if entry["agents_trained"] > entry["agents_in_place"]:
        _name(errors, place, "agents_trained", entry,
              Text("已培训人数不得多于到位人数", "more agents trained than are in place"))
    if entry["status"] == sites.BUILT and register["status"] != sites.BUILT:
        _check_built(errors, place, entry, checklist, ground)
    if entry["status"] == sites.BUILT and entry["percent"] < sites.WHOLE:
        _name(errors, place, "percent", entry, Text("已建成的站点进度应为 100%", "what is built stands at 100 percent"))
    if not ground.newest:
        return
    after = entry if entry["status"] == sites.BUILT else {**entry, **_settled(entry, register, checklist)}
    for name, how in sites.falls(register, after, checklist):
        if not (entry.get("reason") or "").strip():
            _name(errors, place, name, entry, Text(f"{how.zh}，请填写原因（reason）", f"{how.en}; give the reason"))
        elif name == "status" and checklists.is_ready(checklist, entry["readiness"]):
            _name(errors, place, "readiness", entry,
                  Text("清单仍全部达标，请注明哪一项不再达标", "all items still pass; say which no longer does"))


def _settled(entry: Mapping[str, Any], register: Mapping[str, Any], checklist: Checklist) -> Mapping[str, Any]:
    """What a site that is said not to be built settles to; one that falls from built stands as it is said."""
    return entry if register["status"] == sites.BUILT else sites.settled(entry, checklist)


def _check_built(
    errors: Errors, place: int, entry: Mapping[str, Any], checklist: Checklist, ground: Ground
) -> None:
    if checklists.is_ready(checklist, entry["readiness"]):
        return
    if entry["site_type"] == sites.DESIGNATED and ground.designated:
        if entry["agents_in_place"] == 0:
            told = Text("指定代办员尚未到位，不能计为建成", "not built while no agent is in place")
            _name(errors, place, "agents_in_place", entry, told)
        return
    missing = "、".join(sites.lacking(entry, checklist))
    told = Text(f"清单未全部达标，不能填“已建成”：{missing}", f"not built while these fail: {missing}")
    _name(errors, place, "status", entry, told)


def _check_problem(errors: Errors, place: int, one: Mapping[str, Any], ground: Ground) -> None:
    if one.get("due_on") is None:
        _tell(errors, f"problems.{place}.due_on", Text("请填写要求答复的日期", "Say by when an answer is needed."))
    elif one["due_on"] < ground.today.isoformat() and problem_key(one, ground) not in ground.opened:
        _tell(errors, f"problems.{place}.due_on", Text("要求答复的日期不得早于今天", "Not before today."))


def problem_key(one: Mapping[str, Any], ground: Ground) -> tuple[str, str]:
    """By what a problem is known again in a later text of the same report: its words, and whom it asks."""
    return one["text"].strip(), ground.departments.get(one["asked_of"], "")


def settled(entries: Iterable[Mapping[str, Any]], ground: Ground) -> list[dict[str, Any]]:
    """The entries as they are filed: what passes all of its checklist is built (rules 7.2, product)."""
    return [sites.settled(entry, ground.checklist(entry)) for entry in entries]


def check_reason(reason: str | None) -> None:
    """Invalid where nothing is said."""
    if not (reason or "").strip():
        raise invalid("reason", "请说明原因", "Give the reason.")


def _name(errors: Errors, place: int, name: str, entry: Mapping[str, Any], told: Text) -> None:
    _tell(errors, f"sites.{place}.{name}", Text(f"{entry['name']}：{told.zh}", f"{entry['name']}: {told.en}"))


def _tell(errors: Errors, name: str, told: Text) -> None:
    if len(errors) < MOST_TOLD:
        errors.setdefault(name, []).append(told)


def _refuse(errors: Errors) -> None:
    if errors:
        raise Invalid(errors=errors)
