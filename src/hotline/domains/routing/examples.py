"""Examples of queues, priorities and ladders for the API's description."""

from typing import Final

from ninja import Schema

from hotline.domains.routing.schemas import (
    AgentChoice,
    FindingOut,
    FunnelLevelChoice,
    FunnelLevelIn,
    FunnelModuleChoice,
    FunnelOut,
    LadderIn,
    LadderOut,
    OfferedPoolOut,
    OverflowIn,
    PoolChange,
    PoolOut,
    PoolUseIn,
    PoolUseOut,
    PriorityRuleIn,
    QueueChoice,
    QueueIn,
    QueueOut,
    QueueSkillIn,
    RingIn,
    RoutingChangeOut,
    RoutingFieldChange,
    RoutingVersionOut,
    SharedPoolIn,
    SharedPoolOut,
    TierIn,
    TransferTargets,
)
from hotline.domains.routing.what_if_examples import WHAT_IF_EXAMPLES
from hotline.domains.setup_routes import Names
from hotline.foundation.examples import AGENT, CALENDAR, REPAIR_QUEUE, SHIBEI, SKILL, TEAM, at, example_id

_REPAIR: Final = Names(zh="报修", en="Repair")
GENERAL_QUEUE: Final = example_id(42)
LADDER: Final = example_id(43)
SHARED_POOL: Final = example_id(147)
POOL_USE: Final = example_id(148)
CLIENT: Final = example_id(149)
_EVENING: Final = Names(zh="晚班机动组", en="Evening reserve")
_RINGS: Final = [RingIn(after_s=0, team_ids=[TEAM], is_preference_kept=True), RingIn(after_s=30, relax=1)]
_LEADERS: Final = TierIn(
    id=example_id(44),
    name=Names(zh="班组长", en="Team leaders"),
    trigger="wait",
    threshold=60,
    hold_s=30,
    stand_down=20,
    stand_down_s=300,
    call_up_s=120,
    agent_ids=[AGENT],
    skills=[QueueSkillIn(skill_id=SKILL, level=3)],
)
_CHANGE: Final = RoutingChangeOut(
    object_type="queue",
    object_id=str(REPAIR_QUEUE),
    name={"zh": "报修", "en": "Repair"},
    what="changed",
    fields=[RoutingFieldChange(field="rank", before={"zh": "0", "en": "0"}, after={"zh": "10", "en": "10"})],
)

EXAMPLES: Final[tuple[Schema, ...]] = (
    QueueIn(
        code="repair",
        name=_REPAIR,
        rank=10,
        offer_timeout_s=15,
        wrap_up_s=60,
        service_level_s=15,
        service_level_target=8500,
        alarm_after_s=60,
        alarm_min_contacts=5,
        skills=[QueueSkillIn(skill_id=SKILL, level=3)],
        preferred=[QueueSkillIn(skill_id=SKILL, level=6)],
        rings=_RINGS,
        overflows=[OverflowIn(after_s=120, queue_id=GENERAL_QUEUE)],
    ),
    QueueOut(
        id=REPAIR_QUEUE,
        tenant_id=SHIBEI,
        version=2,
        updated_at=at(0),
        code="repair",
        name=_REPAIR,
        rank=10,
        offer_timeout_s=15,
        wrap_up_s=60,
        is_wrap_up_automatic=False,
        service_level_s=15,
        service_level_target=8500,
        alarm_after_s=60,
        alarm_min_contacts=5,
        abandoned_limit=500,
        is_active=True,
        skills=[QueueSkillIn(skill_id=SKILL, level=3)],
        preferred=[QueueSkillIn(skill_id=SKILL, level=6)],
        prefer_s=0,
        choice="longest_idle",
        order="arrival",
        weight=10,
        rings=_RINGS,
        overflows=[OverflowIn(after_s=120, queue_id=GENERAL_QUEUE)],
        max_waiting=50,
        full_queue_id=GENERAL_QUEUE,
        full_pool_use_id=None,
        max_wait_s=600,
        late_queue_id=None,
        is_emergency=False,
        attributes={"language": "required"},
        relationship_s=20,
        is_background=False,
        reserve=0,
        background_s=0,
        return_after_s=60,
        reclaim_s=60,
        callback_attempts=3,
        callback_retry_s=600,
        callback_after_talk="close",
        callback_calendar_id=CALENDAR,
        callback_windows=[["09:00", "12:00"], ["14:00", "17:00"]],
        announce_each_s=30,
    ),
    SharedPoolIn(code="evening", name=_EVENING, team_ids=[TEAM], client_tenant_ids=[CLIENT]),
    SharedPoolOut(
        id=SHARED_POOL,
        tenant_id=SHIBEI,
        version=1,
        updated_at=at(0),
        code="evening",
        name=_EVENING,
        queue_id=None,
        team_ids=[TEAM],
        client_tenant_ids=[CLIENT],
        is_active=True,
    ),
    PoolUseIn(pool_id=SHARED_POOL, allows_tickets=True),
    PoolUseOut(
        id=POOL_USE,
        tenant_id=CLIENT,
        version=1,
        updated_at=at(0),
        pool_id=SHARED_POOL,
        lender_id=SHIBEI,
        name=_EVENING,
        allows_notes=True,
        allows_tickets=True,
        shows_tickets=False,
    ),
    OfferedPoolOut(
        tenant_id=CLIENT,
        pool_id=SHARED_POOL,
        name=_EVENING,
        lender_id=SHIBEI,
        lender_name=Names(zh="市北水务", en="Shibei Water"),
        pool_use_id=POOL_USE,
    ),
    PriorityRuleIn(kind="value_grade", value="gold", points=3),
    PriorityRuleIn(kind="repeat", points=2, within_s=3600),
    LadderIn(
        code="reserve",
        name=Names(zh="效率保障团队", en="Reserve teams"),
        queue_ids=[REPAIR_QUEUE],
        tiers=[_LEADERS],
    ),
    LadderOut(
        id=LADDER,
        tenant_id=SHIBEI,
        version=1,
        updated_at=at(0),
        code="reserve",
        name=Names(zh="效率保障团队", en="Reserve teams"),
        queue_ids=[REPAIR_QUEUE],
        tiers=[_LEADERS],
        is_active=True,
    ),
    PoolOut(version=1, interruptible=["email"], fair_after_s=300, resume_grace_s=10),
    PoolChange(version=1, interruptible=["email"], fair_after_s=300, resume_grace_s=10),
    FunnelLevelIn(number=2, name=Names(zh="专家", en="Specialists"), queue_id=REPAIR_QUEUE),
    FunnelOut(
        levels=[
            FunnelLevelChoice(
                tenant_id=SHIBEI,
                number=1,
                name=Names(zh="普通坐席", en="Generalists"),
                queue_id=GENERAL_QUEUE,
                next_queue_id=REPAIR_QUEUE,
            )
        ],
        modules=[
            FunnelModuleChoice(
                module_id=example_id(63),
                tenant_id=SHIBEI,
                name=Names(zh="水表", en="Meters"),
                grade=2,
                starts_in_queue_id=REPAIR_QUEUE,
            )
        ],
    ),
    RoutingVersionOut(number=42, made_at=at(1), made_by=["李红"], changes=[_CHANGE]),
    _CHANGE,
    FindingOut(
        code="routing.queue_without_agent",
        severity="warning",
        object_type="queue",
        object_id=REPAIR_QUEUE,
        tenant_id=SHIBEI,
        sentence={
            "zh": "队列“报修”没有坐席能接：请给坐席所需技能，或放宽队列要求和最后一圈，或停用该队列。",
            "en": "Queue “Repair” has no agent who can take it. Give agents its skills, or ask for less, or widen the"
            " last ring, or keep the queue switched off.",
        },
    ),
    TransferTargets(
        queues=[QueueChoice(queue_id=REPAIR_QUEUE, tenant_id=SHIBEI, name=_REPAIR)],
        agents=[AgentChoice(agent_id=AGENT, name="王芳", number="8001", team_id=TEAM)],
    ),
    *WHAT_IF_EXAMPLES,
)
