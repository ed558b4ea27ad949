"""What can be counted for or against somebody. Pure."""
from backend.core.problems import Text

KINDS = {
    "card_yellow": Text("黄牌", "yellow card"),
    "card_red": Text("红牌", "red card"),
    "card_district": Text("红牌上报区级", "red card, passed up to the district"),
    "card_legal": Text("超过法定时限", "past the legal limit"),
    "no_one_time_notice": Text("未一次性告知", "no one-time notice in time"),
    "second_notice": Text("再次要求补正", "a second notice"),
    "report_late": Text("周报迟报", "weekly report late"),
    "report_missing": Text("周报未报", "weekly report missing"),
    "nobody_at_window": Text("窗口无人", "nobody at the window"),
    "absent_at_inspection": Text("检查时脱岗", "absent at an inspection"),
    "other_minus": Text("其他扣分", "other deduction"),
    "praise": Text("表扬", "praise"),
    "other_plus": Text("其他加分", "other addition"),
}

ENTERED = frozenset({"nobody_at_window", "absent_at_inspection", "other_minus", "praise", "other_plus"})
"""What a supervisor may enter by hand, naming the document that shows it."""
OWN_POINTS = frozenset({"other_minus", "other_plus", "praise"})
"""Of these the entry itself may say how many points, within the scheme's sign."""
CONFIDENTIAL = frozenset({"complaint"})
"""Sources whose number is not shown to the desks, so that nobody learns who spoke."""
