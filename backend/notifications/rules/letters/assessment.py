"""What the assessment tells the staff, in the two languages. Pure."""
from backend.notifications.rules.letter import to_staff

LETTERS = (
    to_staff(
        "score_settled",
        "{period}考核已结算：{name}得{score}分（{grade}）。依据可在系统中逐条查看；有异议的，十个工作日内提出申诉。",
        "The assessment of {period} is settled: {name} has {score} points ({grade}). Appeals within 10 working days.",
        sleeps=True,
    ),
    to_staff(
        "score_changed",
        "{period}考核有更正：{name}现得{score}分（{grade}），更正依据可在系统中查看。",
        "The assessment of {period} was corrected: {name} now has {score} points ({grade}).",
        sleeps=True,
    ),
    to_staff(
        "score_entered",
        "{period}考核记入一条：{name}，{what}，{points}分，依据：{basis}。有异议的可以申诉。",
        "Entered for {period}: {name}, {what}, {points} points, shown by {basis}. You may appeal.",
        sleeps=True,
    ),
    to_staff(
        "score_appeal_decided",
        "{period}考核申诉（{name}）已裁定：{decision}。理由：{reason}。现得{score}分。",
        "Your appeal ({period}, {name}) was decided: {decision}. {reason}. The score is {score}.",
        sleeps=True,
    ),
)
