"""What acts, tables and columns are called where a person reads them. Pure."""

ACTS = {
    "resident.register": "登记个人信息",
    "resident.edit": "更改个人信息",
    "resident.full_view": "查看完整信息",
    "resident.copy": "制作本人信息副本",
    "resident.erase": "清除个人信息",
    "sync.read": "手机离线查看电话、住址",
    "appointment.full_view": "查看完整信息",
    "complaint.full_view": "查看投诉人联系方式",
    "rating_slip.issue": "发出评价凭条",
    "rating.give": "评价",
    "rating.exclude": "评价不计入考核",
    "register.export": "导出台账",
    "correction.ask": "申请更正个人信息",
    "correction.make": "更正个人信息",
    "correction.refuse": "不予更正",
    "account.create": "设立账号",
    "account.edit": "更改账号",
    "account.enable": "恢复账号",
    "account.disable": "停用账号",
    "account.approve": "批准授权（第二人）",
    "account.password_reset": "重置密码",
    "post.change": "任免岗位",
    "waiting.ask": "登记候补",
    "waiting.offer": "候补递补",
    "block.make": "限制自助预约",
    "block.appeal": "对限制提出申诉",
    "block.lift": "解除限制",
    "block.keep": "维持限制",
}
TABLES = {
    "resident": "个人信息", "resident_reader": "可查看本人信息的机构", "notice": "发给本人的通知",
    "errand": "代办件", "errand_note": "备注", "errand_trip": "跑动记录", "paper_errand": "纸质台账",
    "supplement_notice": "一次性告知", "refusal": "不予受理", "handover": "移交", "forwarding": "转办",
    "suspension": "暂停", "call_task": "电话回访", "card_appeal": "对牌的申诉", "visit": "上门服务",
    "appointment": "预约", "waiting": "候补", "booking_block": "预约限制", "correction": "更正申请",
    "rating": "评价", "rating_slip": "评价凭条", "complaint": "投诉", "rectification": "整改",
    "rating_appeal": "对评价的申诉", "sync_result": "手机上传而未办成的操作", "sync_conflict": "手机与他人改动的冲突",
    "field_problem": "工作人员报告的问题",
}
COLUMNS = {
    "name": "姓名", "id_number": "身份证号", "phone": "电话", "address": "住址", "takes_sms": "接收短信",
    "number": "编号", "state": "状态", "outcome": "结果", "item_code": "事项", "unit_code": "机构",
    "township_code": "乡镇街道", "district_code": "区", "channel": "渠道", "received_at": "收件",
    "accepted_at": "受理", "due_at": "办结期限", "finished_at": "办结", "delivered_at": "送达", "closed_at": "归档",
    "made_at": "记录时间", "result": "办理结果", "reason": "理由", "referral": "指引", "received_by": "领取人",
    "mandate_powers": "委托权限", "mandate_given_by": "委托方式", "mandate_expires_on": "委托到期", "text": "内容",
    "place": "地点", "made_on": "日期", "materials": "材料", "rating": "评价", "missing": "需补材料",
    "note": "备注", "reasons": "理由", "notice": "通知", "answer": "答复", "values": "通知内容",
    "template": "通知种类", "sent_at": "发送", "person": "预约人", "caller": "来电人", "service": "服务",
    "service_name": "服务", "day_on": "日期", "asked": "申请内容", "appeal": "申诉", "word": "说明",
    "present": "在场人", "witness": "见证人", "reader_code": "机构", "trips": "跑动次数", "paid_fen": "收费（分）",
    "payload": "上传内容", "problem": "未办成的原因", "occurred_at": "手机所记时间", "opened_at": "发现时间",
    "fields": "栏目", "raised_at": "报告时间", "asked_of": "请谁解决",
}
PLACES = frozenset({"unit_code", "township_code", "district_code", "reader_code"})
VALUES = {
    ("takes_sms", "1"): "是", ("takes_sms", "0"): "否", ("takes_sms", "True"): "是", ("takes_sms", "False"): "否",
    ("channel", "counter"): "窗口", ("channel", "phone"): "电话", ("channel", "home_visit"): "上门",
    ("channel", "app"): "手机", ("channel", "desk"): "窗口", ("channel", "self"): "自助",
    ("mandate_given_by", "signature"): "签字", ("mandate_given_by", "voice"): "录音",
    ("mandate_given_by", "witness"): "见证",
    ("outcome", "granted"): "准予", ("outcome", "refused"): "不予批准", ("outcome", "returned"): "退回",
    ("outcome", "advised"): "已答复",
}
"""Stored values in words."""
TECHNICAL = frozenset({
    "pinyin", "initials", "version", "salt", "order_at", "duty_at", "duty_days", "stops", "dedupe",
    "digest", "mutation_id", "skewed", "data", "n",
})
"""Columns that say nothing of a person: how rows are found, ordered and counted."""


def act(action: str, known: dict[str, str]) -> str:
    """What an act is called; its own name where nobody named it."""
    return known.get(action) or ACTS.get(action, action)


def is_shown(column: str) -> bool:
    """Whether a column tells a person something of herself."""
    return column not in TECHNICAL and not column.endswith(("_index", "_key", "_hash"))
