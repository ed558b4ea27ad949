"""The kinds of a day, and for what a clock may stand."""
from enum import Enum

from backend.core.problems import Text


class DayKind(Enum):
    WORK = "work"
    REST = "rest"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"


STOP_REASONS = {
    "hearing": Text("听证", "hearing"),
    "tender": Text("招标", "tender"),
    "auction": Text("拍卖", "auction"),
    "inspection": Text("检验", "inspection"),
    "testing": Text("检测", "testing"),
    "quarantine": Text("检疫", "quarantine"),
    "appraisal": Text("鉴定", "appraisal"),
    "expert_review": Text("专家评审", "expert review"),
}
"""What takes time that a limit does not count (Administrative Licensing Law art. 45)."""

RESUME, RESTART = "resume", "restart"
MODES = (RESUME, RESTART)
"""How a suspension ends: the limit runs on, or its whole budget begins anew (rules 1.4)."""
