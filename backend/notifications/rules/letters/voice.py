"""What is told of ratings and complaints: to residents, and to those who must act; never to whom it concerns. Pure."""
from backend.notifications.rules.letter import to_resident, to_staff

LETTERS = (
    to_resident(
        "rating_asked",
        "您好，您的代办件{number}请您评价，评价码{token}，{until}前有效。评价只用于改进服务，代办员看不到是谁评的。",
        "Please rate your errand {number}: code {token}, good until {until}. Your agent cannot see who rated.",
    ),
    to_resident(
        "complaint_taken",
        "您好，您的投诉已收到，编号{number}，{due}前答复是否受理。凭编号和电话后四位可以随时查询。",
        "Your complaint {number} was received; you hear by {due} whether it is accepted. Ask with number and digits.",
    ),
    to_resident(
        "complaint_accepted",
        "您好，您的投诉{number}已受理，{due}前办结。",
        "Your complaint {number} was accepted; it is done by {due}.",
    ),
    to_resident(
        "complaint_refused",
        "您好，您的投诉{number}不予受理：{reason}。可向{referral}反映；不同意的，凭编号和电话后四位可以要求重新办理。",
        "Your complaint {number} was not accepted: {reason}. Turn to {referral}; if you disagree, have it reopened.",
    ),
    to_resident(
        "complaint_concluded",
        "您好，您的投诉{number}有结论：{finding}。凭编号和电话后四位查看详情；不满意的可以要求重新办理。",
        "Your complaint {number} has an answer: {finding}. Read it with number and digits; it can be reopened.",
    ),
    to_staff(
        "rating_low",
        "代办件{number}的评价为“{level}”，请于{callback}前回访群众，{due}前整改到位。评价人信息不得告诉被评价人。",
        "Errand {number} was rated “{level}”: ring by {callback}, put it right by {due}. Do not tell who rated.",
    ),
    to_staff(
        "rectification_late",
        "代办件{number}的低分评价，{what}应于{due}前完成，现已逾期。",
        "Errand {number}, rated low: the step “{what}” was due by {due} and is late.",
    ),
    to_staff(
        "rating_unresolved",
        "代办件{number}整改后复评仍为“{level}”，请督促。",
        "Errand {number} was rated “{level}” once more after it was put right; please follow it up.",
    ),
    to_staff(
        "rating_appealed",
        "对代办件{number}的评价有申诉，请作出决定。",
        "The rating of errand {number} is appealed against; please decide.",
    ),
    to_staff(
        "rating_appeal_decided",
        "对代办件{number}评价的申诉：{outcome}。",
        "Your appeal about the rating of errand {number} is decided: {outcome}.",
    ),
    to_staff(
        "complaint_received",
        "收到一件投诉，编号{number}，涉及{unit}，请于{due}前决定是否受理。不得转给被投诉人。",
        "Complaint {number} about {unit}: decide by {due} whether to accept it. Never pass it to whom it is about.",
    ),
    to_staff(
        "complaint_passed_up",
        "投诉{number}（涉及{unit}）已转到本级办理，请于{due}前办理。",
        "Complaint {number} about {unit} was passed up to you; it is due by {due}.",
    ),
    to_staff(
        "complaint_reopened",
        "投诉人对投诉{number}（涉及{unit}）的办理不满意，要求重新办理，请于{due}前决定是否受理。",
        "Complaint {number} about {unit} was reopened; decide by {due}.",
    ),
    to_staff(
        "complaint_late",
        "投诉{number}应于{due}前{what}，现已逾期。",
        "Complaint {number}: the step “{what}” was due by {due} and is late.",
    ),
)
