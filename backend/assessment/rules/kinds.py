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
    "complaint_upheld": Text("投诉属实", "complaint upheld"),
    "rating_lowest": Text("评价“非常不满意”", "ratings of the lowest level"),
    "rating_low": Text("评价“不满意”", "ratings of the second lowest level"),
    "voice_late": Text("投诉或整改逾期", "a complaint or rectification let pass"),
    "inspection_finding": Text("暗访问题", "finding of a mystery visit"),
    "order_unanswered": Text("督办逾期未回复", "supervision order unanswered"),
    "problem_unsolved": Text("问题逾期未答复", "problem not answered"),
    "promise_broken": Text("承诺未兑现", "promise not kept"),
    "criticism": Text("通报批评", "notice of criticism"),
    "exposure": Text("曝光", "notice of exposure"),
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
CONFIDENTIAL = frozenset({"complaint", "ratings", "voice_lapse"})
"""Sources whose number is not shown to the desks, so that nobody learns who spoke."""
