"""What is found wrong with a whole routing set-up: each finding once, by a table."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.routing.findings import Finding, SkillName, worse
from hotline.domains.routing.queue_rules import check_queues
from hotline.domains.routing.rules import check_configuration
from hotline.messages.configuration import (
    AgentConfiguration,
    CalendarConfiguration,
    CalendarVersion,
    LadderConfiguration,
    OverflowConfiguration,
    QueueConfiguration,
    RingConfiguration,
    RoutingConfiguration,
    SkillConfiguration,
    TierConfiguration,
)

WATER, GAS = "water", "gas"
SKILLS = {
    "repair": SkillName(tenant_id=WATER, zh="报修", en="Repair"),
    "english": SkillName(tenant_id=WATER, zh="英语", en="English"),
    "rare": SkillName(tenant_id=WATER, zh="稀有", en="Rare"),
    "foreign": SkillName(tenant_id=GAS, zh="外", en="Foreign"),
}
AGENT = AgentConfiguration(
    agent_id="wang", user_id="u", tenant_ids=(WATER,), name="王芳", team_id="north", skills=(("repair", 5),)
)
LEADER = msgspec.structs.replace(AGENT, agent_id="li", team_id="south", skills=(("repair", 8), ("english", 5)))


def queue(queue_id: str = "a", **values: Any) -> QueueConfiguration:
    names = {"name_zh": f"甲{queue_id}", "name_en": f"Queue {queue_id}"}
    plain: Any = {**names, "tenant_id": WATER, "skills": (), **values}
    return QueueConfiguration(queue_id=queue_id, **plain)


def tier(tier_id: str = "one", **values: Any) -> TierConfiguration:
    plain: Any = {"agent_ids": ("wang",), "trigger": "wait", "threshold": 60, "hold_s": 30, "stand_down": 20}
    return TierConfiguration(
        tier_id=tier_id, name_zh=f"梯队{tier_id}", name_en=f"Tier {tier_id}", stand_down_s=300, **{**plain, **values}
    )


def ladder(*tiers: TierConfiguration, queue_ids: tuple[str, ...] = ("a",)) -> LadderConfiguration:
    return LadderConfiguration(ladder_id="ladder", tenant_id=WATER, queue_ids=queue_ids, tiers=tiers)


def setup(
    *queues: QueueConfiguration, ladders: tuple[LadderConfiguration, ...] = (), **values: Any
) -> RoutingConfiguration:
    plain: Any = {"agents": (AGENT, LEADER), **values}
    return RoutingConfiguration(version=1, queues=queues, ladders=ladders, **plain)


def found(configuration: RoutingConfiguration) -> list[tuple[str, str, str]]:
    return [(one.code.removeprefix("routing."), one.severity, one.object_id) for one in _all(configuration)]


def _all(configuration: RoutingConfiguration) -> list[Finding]:
    return check_configuration(configuration, SKILLS)


def to(queue_id: str, after_s: int = 60) -> tuple[OverflowConfiguration, ...]:
    return (OverflowConfiguration(after_s=after_s, queue_id=queue_id),)


MORNINGS = CalendarConfiguration(
    calendar_id="m",
    time_zone="Asia/Shanghai",
    versions=(CalendarVersion(valid_from="2026-01-01", weekly=(((480, 720),),) * 5 + ((), ())),),
)
NORTH = RingConfiguration(after_s=0, group_ids=("north",))
LANGUAGE = SkillConfiguration(skill_id="english", tenant_id=WATER, kind="language", values=("en",))


@pytest.mark.parametrize(
    "configuration",
    [
        setup(),
        setup(queue(skills=(("repair", 5),), preferred=(("english", 3),), prefer_s=20)),
        setup(queue(rings=(NORTH, RingConfiguration(after_s=30, relax=2)), skills=(("repair", 7),))),
        setup(queue("a", overflows=to("b")), queue("b", overflows=to("c")), queue("c")),
        setup(queue("a", overflows=to("c")), queue("b", full_queue_id="c", max_waiting=5), queue("c")),
        setup(queue(), ladders=(ladder(tier(), tier("two", threshold=60), tier("three", threshold=120)),)),
        setup(queue(), ladders=(ladder(tier(trigger="service_level", threshold=8000, stand_down=8500)),)),
        setup(queue(), ladders=(ladder(tier(skills=(("english", 3),))),)),
        setup(queue(attributes={"language": "required"}), skills=(LANGUAGE,)),
        # Who can be called to help makes the queue reachable.
        setup(queue(skills=(("english", 5), ("repair", 5))), agents=(AGENT, LEADER), ladders=(ladder(tier()),)),
    ],
)
def test_set_ups_that_can_work_have_nothing_wrong(configuration: RoutingConfiguration) -> None:
    assert _all(configuration) == []


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        (
            setup(queue(skills=(("foreign", 1),))),
            [("unknown_skill", "error", "a"), ("queue_without_agent", "warning", "a")],
        ),
        (setup(queue(preferred=(("nothing", 1),))), [("unknown_skill", "error", "a")]),
        (setup(queue(preferred=(("repair", 0),))), [("queue_level", "error", "a")]),
        (setup(queue(weight=0)), [("queue_weight", "error", "a")]),
        (setup(queue(weight=101)), [("queue_weight", "error", "a")]),
        (setup(queue(service_level_target=10_001)), [("share_range", "error", "a")]),
        (setup(queue(abandoned_limit=-1)), [("share_range", "error", "a")]),
        (setup(queue(callback_windows=((720, 540),))), [("call_back_window", "error", "a")]),
        (
            setup(queue(callback_calendar=MORNINGS, callback_windows=((540, 720), (780, 1020)))),
            [("call_back_window_closed", "warning", "a")],
        ),
        (setup(queue(is_emergency=True, is_background=True)), [("emergency_background", "error", "a")]),
        (setup(queue(rings=(NORTH, NORTH))), [("ring_order", "error", "a")]),
        (setup(queue(rings=(RingConfiguration(after_s=9),))), [("ring_start", "warning", "a")]),
        (setup(queue(overflows=(*to("b", 60), *to("b", 30))), queue("b")), [("overflow_order", "error", "a")]),
        (setup(queue(full_queue_id="a", max_waiting=5)), [("overflow_self", "error", "a")]),
        (setup(queue(overflows=to("gone"))), [("overflow_off", "error", "a")]),
        (
            setup(queue(late_queue_id="b", max_wait_s=60), queue("b", tenant_id=GAS), agents=(AGENT,)),
            [("overflow_foreign", "error", "a"), ("queue_without_agent", "warning", "b")],
        ),
        (setup(queue(late_queue_id="b"), queue("b")), [("limit_missing", "warning", "a")]),
        (setup(queue("a", overflows=to("b")), queue("b", overflows=to("a"))), [("overflow_loop", "error", "a")]),
        (
            setup(
                queue("a", full_queue_id="b", max_waiting=5),
                queue("b", overflows=to("c")),
                queue("c", late_queue_id="a", max_wait_s=60),
            ),
            [("overflow_loop", "error", "a")],
        ),
        (setup(queue(attributes={"language": "required"})), [("attribute_without_skill", "warning", "a")]),
        (
            setup(queue(skills=(("rare", 1),))),
            [("skill_unheld", "warning", "a"), ("queue_without_agent", "warning", "a")],
        ),
        (setup(queue(skills=(("repair", 9),))), [("queue_without_agent", "warning", "a")]),
        (
            setup(queue(rings=(RingConfiguration(after_s=0, group_ids=("west",)),))),
            [("queue_without_agent", "warning", "a")],
        ),
        (setup(queue(), ladders=(ladder(tier(), queue_ids=()),)), [("ladder_without_queue", "error", "ladder")]),
        (
            setup(queue("a", tenant_id=GAS), ladders=(ladder(tier()),)),
            [("ladder_foreign_queue", "error", "ladder"), ("queue_without_agent", "warning", "a")],
        ),
        (setup(queue(), ladders=(ladder(tier(agent_ids=())),)), [("tier_without_members", "error", "ladder")]),
        (setup(queue(), ladders=(ladder(tier(stand_down=60)),)), [("tier_stand_down", "error", "ladder")]),
        (
            setup(queue(), ladders=(ladder(tier(trigger="service_level", threshold=8000, stand_down=8000)),)),
            [("tier_stand_down", "error", "ladder")],
        ),
        (setup(queue(), ladders=(ladder(tier(skills=(("foreign", 3),))),)), [("tier_skill", "error", "ladder")]),
        (
            setup(queue(), ladders=(ladder(tier(threshold=120), tier("two")),)),
            [("tier_order", "error", "ladder")],
        ),
        (
            setup(queue(), ladders=(ladder(tier(skills=(("repair", 4),))),)),
            [("tier_brings_nobody", "warning", "ladder")],
        ),
    ],
)
def test_what_is_wrong_is_found_once_with_its_code(
    configuration: RoutingConfiguration, expected: list[tuple[str, str, str]]
) -> None:
    assert found(configuration) == expected


def test_a_finding_names_the_thing_in_both_languages_and_says_what_to_do() -> None:
    (loop,) = _all(setup(queue("a", overflows=to("b")), queue("b", overflows=to("a"))))
    assert loop.sentence["en"] == (
        "Queue “Queue a” leads back to itself by “Queue b”, “Queue a”: contacts would go round."
        " Take one of these ways away."
    )
    assert loop.sentence["zh"] == "队列“甲a”的溢出形成循环：“甲b”→“甲a”；请去掉其中一个去向。"
    (unable,) = _all(setup(queue(), ladders=(ladder(tier(stand_down=70)),)))
    assert "Tier “Tier one” stands down at 70, which must lie below the trigger 60" in unable.sentence["en"]


def test_a_setup_of_before_this_version_has_no_errors() -> None:
    old = QueueConfiguration(queue_id="a", tenant_id=WATER, name_zh="甲", name_en="A", skills=(), rank=100)
    assert _all(setup(old)) == []


def test_what_was_wrong_before_does_not_make_a_change_worse() -> None:
    before = _all(setup(queue(weight=0)))
    assert worse(before, before) == []
    after = _all(setup(queue(weight=0, rings=(NORTH, NORTH))))
    assert [one.code for one in worse(before, after)] == ["routing.ring_order"]


ways = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef"), max_size=6)


@given(ways)
def test_a_loop_is_found_if_and_only_if_somebody_could_go_round(leads: dict[str, str]) -> None:
    queues = [queue(one, overflows=to(leads[one]) if one in leads else ()) for one in "abcdef"]
    told = {one.code for one in check_queues(setup(*queues), SKILLS)}
    assert (told & {"routing.overflow_loop", "routing.overflow_self"} != set()) is any(
        _comes_back(start, leads) for start in leads
    )


def _comes_back(start: str, leads: dict[str, str]) -> bool:
    here = start
    for _ in leads:
        here = leads.get(here, "")
        if here == start:
            return True
    return False
