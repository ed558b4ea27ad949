"""What is told to the staff, in the two languages. Pure."""
from backend.notifications.rules.letter import to_staff

LETTERS = (
    to_staff(
        "card",
        "{rung}：代办件{number}（{item}）应于{due}前办结，请及时处理。",
        "{rung}: errand {number} ({item}) is due by {due}.",
    ),
    to_staff(
        "handover_asked",
        "{giver}请您接手代办件{number}（{item}），请在系统中答复；您接受之前仍由对方负责。",
        "{giver} asks you to take over errand {number} ({item}); until you accept it stays theirs.",
    ),
    to_staff(
        "forwarded",
        "代办件{number}（{item}）已转到贵部门，请于{due}前答复。",
        "Errand {number} ({item}) was forwarded to your department; answer by {due}.",
    ),
    to_staff(
        "forwarded_above",
        "代办件{number}（{item}）已上报贵部门，请及时答复。",
        "Errand {number} ({item}) was sent up to your department; please answer.",
    ),
    to_staff(
        "forwarding_answered",
        "代办件{number}（{item}）：{department}已答复“{answer}”，请继续办理。",
        "Errand {number} ({item}): {department} answered “{answer}”; it is yours to carry on.",
    ),
    to_staff(
        "errand_inherited",
        "代办件{number}（{item}）原代办员账号已停用，由您所在岗位接办。",
        "Errand {number} ({item}) comes to your post: its agent's account is disabled.",
    ),
    to_staff(
        "visit_given",
        "{by}请您{at}上门服务，编号{number}，地址和电话在系统中查看。",
        "{by} asks you to make visit {number} at {at}; address and phone are in the system.",
    ),
    to_staff(
        "visit_taken_away",
        "{at}的上门服务（编号{number}）不用您去了，由{by}调整。",
        "Visit {number} of {at} is not yours any more; {by} changed it.",
    ),
    to_staff(
        "visit_on_your_word",
        "{by}登记了一次上门服务（编号{number}，{at}），理由是您的意见。情况不符，请与其机构联系。",
        "{by} entered visit {number} ({at}) on your word. If that is not so, tell the unit.",
    ),
    to_staff(
        "visit_on_a_word",
        "{by}登记了一次上门服务（编号{number}，{at}），理由是效能监督人员的意见，没有写明是谁。情况不符，请与其机构联系。",
        "{by} entered visit {number} ({at}) on a supervisor's word, naming nobody. If that is not so, tell the unit.",
    ),
    to_staff(
        "visit_agent_away",
        "{at}的上门服务（编号{number}）原定代办员不能去：账号停用、调离或请假。请改派或告知群众。",
        "The agent of visit {number} at {at} cannot go (disabled, moved or on leave). Send somebody else.",
    ),
    to_staff(
        "finding_recorded",
        "代办件{number}（{item}）记入一条问题：{finding}。",
        "A finding about errand {number} ({item}) was recorded: {finding}.",
    ),
    to_staff(
        "rosters_unpublished",
        "{first}起的值班表还有{count}个机构没有发布：{units}。请尽快排好并发布。",
        "{count} rosters from {first} on are not published yet: {units}.",
    ),
    to_staff(
        "report_reminder",
        "{unit}{week}建设周报还没有报送，请在{due}前报送。",
        "{unit} has not filed its weekly report {week}; it is due by {due}.",
        sleeps=True,
    ),
    to_staff(
        "report_missing",
        "{unit}{week}建设周报到{due}截止时仍未报送，请尽快补报，逾期将在通报中列名。",
        "{unit} had not filed its weekly report {week} when it was due ({due}); file it, late as it is.",
        sleeps=True,
    ),
    to_staff(
        "reports_missing",
        "{week}建设周报{due}截止：应报{expected}个，未报{count}个：{units}。",
        "Weekly reports {week}, due {due}: {expected} expected, {count} missing: {units}.",
        sleeps=True,
    ),
    to_staff(
        "report_returned",
        "{week}建设周报被退回，请改正后重新报送。原因：{reason}",
        "The weekly report {week} was returned; correct it and file it again. Reason: {reason}",
    ),
    to_staff(
        "problem_raised",
        "{unit}在建设周报中提出问题：{problem}。请{department}于{due}前在系统中答复。",
        "{unit} raised a problem in its weekly report: {problem}. {department}, answer by {due}.",
    ),
    to_staff(
        "problem_answered",
        "{department}已答复{unit}提出的问题：{problem}。答复见下期周报或问题清单。",
        "{department} answered the problem that {unit} raised: {problem}.",
    ),
    to_staff(
        "field_problem_raised",
        "{unit}的{by}报告了一个问题，请于{due}前在系统中答复。",
        "{by} of {unit} reported a problem; answer it by {due}.",
    ),
    to_staff(
        "field_problem_answered",
        "{by}已答复您报告的问题，请在系统中查看。",
        "{by} answered the problem that you reported.",
    ),
)
