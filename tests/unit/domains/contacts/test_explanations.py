"""Why routing did it, in sentences of both languages."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from hotline.domains.contacts.explanations import KnownNames, Told, explained, named_ids

ANNA, WATER, PIPES, POOL, METERS = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4), UUID(int=5)
AT = datetime(2026, 3, 5, 6, 2, 59, tzinfo=UTC)  # 14:02:59 in Shanghai
NAMES = KnownNames(
    agents={str(ANNA): "Anna"},
    queues={str(WATER): {"zh": "报修", "en": "Repair"}, str(METERS): {"zh": "抄表", "en": "Meters"}},
    skills={str(PIPES): {"zh": "管道", "en": "Pipes"}},
    pools={str(POOL): {"zh": "晚班", "en": "Evening"}},
    time_zone="Asia/Shanghai",
)


def why(kind: str, former: UUID | None = None, **detail: Any) -> dict[str, str] | None:
    return explained(Told(kind, AT, ANNA, WATER, detail, former), NAMES)


def ago(**time: float) -> int:
    return round((AT - timedelta(**time)).timestamp() * 1000)


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
            "上次未接通或中途断线，恢复原来的排队位置；先等其客户经理 Anna。",
            "Has the place of the earlier call that was not answered or was cut off; "
            "waits for the account's manager Anna first.",
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
            "在原队列等候超过设定的时间，转入队列 报修，等候时间照旧累计。",
            "It had waited in its queue for as long as is allowed there and went to Repair; the wait clock goes on.",
        ),
        (
            "requeued",
            {"cause": "full", "needs": [[str(PIPES), 1]], "preferred": []},
            "原队列已满，转入队列 报修。在该队列须有技能 管道。",
            "There was no room in its queue, so it went to Repair. There it needs Pipes.",
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
    ("chosen_by", "figure", "zh", "en"),
    [
        (
            "longest_idle",
            ago(seconds=48),
            "5 名空闲且能接的坐席中，Anna 空闲最久：自 14:02:11 起没有接待（48 秒）。",
            "Anna had been idle longest of the 5 idle agents who could take it: no contact since 14:02:11 (48 s).",
        ),
        (
            "longest_idle",
            ago(hours=15),
            "5 名空闲且能接的坐席中，Anna 空闲最久：自 2026-03-04 23:02:59 起没有接待（15:00:00）。",
            "Anna had been idle longest of the 5 idle agents who could take it: no contact since 2026-03-04 23:02:59"
            " (15:00:00).",
        ),
        (
            "best_level",
            8,
            "5 名空闲且能接的坐席中，Anna 的技能最强：所需技能的等级合计 8。",
            "Anna had the best skills of the 5 idle agents who could take it: the levels asked for add up to 8.",
        ),
        (
            "least_occupied",
            4231,
            "5 名空闲且能接的坐席中，Anna 最清闲：签入以来有 42.3% 的时间在接待。",
            "Anna was the least occupied of the 5 idle agents who could take it: 42.3 % of the time since signing in.",
        ),
        (
            "round_robin",
            ago(minutes=9),
            "轮流分配：5 名空闲且能接的坐席中，Anna 上一次分到联络最早（13:53:59）。",
            "In turn: of the 5 idle agents who could take it Anna had the last offer longest ago, at 13:53:59.",
        ),
        (
            "round_robin",
            0,
            "轮流分配：5 名空闲且能接的坐席中，Anna 还没有分到过联络。",
            "In turn: of the 5 idle agents who could take it Anna had not been offered anything yet.",
        ),
        (
            "weighted",
            1333,
            "按权重分配：5 名空闲且能接的坐席中，Anna 按权重接待最少：签入以来每 10 点权重 1.3 次。",
            "By weight: of the 5 idle agents who could take it Anna had served the fewest for their weight: 1.3 since"
            " signing in for each 10 points.",
        ),
        (
            "least_in_hand",
            2,
            "没有坐席完全空闲；5 名能接的坐席中，Anna 手头工作最少：另有 2 个联络。",
            "Nobody was entirely free; of the 5 agents who could take it Anna had the least in hand: 2 more.",
        ),
    ],
)
def test_a_choice_says_its_rule_and_the_figure_that_decided(chosen_by: str, figure: int, zh: str, en: str) -> None:
    told = {"candidates": 5, "chosen_by": chosen_by, "chosen_figure": figure}
    assert why("offered", cause="arrival", **told) == {"zh": zh, "en": en}
    reformed = why("offered", cause="reform", **told)
    assert reformed is not None
    assert reformed["en"] == f"Rules, reserve teams or sites changed, and Anna could take it now. {en}"


def test_a_choice_of_one_compares_with_nobody() -> None:
    told = {"candidates": 1, "chosen_by": "longest_idle", "chosen_figure": ago(seconds=48)}
    assert why("offered", cause="arrival", **told) == {
        "zh": "Anna 是唯一空闲且能接的坐席。",
        "en": "Anna was the only idle agent who could take it.",
    }
    assert why("offered", cause="agent_free", candidates=1) == {
        "zh": "Anna 刚空闲，这是唯一在等且其能接的联络。",
        "en": "Anna had become free, and this was the only waiting contact that they could take.",
    }
    in_hand = why("offered", cause="arrival", candidates=1, chosen_by="least_in_hand", chosen_figure=2)
    assert in_hand is not None
    assert in_hand["en"] == "Anna was the only agent who could take it, with 2 more in hand."


def test_an_agent_who_takes_by_skill_says_so() -> None:
    told = why("offered", cause="agent_free", candidates=7, chosen_by="strongest_skill", chosen_figure=9)
    assert told is not None
    assert told["zh"] == "Anna 刚空闲，按所长接待：其能接的 7 个等候联络中，这一个最合其所长，技能等级合计 9。"
    assert "asks for what they know best, levels adding up to 9" in told["en"]


def test_where_it_waited_before_and_how_much_less_is_asked_are_told() -> None:
    assert why("requeued", former=METERS, cause="overflow") == {
        "zh": "在队列 抄表 等候超过设定的时间，转入队列 报修，等候时间照旧累计。",
        "en": "It had waited in Meters for as long as is allowed there and went to Repair; the wait clock goes on.",
    }
    assert why("widened", ring=2, relax=1) == {
        "zh": "等候已久，范围扩大到第 3 圈：更多坐席可以接，要求的等级降低 1 级。",
        "en": "It had waited long enough for ring 3: more agents may take it, with levels lower by 1.",
    }


@pytest.mark.parametrize(
    ("kind", "detail"), [("connected", {}), ("offered", {}), ("requeued", {"cause": "x"}), ("released", {})]
)
def test_what_decided_nothing_or_is_of_an_older_log_has_no_explanation(kind: str, detail: dict[str, Any]) -> None:
    assert why(kind, **detail) is None


def test_somebody_who_is_gone_is_unknown_in_both_languages() -> None:
    told = explained(Told("offered", AT, UUID(int=9), None, {"cause": "relationship", "candidates": 1}), NAMES)
    assert told == {"zh": "客户等的正是 未知。", "en": "unknown is the agent whom this customer waited for."}


def test_ids_that_need_a_name_are_found() -> None:
    details = [{"wanted_agent_id": "a", "needs": [["s", 1]]}, {"preferred": [["t", 1]]}, {}]
    assert named_ids(details) == ({"a"}, {"s", "t"})
