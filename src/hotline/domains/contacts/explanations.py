"""Why routing did what a step of the timeline says, in a sentence of each language. Pure: names are handed in.

A step explains itself by what the log told of it; one that decided nothing has no explanation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from hotline.domains.contacts.choice_words import Sentence, choice_figures, choice_sentence

Detail = Mapping[str, Any]
Named = Mapping[str, Mapping[str, str]]
_UNKNOWN = {"zh": "未知", "en": "unknown"}

_RULES: dict[str, Sentence] = {
    "value_grade": {"zh": "价值等级", "en": "value grade"},
    "brand": {"zh": "品牌", "en": "brand"},
    "product_line": {"zh": "产品线", "en": "product line"},
    "region": {"zh": "省份", "en": "province"},
    "language": {"zh": "语言", "en": "language"},
    "vip": {"zh": "贵宾", "en": "VIP"},
    "key_account": {"zh": "大客户等级", "en": "class of the key account"},
    "repeat": {"zh": "重复来电", "en": "repeated call"},
}
_WANTED: dict[str, Sentence] = {
    "key_account": {"zh": "先等其客户经理 {agent}", "en": "waits for the account's manager {agent} first"},
    "last_agent": {"zh": "先等上次接待的 {agent}", "en": "waits for {agent}, who served this customer last, first"},
}
_OFFERED: dict[str, Sentence] = {
    "arrival": {
        "zh": "{agent} 在 {n} 名空闲且能接的坐席中被选中。",
        "en": "{agent} was chosen among {n} idle agents who could take it.",
    },
    "agent_free": {
        "zh": "{agent} 刚空闲，这是其能接的 {n} 个等候联络中的第一个。",
        "en": "{agent} had become free; of the {n} waiting contacts that they could take this one came first.",
    },
    "relationship": {"zh": "客户等的正是 {agent}。", "en": "{agent} is the agent whom this customer waited for."},
    "transfer": {"zh": "按转接指定给 {agent}。", "en": "The transfer named {agent}."},
    "consult": {"zh": "按咨询指定给 {agent}。", "en": "The consultation asked for {agent}."},
    "reform": {
        "zh": "规则、后备队或场地有变，{agent} 现在可以接。",
        "en": "Rules, reserve teams or sites changed, and {agent} could take it now.",
    },
}
_RELEASED: dict[str, Sentence] = {
    "time_over": {
        "zh": "等 {agent} 的时间已到，现在任何能接的坐席都可接。",
        "en": "The time for waiting for {agent} was over; anybody able may take it now.",
    },
    "agent_left": {
        "zh": "{agent} 已离开，现在任何能接的坐席都可接。",
        "en": "{agent} has left; anybody able may take it now.",
    },
}
_REQUEUED: dict[str, Sentence] = {
    "overflow": {
        "zh": "在{former}等候超过设定的时间，转入队列 {queue}，等候时间照旧累计。",
        "en": "It had waited in {former} for as long as is allowed there and went to {queue}; the wait clock goes on.",
    },
    "full": {"zh": "{former}已满，转入队列 {queue}。", "en": "There was no room in {former}, so it went to {queue}."},
    "too_long": {
        "zh": "在{former}等候过久，转入队列 {queue}，等候时间照旧累计。",
        "en": "It had waited too long in {former} and went to {queue}; the wait clock goes on.",
    },
    "agent_lost": {
        "zh": "坐席的通话中断，回到队列 {queue} 最前面。",
        "en": "The agent's call was lost; it went back to the very front of {queue}.",
    },
    "transfer": {
        "zh": "转接到队列 {queue}，等候时间照旧累计。",
        "en": "It was transferred to {queue}; the wait clock goes on.",
    },
    "transfer_failed": {"zh": "转接未成，回到队列 {queue}。", "en": "The transfer failed; it went back to {queue}."},
}
_DIVERTED: dict[str, Sentence] = {
    "full": {
        "zh": "队列 {queue} 已满，由流程的“队列已满”出口继续。",
        "en": "{queue} was full; the flow went on at its exit.",
    },
    "too_long": {
        "zh": "在队列 {queue} 等候过久，由流程的出口继续。",
        "en": "It had waited too long in {queue}; the flow went on at its exit.",
    },
    "disaster": {
        "zh": "队列 {queue} 处于灾备模式，由流程的出口继续。",
        "en": "{queue} is in disaster mode; the flow went on at its exit.",
    },
}
_SHARED: dict[str, Sentence] = {
    "waited": {
        "zh": "等候已久，共享坐席组“{pool}”的坐席也可以接；联络仍属本队列。",
        "en": "It had waited long enough for the shared pool “{pool}”: its agents may take it too, and it stays here.",
    },
    "full": {
        "zh": "队列已满，共享坐席组“{pool}”的坐席也可以接；联络仍属本队列。",
        "en": "The queue was full, so agents of the shared pool “{pool}” may take it too, and it stays here.",
    },
}
_LENT: Sentence = {
    "zh": "该坐席来自共享坐席组“{pool}”。",
    "en": "The agent belongs to the shared pool “{pool}”.",
}
_MISSED: dict[str, Sentence] = {
    "busy": {"zh": "占线", "en": "busy"},
    "no_answer": {"zh": "无人接听", "en": "no answer"},
    "failed": {"zh": "未接通", "en": "not connected"},
}


@dataclass(frozen=True, slots=True)
class KnownNames:
    """By id as text."""

    agents: Mapping[str, str] = field(default_factory=dict)
    queues: Named = field(default_factory=dict)
    skills: Named = field(default_factory=dict)
    persons: Mapping[str, str] = field(default_factory=dict)  # supervisors
    pools: Named = field(default_factory=dict)
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Told:
    """A step as the log told it; `former_queue_id` is where the contact waited before."""

    kind: str
    at: datetime
    agent_id: UUID | None
    queue_id: UUID | None
    detail: Detail
    former_queue_id: UUID | None = None


def explained(step: Told, names: KnownNames) -> Sentence | None:
    """The sentence in Chinese and English, None for a step that decided nothing."""
    explain = _BY_KIND.get(step.kind)
    if explain is None:
        return None
    agent = names.agents.get(str(step.agent_id)) if step.agent_id else None
    figures = choice_figures(step.detail, step.at, names.time_zone)
    words = {
        language: {
            "agent": agent or _UNKNOWN[language],
            "queue": _queue(step.queue_id, names, language) or _UNKNOWN[language],
            "former": _former_queue(step.former_queue_id, names, language),
            **figures[language],
        }
        for language in ("zh", "en")
    }
    return explain(step.detail, names, words)


def _queue(queue_id: UUID | None, names: KnownNames, language: str) -> str:
    return names.queues.get(str(queue_id), {}).get(language, "")


def _former_queue(queue_id: UUID | None, names: KnownNames, language: str) -> str:
    name = _queue(queue_id, names, language)
    if language == "zh":
        return f"队列 {name} " if name else "原队列"
    return name or "its queue"


def names_a_pool(details: Sequence[Detail]) -> bool:
    """Whether a shared pool had part in any of it."""
    return any("pool_id" in detail for detail in details)


def named_ids(details: Sequence[Detail]) -> tuple[set[str], set[str]]:
    """Ids of agents and of skills that the details of a timeline name."""
    agents = {str(detail["wanted_agent_id"]) for detail in details if detail.get("wanted_agent_id")}
    skills = {str(need[0]) for detail in details for name in ("needs", "preferred") for need in detail.get(name) or ()}
    return agents, skills


Words = Mapping[str, Mapping[str, Any]]
Explain = Callable[[Detail, KnownNames, Words], Sentence | None]


def _filled(found: Sentence | None, words: Words, **more: Any) -> Sentence | None:
    if found is None:
        return None
    return {language: text.format(**words[language], **more) for language, text in found.items()}


def _queued(detail: Detail, names: KnownNames, words: Words) -> Sentence:
    parts: list[Sentence] = [*_points(detail), *_needs(detail, names), *_place(detail), *_wanted(detail, names)]
    if not parts:
        return {"zh": "按先来后到排队，没有加分。", "en": "It waits in the order of asking, without extra points."}
    english = "; ".join(part["en"] for part in parts)
    return {"zh": "；".join(part["zh"] for part in parts) + "。", "en": f"{english[:1].upper()}{english[1:]}."}


def _points(detail: Detail) -> list[Sentence]:
    points: Mapping[str, int] = detail.get("points") or {}
    if not points:
        return []
    names = {kind: _RULES.get(kind, {"zh": kind, "en": kind}) for kind in points}
    total = sum(points.values())
    each = {
        language: ("、" if language == "zh" else ", ").join(
            f"{names[kind][language]} {given:+d}" for kind, given in points.items()
        )
        for language in ("zh", "en")
    }
    return [
        {
            "zh": f"加分 {total:+d}（{each['zh']}），每分相当于多等一分钟",
            "en": f"{total:+d} points ({each['en']}), each worth a minute of waiting",
        }
    ]


def _needs(detail: Detail, names: KnownNames) -> list[Sentence]:
    found: list[Sentence] = []
    for key, zh, en in (("needs", "须有技能", "needs"), ("preferred", "优先找有", "is looked for first with")):
        needs = detail.get(key) or []
        if needs:
            listed = {
                language: ("、" if language == "zh" else ", ").join(_skill(need, names, language) for need in needs)
                for language in ("zh", "en")
            }
            found.append({"zh": f"{zh} {listed['zh']}", "en": f"{en} {listed['en']}"})
    return found


def _skill(need: Sequence[Any], names: KnownNames, language: str) -> str:
    name = names.skills.get(str(need[0]), {}).get(language) or _UNKNOWN[language]
    level = int(need[1]) if len(need) > 1 else 1
    if level == 1:
        return name
    return f"{name}（{level} 级以上）" if language == "zh" else f"{name} (level {level} or better)"


def _place(detail: Detail) -> list[Sentence]:
    if detail.get("place_ms") is None:
        return []
    return [
        {
            "zh": "上次未接通或中途断线，恢复原来的排队位置",
            "en": "has the place of the earlier call that was not answered or was cut off",
        }
    ]


def _wanted(detail: Detail, names: KnownNames) -> list[Sentence]:
    agent_id = detail.get("wanted_agent_id")
    if not agent_id:
        return []
    sentence = _WANTED.get(str(detail.get("wanted_cause")), _WANTED["last_agent"])
    known = names.agents.get(str(agent_id))
    return [{language: text.format(agent=known or _UNKNOWN[language]) for language, text in sentence.items()}]


def _offered(detail: Detail, names: KnownNames, words: Words) -> Sentence | None:
    cause = str(detail.get("cause"))
    known = _OFFERED.get(cause)
    if known is None:
        return None
    chosen = choice_sentence(detail)
    parts = [known] if chosen is None or cause == "reform" else []
    parts += [chosen] if chosen is not None else []
    n = detail.get("candidates", 0)
    told = [{language: text.format(**words[language], n=n) for language, text in part.items()} for part in parts]
    if detail.get("pool_id"):
        told.append(_of_pool(_LENT, detail, names))
    return {"zh": "".join(part["zh"] for part in told), "en": " ".join(part["en"] for part in told)}


def _of_pool(sentence: Sentence, detail: Detail, names: KnownNames) -> Sentence:
    name = names.pools.get(str(detail["pool_id"]), _UNKNOWN)
    return {language: text.format(pool=name[language]) for language, text in sentence.items()}


def _widened(detail: Detail, names: KnownNames, words: Words) -> Sentence | None:
    if detail.get("pool_id"):
        return _of_pool(_SHARED.get(str(detail.get("cause")), _SHARED["waited"]), detail, names)
    sentence = {
        "zh": "等候已久，范围扩大到第 {ring} 圈：更多坐席可以接。",
        "en": "It had waited long enough for ring {ring}: more agents may take it.",
    }
    if detail.get("relax"):
        sentence = {
            "zh": "等候已久，范围扩大到第 {ring} 圈：更多坐席可以接，要求的等级降低 {relax} 级。",
            "en": "It had waited long enough for ring {ring}: more agents may take it, with levels lower by {relax}.",
        }
    # The log counts rings from 0, people from 1: the first one is open from the beginning.
    return _filled(sentence, words, ring=detail.get("ring", 0) + 1, relax=detail.get("relax", 0))


def _by_cause(table: Mapping[str, Sentence]) -> Explain:
    def explain(detail: Detail, names: KnownNames, words: Words) -> Sentence | None:
        return _filled(table.get(str(detail.get("cause"))), words)

    return explain


def _requeued(detail: Detail, names: KnownNames, words: Words) -> Sentence | None:
    told = _filled(_REQUEUED.get(str(detail.get("cause"))), words)
    needs = _needs(detail, names)
    if told is None or not needs:
        return told
    zh, en = "；".join(part["zh"] for part in needs), "; ".join(part["en"] for part in needs)
    return {"zh": f"{told['zh']}在该队列{zh}。", "en": f"{told['en']} There it {en}."}


def _promised(detail: Detail, names: KnownNames, words: Words) -> Sentence:
    return {
        "zh": "客户选择回呼并保留排队位置：先接通坐席，再呼叫客户。",
        "en": "The customer chose to be called back and keeps the place: an agent answers first, then they are called.",
    }


def _postponed(detail: Detail, names: KnownNames, words: Words) -> Sentence | None:
    missed = _MISSED.get(str(detail.get("cause")), _MISSED["failed"])
    attempt = detail.get("attempt", 0)
    return {
        "zh": f"第 {attempt} 次回呼{missed['zh']}，稍后按原位置再拨。",
        "en": f"Call-back {attempt} was not answered ({missed['en']}); it is tried again later at the old place.",
    }


def _due(detail: Detail, names: KnownNames, words: Words) -> Sentence:
    return {
        "zh": "到了回呼时间，按原位置回到队列。",
        "en": "The call-back is due: it is back in the queue at its old place.",
    }


_MET: Sentence = {
    "zh": "客户自己来电并接通了 {agent}：通话期间不再回呼。",
    "en": "The customer has called meanwhile and talks with {agent}: nobody calls them during that talk.",
}
_MET_HERE: Sentence = {
    "zh": "已承诺给这位客户回呼：通话期间不再呼叫，由坐席决定承诺是否还需保留。",
    "en": "A call-back is promised to this customer: nobody calls them during this talk, and the agent says whether "
    "the promise is still wanted.",
}
_SETTLED: dict[tuple[str, bool], Sentence] = {  # by choice, and whether an agent made it
    ("close", True): {
        "zh": "{agent}：在客户自己的来电中已办妥，不再回呼。",
        "en": "{agent}: it was done in the customer's own call, so nobody calls back.",
    },
    ("close", False): {
        "zh": "客户自己的来电已结束，坐席未作选择：按队列设定不再回呼。",
        "en": "The customer's own call is over and the agent chose nothing: by the queue's setting nobody calls back.",
    },
    ("keep", True): {
        "zh": "{agent}：回呼仍要保留。",
        "en": "{agent}: the call-back is still wanted.",
    },
    ("keep", False): {
        "zh": "通话中断，或队列设定为保留：回呼仍要保留。",
        "en": "The talk broke off, or the queue keeps such promises: the call-back stays.",
    },
}


def _met(detail: Detail, names: KnownNames, words: Words) -> Sentence | None:
    return _filled(_MET_HERE if "promised_contact_id" in detail else _MET, words)


def _settled(detail: Detail, names: KnownNames, words: Words) -> Sentence | None:
    return _filled(_SETTLED.get((str(detail.get("choice")), bool(detail.get("is_by_agent")))), words)


def _resumed(detail: Detail, names: KnownNames, words: Words) -> Sentence:
    if detail.get("due_ms"):
        return {
            "zh": "客户自己的来电已结束，下一次回呼仍按原定时间。",
            "en": "The customer's own call is over; the next attempt is due when it was before.",
        }
    return {
        "zh": "客户自己的来电已结束，回呼按原位置回到队列。",
        "en": "The customer's own call is over; the call-back is in the queue again at its old place.",
    }


def _ended(detail: Detail, names: KnownNames, words: Words) -> Sentence | None:
    """Only what ended without the customer being called, and does not explain itself."""
    if detail.get("outcome") == "own_call":
        return {
            "zh": "客户自己来电已得到答复，回呼无需再进行。",
            "en": "The customer's own call has answered it; the call-back was not needed any more.",
        }
    if detail.get("outcome") != "callback_failed":
        return None
    if detail.get("cause") != "cancelled":
        return {"zh": "各次回呼均未接通，不再回呼。", "en": "No attempt reached the customer; there is no further one."}
    if not detail.get("actor_id"):
        return {"zh": "客户取消了回呼。", "en": "The customer called the call-back off."}
    name = names.persons.get(str(detail["actor_id"]))
    return {
        "zh": f"{name or _UNKNOWN['zh']} 取消了回呼。",
        "en": f"{name or _UNKNOWN['en']} called the call-back off.",
    }


_BY_KIND: dict[str, Explain] = {
    "ended": _ended,
    "queued": _queued,
    "offered": _offered,
    "widened": _widened,
    "released": _by_cause(_RELEASED),
    "requeued": _requeued,
    "diverted": _by_cause(_DIVERTED),
    "callback_promised": _promised,
    "callback_postponed": _postponed,
    "callback_due": _due,
    "callback_met": _met,
    "callback_settled": _settled,
    "callback_resumed": _resumed,
}
