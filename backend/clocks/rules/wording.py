"""What people are told about a day: why it counts or does not. Pure."""
from backend.core import workdays
from backend.core.problems import Text
from backend.core.workdays import CountedDay

TEXTS = {
    workdays.WORK: Text("工作日", "working day"),
    workdays.MAKEUP: Text("调休上班", "make-up working day"),
    workdays.REST: Text("休息日", "weekend"),
    workdays.HOLIDAY: Text("节假日", "public holiday"),
    workdays.ACCEPTANCE_DAY: Text("受理当日不计", "day of acceptance, not counted"),
    workdays.AFTER_CLOSE: Text("下班后受理，当日不计", "accepted after close of business, not counted"),
    workdays.SUSPENDED: Text("暂停期间不计", "suspended, not counted"),
    workdays.INTERRUPTED: Text("中断期间不计", "interrupted, not counted"),
    workdays.BEFORE_INTERRUPTION: Text("中断前，时限重新计算", "before the interruption; the count began anew"),
    workdays.CLOSURE: Text("停止办公", "office closed"),
}
HOLIDAYS = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Qingming Festival",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
    "抗日战争暨世界反法西斯战争胜利70周年纪念日": "70th Anniversary of Victory Day",
}


def holiday_name(name: str, english: bool) -> str:
    """The holiday's name; one without known English keeps its own."""
    return " and ".join(HOLIDAYS.get(part, part) for part in name.split("、")) if english else name


def told(day: CountedDay, english: bool) -> str:
    """Why a day counts or does not, with the holiday's name where known: ``节假日：春节``."""
    text = TEXTS[day.reason][1 if english else 0]
    if day.name is None:
        return text
    return f"{text}{': ' if english else '：'}{holiday_name(day.name, english)}"
