"""What is told to residents of what is held of them, in the two languages. Pure."""
from backend.notifications.rules.letter import to_resident

LETTERS = (
    to_resident(
        "correction_made",
        "您好，您申请更正的个人信息（{fields}）已更正。如有疑问请找{office}。",
        "The personal data you asked to have corrected ({fields}) was corrected. Questions: {office}.",
    ),
    to_resident(
        "correction_refused",
        "您好，您申请更正的个人信息（{fields}）未予更正：{reason}。不同意的，可以找{office}，也可以投诉。",
        "The personal data you asked to have corrected ({fields}) stays as it is: {reason}. If you do not agree, "
        "ask {office}, or complain.",
        must_arrive=True,
    ),
)
