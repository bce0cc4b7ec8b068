"""What records of the set-up are called in sentences, by their `object_type`: the words of the screens."""

from typing import Final

Text = dict[str, str]

_NAMES: Final = {
    "absence": ("缺勤", "absence"),
    "activity": ("活动", "activity"),
    "agent": ("坐席", "agent"),
    "attribute_value": ("属性取值", "attribute value"),
    "away_reason": ("小休原因", "away reason"),
    "business_module": ("业务模块", "business module"),
    "calendar": ("营业日历", "calendar"),
    "contract": ("合同", "contract"),
    "department": ("部门", "department"),
    "department_line": ("部门转接", "department transfer"),
    "disposition_node": ("处理结果", "disposition"),
    "emergency_number": ("紧急号码", "emergency number"),
    "entry_point": ("接入点", "entry point"),
    "flow": ("流程", "flow"),
    "forecast": ("预测", "forecast"),
    "funnel_level": ("漏斗层级", "funnel level"),
    "key_account": ("大客户", "key account"),
    "labour_rules": ("工时规则", "labour rules"),
    "ladder": ("梯队组", "ladder"),
    "message_account": ("消息账号", "message account"),
    "outbound_prefix": ("外呼前缀", "outbound prefix"),
    "pool_use": ("借入坐席组", "pool in use"),
    "priority_rule": ("优先级规则", "priority rule"),
    "prompt": ("语音提示", "prompt"),
    "queue": ("队列", "queue"),
    "queue_message": ("等候提示", "announcement"),
    "roster": ("班表", "roster"),
    "rotation": ("轮班方式", "rotation"),
    "seat": ("坐席位", "seat"),
    "shared_pool": ("共享坐席组", "shared pool"),
    "shift_kind": ("班次", "shift kind"),
    "site": ("场地", "site"),
    "skill": ("技能", "skill"),
    "skill_borrowing": ("技能支援", "skill borrowing"),
    "team": ("班组", "team"),
    "ticket_type": ("工单类型", "ticket type"),
    "workforce_settings": ("排班设置", "workforce settings"),
}


def type_name(object_type: str) -> Text:
    """The type of a record in both languages; one without a word of its own by its code."""
    zh, en = _NAMES.get(object_type) or (object_type, object_type.replace("_", " "))
    return {"zh": zh, "en": en}


def listed(users: list[tuple[str, str]]) -> Text:
    """Records, each by type and label, in both languages: at most five, then how many more."""
    more = f" (+{len(users) - 5})" if len(users) > 5 else ""
    return {
        language: separator.join(f"{type_name(kind)[language]} {label}" for kind, label in users[:5]) + more
        for language, separator in (("zh", "、"), ("en", ", "))
    }
