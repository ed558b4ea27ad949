"""What is told to the staff of joint reviews, assignments, weekly meetings; deemed is no approval. Pure."""
from backend.notifications.rules.letter import to_staff

LETTERS = (
    to_staff(
        "review_summoned",
        "联合会审召集：项目“{project}”（{number}）定于{at}会审，请{department}签收召集函并派员参加（第{times}次送达）；"
        "不能参加的须会前书面请假，已签收而无故缺席的按规定处理。",
        "Joint review of project “{project}” ({number}) at {at}: {department}, sign for the summons (served: {times}) "
        "and come, or excuse yourselves in writing before it.",
    ),
    to_staff(
        "review_summoned_late",
        "联合会审补送召集函：项目“{project}”（{number}）已于{at}会审，{department}未签收召集函，现第{times}次送达。"
        "请签收，并在签收后{days}个工作日内书面答复；签收后逾期不答复的按规定处理。",
        "The joint review of project “{project}” ({number}) was held at {at}; {department} had not signed for the "
        "summons (served: {times}). Sign for it now and answer in writing within {days} working days after that.",
    ),
    to_staff(
        "review_postponed",
        "项目“{project}”（{number}）的联合会审改在{at}，原因：{reason}。请{department}重新签收召集函。",
        "The joint review of project “{project}” ({number}) is put off to {at}: {reason}. {department}, sign anew.",
    ),
    to_staff(
        "review_excused",
        "{department}不能参加项目“{project}”（{number}）的联合会审，已书面请假，应于{due}前书面答复。",
        "{department} is excused from the joint review of project “{project}” ({number}); its answer is due by {due}.",
    ),
    to_staff(
        "review_awaited",
        "项目“{project}”（{number}）的联合会审，请{department}于{due}前书面答复。",
        "Joint review of project “{project}” ({number}): {department}'s written answer is due by {due}.",
    ),
    to_staff(
        "review_answered",
        "项目“{project}”（{number}）的联合会审，{department}的意见记为“{outcome}”。如与事实不符，请及时联系项目代办员。",
        "Joint review of project “{project}” ({number}): {department}'s word is recorded as “{outcome}”. If that is "
        "not so, tell the project's agent.",
    ),
    to_staff(
        "review_deemed",
        "项目“{project}”（{number}）的联合会审，{department}已签收召集函而未参加、未答复，缺席视为同意进入下一环节。"
        "这不是批准，{department}仍承担责任。",
        "Joint review of project “{project}” ({number}): {department} had signed for the summons and neither came nor "
        "answered: deemed by absence. It is no approval; {department} stays liable.",
    ),
    to_staff(
        "review_concluded",
        "项目“{project}”（{number}）{at}的联合会审已形成结论：同意{agreed}家，不同意{objected}家，"
        "缺席视为同意进入下一环节{deemed}家。",
        "The joint review of project “{project}” ({number}) at {at} is concluded: {agreed} agreed, {objected} "
        "objected, {deemed} deemed by absence.",
    ),
    to_staff(
        "minutes_issued",
        "项目“{project}”（{number}）联合会审纪要{minutes}已印发，交办事项{count}项，请查看。",
        "Minutes {minutes} of the joint review of project “{project}” ({number}) are issued, with {count} assignments.",
    ),
    to_staff(
        "minutes_due",
        "项目“{project}”（{number}）{at}的联合会审，纪要和交办单应于{due}印发，尚未印发。",
        "The minutes of the joint review of project “{project}” ({number}) at {at} are due on {due} and not issued.",
        sleeps=True,
    ),
    to_staff(
        "assignment_given",
        "交办事项：项目“{project}”（{number}），{what}，由{department}牵头，{due}前完成。",
        "An assignment of project “{project}” ({number}): {what}. {department} leads, until {due}.",
    ),
    to_staff(
        "assignment_done",
        "项目“{project}”（{number}）的交办事项“{what}”，{department}报告已完成。",
        "{department} reports the assignment “{what}” of project “{project}” ({number}) as done.",
    ),
    to_staff(
        "assignment_returned",
        "项目“{project}”（{number}）的交办事项“{what}”被退回{department}，原因：{reason}。",
        "The assignment “{what}” of project “{project}” ({number}) came back to {department}: {reason}.",
    ),
    to_staff(
        "assignment_overdue",
        "项目“{project}”（{number}）的交办事项“{what}”应于{due}完成，{department}逾期未完成。",
        "The assignment “{what}” of project “{project}” ({number}) was due on {due}; {department} has not done it.",
        sleeps=True,
    ),
    to_staff(
        "issue_raised",
        "项目“{project}”（{number}）例会问题：{issue}。由{department}负责解决，期限{due}。",
        "An issue of project “{project}” ({number}): {issue}. {department} is to solve it, until {due}.",
    ),
    to_staff(
        "issue_settled",
        "项目“{project}”（{number}）例会问题“{issue}”已解决。",
        "The issue “{issue}” of project “{project}” ({number}) is settled.",
    ),
    to_staff(
        "meeting_reminder",
        "重点项目例会定于{at}召开，待解决问题{count}个。",
        "The weekly meeting on key projects is at {at}; {count} issues stand open.",
        sleeps=True,
    ),
    to_staff(
        "interview_held",
        "项目“{project}”（{number}）已作三方约谈，责任认定为{fault}，由{body}处理。",
        "The parties of project “{project}” ({number}) were interviewed; at fault: {fault}; {body} pursues it.",
    ),
)
