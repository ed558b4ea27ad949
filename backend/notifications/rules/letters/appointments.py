"""What is told to persons of their appointments, in the two languages. Pure."""
from backend.notifications.rules.letter import to_resident

LETTERS = (
    to_resident(
        "appointment_booked",
        "{surname}先生/女士您好，已为您预约{at}到{unit}办理“{service}”，预约号{number}。来不了或要改时间，请提前找{contact}。",
        "Dear {surname}, you are booked for {at} at {unit}: “{service}”, number {number}. "
        "If you cannot come or wish another time, tell {contact} beforehand.",
    ),
    to_resident(
        "appointment_moved",
        "{surname}先生/女士您好，您的预约{number}（“{service}”）改为{at}到{unit}办理。时间不合适，请找{contact}。",
        "Dear {surname}, your appointment {number} (“{service}”) is now {at} at {unit}. "
        "If that does not suit you, tell {contact}.",
    ),
    to_resident(
        "appointment_cancelled",
        "{surname}先生/女士您好，您{at}的预约{number}（“{service}”）已取消。如果您没有要求取消，请找{contact}。",
        "Dear {surname}, your appointment {number} of {at} (“{service}”) is cancelled. "
        "If you did not wish that, tell {contact}.",
    ),
    to_resident(
        "appointment_called_off",
        "{surname}先生/女士您好，抱歉，{unit}不能按约在{at}为您办理“{service}”（预约号{number}），原因：{reason}。"
        "另约时间请找{contact}。",
        "Dear {surname}, we are sorry: {unit} cannot keep your appointment {number} of {at} (“{service}”): {reason}. "
        "Ask {contact} for another time.",
        must_arrive=True,
    ),
    to_resident(
        "appointment_reminder",
        "{surname}先生/女士您好，提醒您{at}到{unit}办理“{service}”，预约号{number}。来不了请提前告诉{contact}。",
        "Dear {surname}, a reminder: {at} at {unit}, “{service}”, number {number}. "
        "If you cannot come, tell {contact} beforehand.",
        must_arrive=True,
    ),
    to_resident(
        "appointment_offered",
        "{surname}先生/女士您好，您候补的“{service}”有空位：{at}，预约号{number}，为您留到{until}。要的话请在此之前告诉{contact}。",
        "Dear {surname}, a place is free for “{service}”: {at}, number {number}, kept for you until {until}. "
        "If you want it tell {contact} before that.",
        must_arrive=True,
    ),
    to_resident(
        "appointment_offer_lapsed",
        "{surname}先生/女士您好，为您留的{at}办理“{service}”的空位（{number}）没有确认，已让给下一位。还想预约，请找{contact}。",
        "Dear {surname}, the place of {at} for “{service}” ({number}) was not confirmed and went to the next. "
        "If you still want one, turn to {contact}.",
    ),
    to_resident(
        "booking_blocked",
        "{surname}先生/女士您好，您近来{times}次预约没有到，{until}以前不能自己在网上预约，打电话或到窗口照样可以约。"
        "如有不同意见，可找{contact}申诉。",
        "Dear {surname}, you missed {times} appointments lately: until {until} you cannot book by yourself; by phone "
        "and at the desk you can as ever. If you disagree, appeal to {contact}.",
        must_arrive=True,
    ),
)
