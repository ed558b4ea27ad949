"""What is told to the staff of key projects, in the two languages; deemed is never worded as approved. Pure."""
from backend.notifications.rules.letter import to_staff

LETTERS = (
    to_staff(
        "procedure_card",
        "{rung}：项目“{project}”（{number}）的“{procedure}”应于{due}前答复，请及时办理。",
        "{rung}: “{procedure}” of project “{project}” ({number}) is to be answered by {due}.",
    ),
    to_staff(
        "opinion_card",
        "{rung}：项目“{project}”（{number}）的“{procedure}”已视为同意进入下一环节，书面补充意见应于{due}前提交。",
        "{rung}: “{procedure}” of project “{project}” ({number}) counts as consented to; the written opinion is due "
        "by {due}.",
    ),
    to_staff(
        "procedure_served",
        "项目“{project}”（{number}）的“{procedure}”材料已由{signed_by}签收，请于{due}前答复；逾期不答复的按规定处理。",
        "Papers of “{procedure}”, project “{project}” ({number}), were signed for by {signed_by}; answer by {due}.",
    ),
    to_staff(
        "procedure_answered",
        "项目“{project}”（{number}）的“{procedure}”：{department}答复“{answer}”。",
        "“{procedure}” of project “{project}” ({number}): {department} answered “{answer}”.",
    ),
    to_staff(
        "procedure_stopped",
        "项目“{project}”（{number}）的“{procedure}”因{reason}暂停计时，恢复时另行告知。",
        "The clock of “{procedure}”, project “{project}” ({number}), stands for: {reason}.",
    ),
    to_staff(
        "procedure_dated",
        "项目“{project}”（{number}）的“{procedure}”办理期限改为{due}（{reason}）。",
        "“{procedure}” of project “{project}” ({number}) is now due by {due} ({reason}).",
    ),
    to_staff(
        "consent_deemed",
        "项目“{project}”（{number}）的“{procedure}”，{department}{outcome}，自{effective}起生效。"
        "这不是批准，{department}仍承担责任，须于{due}前提交书面意见。",
        "“{procedure}” of project “{project}” ({number}): {department}'s consent is deemed "
        "({outcome}) as of {effective}. It "
        "is no approval; {department} stays liable and owes its written opinion by {due}.",
    ),
    to_staff(
        "consent_noticed",
        "默认同意通知书{notice}：项目“{project}”（{number}）的“{procedure}”，{department}{outcome}，自{effective}起生效。"
        "通知书可在系统中打印。",
        "Notice {notice} of a deemed consent: “{procedure}”, project “{project}” ({number}), {department}, {outcome}, "
        "as of {effective}.",
    ),
    to_staff(
        "consent_revoked",
        "项目“{project}”（{number}）的“{procedure}”视为同意已被撤销，理由：{reason}。须重新送件；依赖它的手续退回待前置：{blocked}。",
        "The deemed consent to “{procedure}” of project “{project}” ({number}) is revoked: {reason}. Papers are to be "
        "served anew; waiting again: {blocked}.",
    ),
    to_staff(
        "opinion_given",
        "项目“{project}”（{number}）的“{procedure}”：{department}已提交书面意见。",
        "“{procedure}” of project “{project}” ({number}): {department} gave its written opinion.",
    ),
)
