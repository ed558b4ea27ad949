"""Tests of the catalogue."""
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "backend" / "sample" / "huangyan" / "service-items.json"


def body_of(**changes):
    """A whole item that may be published, changed as told; a change to None leaves the key out."""
    body = {
        "code": "MZ-003", "name": "临时救助", "department": "MZ", "category": "approval",
        "kind": "promise", "legal_days": 15, "legal_source": "社会救助暂行办法", "promised_days": 7,
        "process": ["委托", "受理", {"name": "承办", "limit_days": 5}, "送达"],
        "materials": [
            {"name": "申请书", "required": True, "deferrable": False, "form": "原件1份"},
            {"name": "困难情形证明", "required": True, "deferrable": True},
        ],
        "fee": {"min_fen": 1600, "max_fen": 2500, "charged_fen": 1600, "unit": "元/张",
                "basis": "工本费", "standard": "按下限16元/张收取"},
        "intake_levels": ["village", "township"],
        "agent_service": True, "home_visit": True, "appointment": True,
    } | changes
    return {key: value for key, value in body.items() if value is not None}
