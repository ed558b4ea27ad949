"""What is told of mystery visits and surveys, in the two languages. Pure."""
from backend.notifications.rules.letter import to_staff

LETTERS = (
    to_staff(
        "inspection_published",
        "{number}：{at}对{unit}的暗访结果已公布，请在系统中查看，有问题的请整改。",
        "{number}: the mystery visit to {unit} of {at} is published; read it, and put right what was found.",
        sleeps=True,
    ),
    to_staff(
        "inspection_names_you",
        "{number}（{unit}，{at}暗访）有{count}个问题涉及您，请在系统中查看。",
        "{number} (mystery visit to {unit}, {at}): {count} findings concern you.",
        sleeps=True,
    ),
    to_staff(
        "inspections_lacking",
        "{month}的暗访还没有达到每月至少{least}次，请在月底前完成并登记。",
        "Mystery visits of {month} are fewer than the {least} a month; make them before it ends.",
        sleeps=True,
    ),
    to_staff(
        "inspections_short",
        "{month}的暗访少于每月至少{least}次的要求，效能监督部门自身记入一条问题。",
        "Mystery visits of {month} were fewer than the {least} a month: the supervising office is flagged itself.",
        sleeps=True,
    ),
    to_staff(
        "survey_closed",
        "问卷调查“{title}”已结束，可以查看结果。",
        "The survey “{title}” is over; its results can be read.",
        sleeps=True,
    ),
)
