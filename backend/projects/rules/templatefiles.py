"""Reading a template's file: the wire's own shape, or the form of the sample (steps, promised days). Pure."""
from collections.abc import Mapping
from typing import Any, NamedTuple

from backend.core.problems import Invalid, Text, invalid

SAME_BODY = {"D05": "GT", "D16": "WS", "D17": "AJ", "D18": "LT", "D19": "NY", "D32": "JS", "D35": "RS"}
"""Departments of the sample's file that the catalogue knows by another code."""
SAMPLE = "sample"
_RENAMED = {
    "id": "code", "name": "name", "stage": "stage", "promised_days": "limit_working_days", "legal_days": "legal_days",
    "predecessors": "predecessors", "overtime_default_allowed": "timeout_consent",
    "absence_default_allowed": "absence_consent", "joint_review": "joint_review", "clock_note": "note",
}


class Reading(NamedTuple):
    """A template in the wire's shape, and the names of the departments that its file brings along."""

    template: dict[str, Any]
    departments: dict[str, str]
    sample: bool


def read(document: Any, default_code: str) -> Reading:
    """A file as a template; Invalid where it is none. One that says no code of its own gets ``default_code``."""
    if not isinstance(document, Mapping):
        raise Invalid("文件不是项目模板", "The file is no template")
    if "steps" not in document:
        template = {name: value for name, value in document.items() if name != "departments"}
        return Reading(template, _departments(document), False)
    meta = document.get("meta")
    meta = meta if isinstance(meta, Mapping) else {}
    sample = bool(meta.get("sample"))
    template = {
        "code": meta.get("code", SAMPLE if sample else default_code), "name": meta.get("title", default_code),
        "procedures": _steps(document, "steps"), "extension_procedures": _steps(document, "extension_steps"),
    }
    used = {each.get("stage") for part in ("procedures", "extension_procedures") for each in template[part]}
    stages = [stage for stage in _objects(document, "stages") if stage.get("code") in used]
    if stages:
        stages.sort(key=lambda stage: stage["order"] if isinstance(stage.get("order"), int) else 0)
        template["stages"] = [{"code": stage.get("code"), "name": stage.get("name")} for stage in stages]
    return Reading(template, _departments(document), sample)


def _objects(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = document.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise invalid(name, "须为对象列表", "Must be a list of objects.")
    return list(found)


def _departments(document: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    errors: dict[str, list[Text]] = {}
    for place, each in enumerate(_objects(document, "departments")):
        code, name = each.get("code"), each.get("name")
        if not _is_text(code, 16) or not _is_text(name, 100):
            errors[f"departments.{place}"] = [Text("须有编码和名称", "Needs a code and a name.")]
        else:
            found[body_of(code)] = str(name)
    if errors:
        raise Invalid(errors=errors)
    return found


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= longest


def _steps(document: Mapping[str, Any], part: str) -> list[dict[str, Any]]:
    return [_step(each) for each in _objects(document, part)]


def _step(given: dict[str, Any]) -> dict[str, Any]:
    made = {name: given[key] for key, name in _RENAMED.items() if given.get(key) is not None}
    joining = given.get("co_departments", [])
    return made | {
        "lead_department": body_of(given.get("lead_department")),
        "joining_departments": [body_of(code) for code in joining] if isinstance(joining, list) else joining,
    }


def body_of(code: Any) -> Any:
    """The code by which the product knows the department of a file."""
    return SAME_BODY.get(code, code) if isinstance(code, str) else code
