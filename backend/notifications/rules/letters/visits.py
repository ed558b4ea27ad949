"""What is told to residents of home visits, in the two languages. Pure."""
from backend.notifications.rules.letter import to_resident

LETTERS = (
    to_resident(
        "visit_scheduled",
        "您好，{contact}{at}上门为您服务，编号{number}，请在家等候。来人出示工作证，不收现金。时间不合适请打电话改。",
        "{contact} comes to your home at {at}, visit {number}. Staff show who they are and take no cash. "
        "Ring if the time does not suit you.",
        must_arrive=True,
    ),
    to_resident(
        "visit_moved",
        "您好，上门服务（编号{number}）改到{at}，由{contact}上门。时间不合适请打电话改。",
        "Your visit {number} is now at {at}; {contact} comes. Ring if the time does not suit you.",
        must_arrive=True,
    ),
    to_resident(
        "visit_cancelled",
        "您好，{at}的上门服务（编号{number}）取消了。如果您没有要求取消，请找{contact}。",
        "Your visit {number} of {at} is cancelled. If you did not wish that, ask {contact}.",
        must_arrive=True,
    ),
    to_resident(
        "visit_failed",
        "您好，{at}的上门服务（编号{number}）没有办成：{reason}。另约时间请找{contact}。",
        "Nothing came of your visit {number} of {at}: {reason}. Ask {contact} for another time.",
        must_arrive=True,
    ),
)
