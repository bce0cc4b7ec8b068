"""How versions say codes and the parts of settings, in both languages. Pure: no Django, no clock."""

from collections.abc import Mapping
from typing import Final

Text = dict[str, str]


def _words(**both: tuple[str, str]) -> Mapping[str, Text]:
    return {code: {"zh": zh, "en": en} for code, (zh, en) in both.items()}


_CHANNELS: Final = _words(
    voice=("电话", "calls"),
    sms=("短信", "text messages"),
    chat=("在线", "chat"),
    email=("邮件", "e-mail"),
    letter=("信件", "letters"),
    form=("网页表单", "web form"),
    counter=("营业厅", "counter"),
)
_KINDS: Final = _words(
    general=("一般技能", "general"),
    language=("语言", "language"),
    brand=("品牌", "brand"),
    product_line=("产品线", "product line"),
    region=("省份", "province"),
    certificate=("证书", "certificate"),
)
# Codes by the field in which they stand.
CODES: Final[Mapping[str, Mapping[str, Text]]] = {
    "interruptible": _CHANNELS,
    "capacity": _CHANNELS,
    "kind": _KINDS,
    "attributes": {**_KINDS, **_words(required=("必需", "required"), preferred=("优先", "preferred"))},
    "choice": _words(
        longest_idle=("空闲最久", "longest idle"),
        best_level=("技能等级最高", "best level"),
        least_occupied=("利用率最低", "least occupied"),
        round_robin=("轮流", "in turn"),
        weighted=("按权重", "by weight"),
    ),
    "order": _words(
        arrival=("到达先后", "arrival"), service_level=("距服务水平目标最近", "nearest to missing the target")
    ),
    "callback_after_talk": _words(close=("关闭", "close it"), keep=("保留", "keep it")),
    "device": _words(
        browser=("浏览器", "browser"), sip_phone=("SIP 话机", "SIP telephone"), simulated=("模拟", "simulated")
    ),
    "fault": _words(
        computer=("电脑故障", "computer"),
        headset=("耳麦故障", "headset"),
        network=("网络故障", "network"),
        power=("供电故障", "power"),
        furniture=("桌椅损坏", "furniture"),
        other=("其他故障", "other"),
    ),
    "takes": _words(most_urgent=("最紧急的", "most urgent"), strongest_skill=("最擅长的", "strongest skill")),
    "trigger": _words(
        wait=("最长等待", "longest wait"),
        length=("排队数", "number waiting"),
        service_level=("服务水平", "service level"),
        abandoned=("放弃率", "abandoned"),
    ),
}
# What the parts of a setting are called: rings, overflows, tiers.
PARTS: Final[Mapping[str, Text]] = _words(
    after_s=("等候秒数", "after seconds"),
    queue_id=("队列", "queue"),
    pool_id=("共享坐席组", "shared pool"),
    group_ids=("班组", "teams"),
    site_ids=("场地", "sites"),
    relax=("等级放宽", "levels lower by"),
    is_preference_kept=("坚持优先技能", "preferred skills insisted on"),
    agent_ids=("成员", "members"),
    trigger=("触发指标", "trigger"),
    threshold=("启用阈值", "threshold"),
    hold_s=("持续秒数", "held for seconds"),
    stand_down=("解散阈值", "stand-down"),
    stand_down_s=("好转秒数", "better for seconds"),
    call_up_s=("召集秒数", "call-up seconds"),
    skills=("借用技能", "borrowed skills"),
    name_zh=("中文名", "Chinese name"),
    name_en=("英文名", "English name"),
)
