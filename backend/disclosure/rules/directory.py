"""What is open to everybody, and where it stands (政务公开目录). Pure."""
from backend.disclosure.rules import suppression

SMALLEST = suppression.SMALLEST
DIRECTORY = (
    ("six-disclosures", "六公开：事项、流程、材料、承诺时限、收费依据、收费标准", "/api/v1/items", "/items"),
    ("offices", "服务网点：电话、地址、便民服务卡", "/api/v1/disclosures/offices", "/open/offices"),
    ("bulletins", "周通报：各乡镇街道建设进度与按时率", "/api/v1/bulletins", "/open/bulletins"),
    ("coverage", "建成率：三级网点应建、已建、目标日期", "/api/v1/coverage", None),
    ("figures", "每月办件：平均用时、实际提速、满意度、超期、视为同意", "/api/v1/disclosures/figures", "/open/figures"),
    ("calendar", "工作日历：放假与调休，时限据此逐日计算", "/api/v1/calendar/days", None),
    ("progress", "办件进度：凭编号和手机号后四位查询", "/api/v1/progress", "/progress"),
)
"""Name, what it is, where a machine reads it, and where people do."""


def together(kind: str, count: int) -> str:
    """What a line is called that stands for several groups."""
    what = "个乡镇街道" if kind == "unit" else "个部门"
    return f"合并公布：{count} {what}"
