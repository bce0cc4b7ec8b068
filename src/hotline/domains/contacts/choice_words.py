"""By which rule an agent, or a contact, came first among several, and the figure that decided, in words. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from hotline.kernel.clock import to_datetime

Sentence = dict[str, str]

_CHOSEN: Final[dict[str, Sentence]] = {
    "longest_idle": {
        "zh": "{n} 名空闲且能接的坐席中，{agent} 空闲最久：自 {since} 起没有接待（{idle}）。",
        "en": "{agent} had been idle longest of the {n} idle agents who could take it: no contact since {since}"
        " ({idle}).",
    },
    "best_level": {
        "zh": "{n} 名空闲且能接的坐席中，{agent} 的技能最强：所需技能的等级合计 {figure}。",
        "en": "{agent} had the best skills of the {n} idle agents who could take it: the levels asked for add up to"
        " {figure}.",
    },
    "least_occupied": {
        "zh": "{n} 名空闲且能接的坐席中，{agent} 最清闲：签入以来有 {percent}% 的时间在接待。",
        "en": "{agent} was the least occupied of the {n} idle agents who could take it: {percent} % of the time since"
        " signing in.",
    },
    "round_robin": {
        "zh": "轮流分配：{n} 名空闲且能接的坐席中，{agent} 上一次分到联络最早（{since}）。",
        "en": "In turn: of the {n} idle agents who could take it {agent} had the last offer longest ago, at {since}.",
    },
    "weighted": {
        "zh": "按权重分配：{n} 名空闲且能接的坐席中，{agent} 按权重接待最少：签入以来每 10 点权重 {share} 次。",
        "en": "By weight: of the {n} idle agents who could take it {agent} had served the fewest for their weight:"
        " {share} since signing in for each 10 points.",
    },
    "least_in_hand": {
        "zh": "没有坐席完全空闲；{n} 名能接的坐席中，{agent} 手头工作最少：另有 {figure} 个联络。",
        "en": "Nobody was entirely free; of the {n} agents who could take it {agent} had the least in hand:"
        " {figure} more.",
    },
    "strongest_skill": {
        "zh": "{agent} 刚空闲，按所长接待：其能接的 {n} 个等候联络中，这一个最合其所长，技能等级合计 {figure}。",
        "en": "{agent} had become free and takes by skill: of the {n} waiting contacts that they could take this one"
        " asks for what they know best, levels adding up to {figure}.",
    },
}
_ALONE: Final[dict[str, Sentence]] = {
    "arrival": {
        "zh": "{agent} 是唯一空闲且能接的坐席。",
        "en": "{agent} was the only idle agent who could take it.",
    },
    "least_in_hand": {
        "zh": "{agent} 是唯一能接的坐席，手头另有 {figure} 个联络。",
        "en": "{agent} was the only agent who could take it, with {figure} more in hand.",
    },
    "agent_free": {
        "zh": "{agent} 刚空闲，这是唯一在等且其能接的联络。",
        "en": "{agent} had become free, and this was the only waiting contact that they could take.",
    },
}
_NEVER: Final[Sentence] = {
    "zh": "轮流分配：{n} 名空闲且能接的坐席中，{agent} 还没有分到过联络。",
    "en": "In turn: of the {n} idle agents who could take it {agent} had not been offered anything yet.",
}


def choice_sentence(detail: Mapping[str, Any]) -> Sentence | None:
    """How an offer's agent or contact came first, to be filled with `choice_figures`; None where the log does not tell
    or nobody chose."""
    cause, figure = detail.get("cause"), detail.get("chosen_figure")
    chosen_by = str(detail.get("chosen_by", ""))
    if detail.get("candidates") == 1:
        if cause == "agent_free":
            return _ALONE["agent_free"]
        if figure is not None and cause == "arrival":
            return _ALONE.get(chosen_by, _ALONE["arrival"])
    if figure is None:
        return None
    return _NEVER if chosen_by == "round_robin" and not figure else _CHOSEN.get(chosen_by)


def choice_figures(detail: Mapping[str, Any], at: datetime, time_zone: str) -> dict[str, dict[str, str]]:
    """What fills the sentence in each language; `at`: the moment of the offer."""
    figure = int(detail.get("chosen_figure") or 0)
    told = {"figure": str(figure), "percent": f"{figure / 100:.1f}", "share": f"{figure / 1000:.1f}"}
    if detail.get("chosen_by") not in ("longest_idle", "round_robin"):
        return {"zh": told, "en": told}
    since = to_datetime(figure)
    told["since"] = _moment_text(since, at, ZoneInfo(time_zone))
    idle_s = max(0, round((at - since).total_seconds()))
    return {"zh": {**told, "idle": duration_text(idle_s, "秒")}, "en": {**told, "idle": duration_text(idle_s, "s")}}


def duration_text(seconds: int, unit: str) -> str:
    """`48 s`, `1:05`, from an hour `1:00:05`."""
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"{rest} {unit}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _moment_text(moment: datetime, at: datetime, zone: ZoneInfo) -> str:
    """The time of day; the day too where it was another one."""
    local = moment.astimezone(zone)
    is_same_day = local.date() == at.astimezone(zone).date()
    return local.strftime("%H:%M:%S" if is_same_day else "%Y-%m-%d %H:%M:%S")
