"""Why routing did it, in sentences of both languages."""

from typing import Any
from uuid import UUID

import pytest

from hotline.domains.contacts.explanations import KnownNames, explained, named_ids

ANNA, WATER, PIPES, POOL = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
NAMES = KnownNames(
    agents={str(ANNA): "Anna"},
    queues={str(WATER): {"zh": "报修", "en": "Repair"}},
    skills={str(PIPES): {"zh": "管道", "en": "Pipes"}},
    pools={str(POOL): {"zh": "晚班", "en": "Evening"}},
)


def why(kind: str, **detail: Any) -> dict[str, str] | None:
    return explained(kind, ANNA, WATER, detail, NAMES)


@pytest.mark.parametrize(
    ("kind", "detail", "zh", "en"),
    [
        ("queued", {}, "按先来后到排队，没有加分。", "It waits in the order of asking, without extra points."),
        (
            "queued",
            {"points": {"value_grade": 5, "repeat": 3}},
            "加分 +8（价值等级 +5、重复来电 +3），每分相当于多等一分钟。",
            "+8 points (value grade +5, repeated call +3), each worth a minute of waiting.",
        ),
        (
            "queued",
            {"needs": [[str(PIPES), 3]], "preferred": [[str(PIPES), 1]]},
            "须有技能 管道（3 级以上）；优先找有 管道。",
            "Needs Pipes (level 3 or better); is looked for first with Pipes.",
        ),
        (
            "queued",
            {"wanted_agent_id": str(ANNA), "wanted_cause": "key_account", "place_ms": 5},
            "上次未接通，恢复原来的排队位置；先等其客户经理 Anna。",
            "Has the place of the earlier call that was not answered; waits for the account's manager Anna first.",
        ),
        (
            "offered",
            {"cause": "arrival", "candidates": 4},
            "Anna 在 4 名空闲且能接的坐席中被选中。",
            "Anna was chosen among 4 idle agents who could take it.",
        ),
        (
            "offered",
            {"cause": "agent_free", "candidates": 7},
            "Anna 刚空闲，这是其能接的 7 个等候联络中的第一个。",
            "Anna had become free; of the 7 waiting contacts that they could take this one came first.",
        ),
        (
            "widened",
            {"ring": 1},
            "等候已久，范围扩大到第 2 圈：更多坐席可以接。",
            "It had waited long enough for ring 2: more agents may take it.",
        ),
        (
            "widened",
            {"ring": 1, "pool_id": str(POOL), "cause": "waited"},
            "等候已久，共享坐席组“晚班”的坐席也可以接；联络仍属本队列。",
            "It had waited long enough for the shared pool “Evening”: its agents may take it too, and it stays here.",
        ),
        (
            "widened",
            {"ring": 1, "pool_id": str(POOL), "cause": "full"},
            "队列已满，共享坐席组“晚班”的坐席也可以接；联络仍属本队列。",
            "The queue was full, so agents of the shared pool “Evening” may take it too, and it stays here.",
        ),
        (
            "offered",
            {"cause": "agent_free", "candidates": 7, "pool_id": str(POOL)},
            "Anna 刚空闲，这是其能接的 7 个等候联络中的第一个。该坐席来自共享坐席组“晚班”。",
            "Anna had become free; of the 7 waiting contacts that they could take this one came first."
            " The agent belongs to the shared pool “Evening”.",
        ),
        (
            "released",
            {"cause": "time_over"},
            "等 Anna 的时间已到，现在任何能接的坐席都可接。",
            "The time for waiting for Anna was over; anybody able may take it now.",
        ),
        (
            "requeued",
            {"cause": "overflow"},
            "等候超过本队列设定的时间，转入队列 报修，等候时间照旧累计。",
            "It had waited for as long as its queue allows and went to Repair; the wait clock goes on.",
        ),
        (
            "requeued",
            {"cause": "node_lost"},
            "承载此通话的节点失去联系，保留队列 报修 中的位置，恢复联系后再派给坐席。",
            "The node that carries the call is out of reach: it keeps its place in Repair and is offered again when "
            "that is back.",
        ),
        (
            "callback_moved",
            {"node_id": "node-2"},
            "承诺回呼的节点已失去联系，改由 node-2 按原位置回呼。",
            "The node that promised the call-back is lost: node-2 makes it, at the old place.",
        ),
        (
            "diverted",
            {"cause": "disaster", "wait_ms": 1},
            "队列 报修 处于灾备模式，由流程的出口继续。",
            "Repair is in disaster mode; the flow went on at its exit.",
        ),
        (
            "callback_postponed",
            {"attempt": 1, "cause": "busy"},
            "第 1 次回呼占线，稍后按原位置再拨。",
            "Call-back 1 was not answered (busy); it is tried again later at the old place.",
        ),
    ],
)
def test_decision_explains_itself(kind: str, detail: dict[str, Any], zh: str, en: str) -> None:
    assert why(kind, **detail) == {"zh": zh, "en": en}


@pytest.mark.parametrize(
    ("kind", "detail"), [("connected", {}), ("offered", {}), ("requeued", {"cause": "x"}), ("released", {})]
)
def test_what_decided_nothing_or_is_of_an_older_log_has_no_explanation(kind: str, detail: dict[str, Any]) -> None:
    assert why(kind, **detail) is None


def test_somebody_who_is_gone_is_unknown_in_both_languages() -> None:
    told = explained("offered", UUID(int=9), None, {"cause": "relationship", "candidates": 1}, NAMES)
    assert told == {"zh": "客户等的正是 未知。", "en": "unknown is the agent whom this customer waited for."}


def test_ids_that_need_a_name_are_found() -> None:
    details = [{"wanted_agent_id": "a", "needs": [["s", 1]]}, {"preferred": [["t", 1]]}, {}]
    assert named_ids(details) == ({"a"}, {"s", "t"})
