"""What is told to residents of their errands, in the two languages. Pure."""
from backend.notifications.rules.letter import to_resident

LETTERS = (
    to_resident(
        "errand_accepted",
        "您好，您托办的“{item}”已受理，编号{number}，最迟{due}办好。有事请找{contact}。",
        "Your errand “{item}” is accepted as {number}; it is done by {due} at the latest. Ask {contact}.",
    ),
    to_resident(
        "errand_accepted_above",
        "您好，您托办的“{item}”已受理，编号{number}，要报上级答复，有答复马上告诉您。有事请找{contact}。",
        "Your errand “{item}” is accepted as {number} and goes to the offices above; you are told of their answer. "
        "Ask {contact}.",
    ),
    to_resident(
        "errand_supplement",
        "您好，您托办的“{item}”（编号{number}）还缺：{missing}。请备齐交给{contact}，详见书面告知书。",
        "Your errand “{item}” ({number}) still needs: {missing}. Hand it to {contact}; the written notice has it all.",
        at_most_once=True, must_arrive=True,
    ),
    to_resident(
        "errand_suspended",
        "您好，您托办的“{item}”（编号{number}）需要{reason}，办理时间先停算，恢复时再告诉您。书面通知请找{contact}领取。",
        "The clock of your errand “{item}” ({number}) stands for: {reason}; you are told when it goes on. "
        "Ask {contact} for the written notice.",
        must_arrive=True,
    ),
    to_resident(
        "errand_resumed",
        "您好，您托办的“{item}”（编号{number}）恢复办理了，最迟{due}办好。有事请找{contact}。",
        "Your errand “{item}” ({number}) goes on; it is done by {due} at the latest. Ask {contact}.",
    ),
    to_resident(
        "errand_resumed_above",
        "您好，您托办的“{item}”（编号{number}）恢复办理了，有结果马上告诉您。有事请找{contact}。",
        "Your errand “{item}” ({number}) goes on; you are told of the result. Ask {contact}.",
    ),
    to_resident(
        "errand_extended",
        "您好，您托办的“{item}”（编号{number}）经批准延长时间，改为最迟{due}办好，原因：{reason}。有事请找{contact}。",
        "Your errand “{item}” ({number}) takes longer, until {due} at the latest: {reason}. Ask {contact}.",
        must_arrive=True,
    ),
    to_resident(
        "errand_completed",
        "您好，您托办的“{item}”（编号{number}）有结果了：{result}。结果会交到您手上，有事请找{contact}。",
        "Your errand “{item}” ({number}) is completed: {result}. The result comes to you; ask {contact}.",
    ),
    to_resident(
        "errand_declined",
        "您好，您托办的“{item}”（编号{number}）这里不能受理，原因：{reason}。请到{where}办理，电话{phone}。"
        "您如不同意，可找{office}要求复核。",
        "Your errand “{item}” ({number}) cannot be taken here: {reason}. Turn to {where}, phone {phone}. "
        "You may ask {office} for a re-check.",
        must_arrive=True,
    ),
    to_resident(
        "errand_refused",
        "您好，您托办的“{item}”（编号{number}）没有批准，理由：{reason}。书面决定请找{contact}领取。"
        "您如不同意，可找{office}要求复核。",
        "Your errand “{item}” ({number}) was refused: {reason}. {contact} has the written decision. "
        "You may ask {office} for a re-check.",
        must_arrive=True,
    ),
    to_resident(
        "errand_returned",
        "您好，您托办的“{item}”（编号{number}）被退回，理由：{reason}。书面决定请找{contact}领取。"
        "您如不同意，可找{office}要求复核。",
        "Your errand “{item}” ({number}) was returned: {reason}. {contact} has the written decision. "
        "You may ask {office} for a re-check.",
        must_arrive=True,
    ),
    to_resident(
        "errand_posted",
        "您好，您托办的“{item}”（编号{number}）结果已经寄出，请留意查收。没有收到，请找{contact}。",
        "The result of your errand “{item}” ({number}) was posted; tell {contact} if it does not arrive.",
        must_arrive=True, call="posted_result",
    ),
    to_resident(
        "errand_withdrawn",
        "您好，您托办的“{item}”（编号{number}）已撤回，不再办理。如果您没有要求撤回，请找{office}。",
        "Your errand “{item}” ({number}) is withdrawn. If you did not wish that, turn to {office}.",
    ),
)
