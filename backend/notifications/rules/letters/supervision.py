"""What is told to the staff of supervision, in the two languages. Pure."""
from backend.notifications.rules.letter import to_staff

LETTERS = (
    to_staff(
        "order_issued",
        "{body}收到督办单{number}：{what}。请于{due}前办理并回复；不能解决的，到期前上报。",
        "Order {number} to {body}: {what}. Reply by {due}; pass up in time what you cannot solve.",
    ),
    to_staff(
        "order_reminder",
        "督办单{number}（{body}）应于{due}前回复，请及时办理。",
        "Order {number} ({body}) is to be answered by {due}.",
    ),
    to_staff(
        "order_missed",
        "督办单{number}：{body}到{due}未回复也未上报，已记为问题。",
        "Order {number}: {body} neither answered nor passed it up by {due}; a finding was made.",
    ),
    to_staff(
        "order_replied",
        "{body}已回复督办单{number}，请审核。",
        "{body} replied to order {number}; accept or return it.",
    ),
    to_staff(
        "order_accepted",
        "督办单{number}的回复已通过，已销号。",
        "The reply to order {number} was accepted.",
    ),
    to_staff(
        "order_returned",
        "督办单{number}被退回，请{body}于{due}前重新办理并回复。",
        "Order {number} was returned; {body}, reply again by {due}.",
    ),
    to_staff(
        "order_passed_up",
        "下级上报督办单{number}：{what}。请{body}于{due}前研究回复。",
        "Order {number} was passed up to {body}: {what}. Reply by {due}.",
    ),
    to_staff(
        "order_withdrawn",
        "督办单{number}已撤回，不再需要回复。",
        "Order {number} was withdrawn; no reply is due.",
    ),
    to_staff(
        "body_found",
        "{body}记入一项问题：{finding}（{what}）。有异议请向效能办提出。",
        "A finding about {body} was recorded: {finding} ({what}).",
    ),
    to_staff(
        "watch_listed",
        "{body}被列入重点关注名单：{reason}。请查找原因并整改。",
        "{body} was put on the watch-list: {reason}.",
    ),
    to_staff(
        "notice_names_body",
        "通报《{title}》提到{body}（{kind}），请阅读。",
        "The notice “{title}” names {body} ({kind}).",
    ),
    to_staff(
        "notice_names_you",
        "通报《{title}》提到您（{kind}），请阅读。",
        "The notice “{title}” names you ({kind}).",
    ),
    to_staff(
        "case_reminder",
        "关于{person}的提醒（{number}）：请于{due}前改正，并可在系统中陈述意见。",
        "A reminder about {person} ({number}): to be put right by {due}; you may state your view.",
    ),
    to_staff(
        "case_closed",
        "问责事项{number}已结案，结果请在系统中查看。",
        "Case {number} is closed; read the outcome in the system.",
    ),
    to_staff(
        "promise_reminder",
        "{body}的公开承诺{number}应于{due}前兑现，请提交兑现情况。",
        "The promise {number} of {body} is to be kept by {due}; show that it is.",
    ),
    to_staff(
        "promise_to_judge",
        "{body}的公开承诺{number}已于{due}到期，兑现情况待认定。",
        "The promise {number} of {body} fell due at {due}; its evidence waits to be judged.",
    ),
)
