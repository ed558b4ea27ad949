"""How the fuzzer's errands come into each state."""
from typing import Any

TELLING = {"missing": [{"name": "户口簿", "note": "缺页"}], "legal_basis": "某法第一条"}
HANDED_IN = (
    "registered", "told", "accepted", "suspended", "completed", "posted", "delivered", "closed", "declined",
    "withdrawn",
)
PAPERS = ("申请书", "户口簿", "身份证", "困难情形证明")
REFERRAL = {"where": "临海市民政局", "phone": "0576-85111111", "bring": ["户口簿"]}
MOVES: dict[str, tuple[str, Any]] = {
    "accepted": ("acceptance", None),
    "completed": ("completion", {"outcome": "granted", "result": "批准"}),
    "posted": ("delivery", {"method": "posted", "received_by": "王桂香"}),
    "delivered": ("delivery", {"method": "brought", "received_by": "王桂香"}),
    "closed": ("closing", None),
    "declined": ("declination", {"reason": "不符", "referral": REFERRAL}),
    "withdrawn": ("withdrawal", {}),
}
WAYS = {
    "registered": (), "told": (), "accepted": ("accepted",), "suspended": ("accepted",),
    "completed": ("accepted", "completed"),
    "posted": ("accepted", "completed", "posted"), "delivered": ("accepted", "completed", "delivered"),
    "closed": ("accepted", "completed", "delivered", "closed"), "declined": ("declined",), "withdrawn": ("withdrawn",),
}
