"""The stored set-up as the engine's messages. Needs a scope; equal set-ups give equal messages."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from hotline.domains.catalogue.queries import active_away_reason_ids
from hotline.domains.enterprise.queries import calendar_configuration, site_configurations
from hotline.domains.enterprise.rules import day_minutes
from hotline.domains.people.queries import SkillStanding, StaffAgent, skills_standing
from hotline.domains.people.rules import ATTRIBUTE_KINDS
from hotline.domains.routing.findings import SkillName, Skills
from hotline.domains.routing.models import (
    Ladder,
    LadderTier,
    PoolUse,
    PriorityRule,
    Queue,
    QueueOverflow,
    RoutingPool,
    SharedPool,
)
from hotline.messages.configuration import (
    AgentConfiguration,
    LadderConfiguration,
    OverflowConfiguration,
    PoolConfiguration,
    PriorityConfiguration,
    QueueConfiguration,
    RingConfiguration,
    RoutingConfiguration,
    SkillConfiguration,
    TierConfiguration,
)

SkillNames = dict[str, tuple[str, str]]

# What has the same name in the table and in the message, and needs no translation.
_SAME = (
    "rank",
    "offer_timeout_s",
    "wrap_up_s",
    "is_wrap_up_automatic",
    "service_level_s",
    "service_level_target",
    "alarm_after_s",
    "alarm_min_contacts",
    "abandoned_limit",
    "prefer_s",
    "choice",
    "order",
    "weight",
    "is_emergency",
    "relationship_s",
    "is_background",
    "reserve",
    "background_s",
    "max_waiting",
    "max_wait_s",
    "return_after_s",
    "reclaim_s",
    "callback_attempts",
    "callback_retry_s",
    "callback_after_talk",
    "announce_each_s",
)


def compiled(agents: list[StaffAgent], version: int) -> RoutingConfiguration:
    """Everything of the scope with these agents, under that version."""
    pool = pool_settings()
    standing = skills_standing()
    names = {skill.skill_id: (skill.name["zh"], skill.name["en"]) for skill in standing}
    return RoutingConfiguration(
        version=version,
        queues=tuple(queue_rules()),
        agents=agent_rules(agents),
        away_reasons=active_away_reason_ids(),
        skills=tuple(_skill(skill) for skill in standing if skill.kind in ATTRIBUTE_KINDS),
        priorities=tuple(map(_priority, _priorities())),
        ladders=tuple(_ladder(ladder, names) for ladder in _ladders()),
        interruptible=tuple(sorted(pool.interruptible)),
        fair_after_s=pool.fair_after_s,
        sites=site_configurations(),
        resume_grace_s=pool.resume_grace_s,
        pools=tuple(shared_pools()),
    )


def agent_rules(agents: list[StaffAgent]) -> tuple[AgentConfiguration, ...]:
    """The agents as the engine knows them, in the given order."""
    return tuple(map(_agent, agents))


def skill_names() -> Skills:
    """Every skill of the scope by id, for what is found wrong."""
    return {
        skill.skill_id: SkillName(tenant_id=skill.tenant_id, zh=skill.name["zh"], en=skill.name["en"])
        for skill in skills_standing()
    }


def pool_settings() -> RoutingPool:
    """What holds for the whole pool; as it was made when nobody has changed it."""
    return RoutingPool.objects.filter(pk=1).first() or RoutingPool(pk=1)


def served_queues() -> QuerySet[Queue]:
    """The queues in use with their parts, ordered by id."""
    queues = Queue.objects.filter(is_active=True).select_related("tenant", "full_pool_use", "callback_calendar")
    parts = ("skills", "rings__teams", "rings__sites", "overflows__pool_use", "callback_calendar__versions")
    return queues.prefetch_related(*parts).order_by("pk")


def queue_rules() -> list[QueueConfiguration]:
    """The queues in use, ordered by id."""
    return [_queue(queue) for queue in served_queues()]


def _queue(queue: Queue) -> QueueConfiguration:
    same: dict[str, Any] = {name: getattr(queue, name) for name in _SAME}
    skills = queue.skills.all()
    return QueueConfiguration(
        **same,
        queue_id=str(queue.pk),
        tenant_id=str(queue.tenant_id),
        name_zh=queue.name["zh"],
        name_en=queue.name["en"],
        time_zone=queue.tenant.time_zone,
        skills=_levels(row for row in skills if not row.is_preferred),
        preferred=_levels(row for row in skills if row.is_preferred),
        rings=tuple(
            RingConfiguration(
                after_s=ring.after_s,
                group_ids=tuple(sorted(str(row.team_id) for row in ring.teams.all())),
                relax=ring.relax,
                is_preference_kept=ring.is_preference_kept,
                site_ids=tuple(sorted(str(row.site_id) for row in ring.sites.all())),
            )
            for ring in queue.rings.all()
        ),
        overflows=tuple(map(_overflow, queue.overflows.all())),
        full_queue_id=str(queue.full_queue_id) if queue.full_queue_id else None,
        full_pool_id=str(queue.full_pool_use.pool_id) if queue.full_pool_use else None,
        late_queue_id=str(queue.late_queue_id) if queue.late_queue_id else None,
        callback_calendar=calendar_configuration(queue.callback_calendar) if queue.callback_calendar else None,
        callback_windows=tuple((day_minutes(begin), day_minutes(end)) for begin, end in queue.callback_windows),
        attributes=dict(sorted(queue.attributes.items())),
    )


def _overflow(row: QueueOverflow) -> OverflowConfiguration:
    return OverflowConfiguration(
        after_s=row.after_s,
        queue_id=str(row.target_id) if row.target_id else None,
        pool_id=str(row.pool_use.pool_id) if row.pool_use else None,
    )


def shared_pools() -> list[PoolConfiguration]:
    """The pools on which two tenants have agreed, ordered by id. The scope must reach both to see it."""
    accepted = set(PoolUse.objects.values_list("tenant_id", "pool_id"))
    rows = SharedPool.objects.filter(is_active=True).order_by("pk").select_related("queue")
    pools = [_pool(row, accepted) for row in rows.prefetch_related("queue__skills", "teams", "offers")]
    return [pool for pool in pools if pool.client_tenant_ids]


def _pool(row: SharedPool, accepted: set[tuple[UUID, UUID]]) -> PoolConfiguration:
    skills = row.queue.skills.all() if row.queue else ()
    return PoolConfiguration(
        pool_id=str(row.pk),
        tenant_id=str(row.tenant_id),
        name_zh=row.name["zh"],
        name_en=row.name["en"],
        group_ids=tuple(sorted(str(team.team_id) for team in row.teams.all())),
        skills=_levels(one for one in skills if not one.is_preferred),
        client_tenant_ids=tuple(
            sorted(str(offer.client_id) for offer in row.offers.all() if (offer.client_id, row.pk) in accepted)
        ),
    )


def _levels(rows: Any) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((str(row.skill_id), row.level) for row in rows))


def _skill(skill: SkillStanding) -> SkillConfiguration:
    kind: Any = skill.kind
    return SkillConfiguration(
        skill_id=skill.skill_id, tenant_id=skill.tenant_id, kind=kind, values=tuple(sorted(skill.values))
    )


def _priorities() -> QuerySet[PriorityRule]:
    return PriorityRule.objects.filter(is_active=True).order_by("tenant_id", "kind", "value")


def _priority(rule: PriorityRule) -> PriorityConfiguration:
    kind: Any = rule.kind
    # What is so or not is written `yes` in contacts' attributes.
    value = "yes" if kind == "vip" else rule.value
    return PriorityConfiguration(
        tenant_id=str(rule.tenant_id), kind=kind, value=value, points=rule.points, within_s=rule.within_s
    )


def _ladders() -> QuerySet[Ladder]:
    ladders = Ladder.objects.filter(is_active=True)
    return ladders.prefetch_related("queues", "tiers__agents", "tiers__skills").order_by("pk")


def _ladder(ladder: Ladder, names: SkillNames) -> LadderConfiguration:
    return LadderConfiguration(
        ladder_id=str(ladder.pk),
        tenant_id=str(ladder.tenant_id),
        queue_ids=tuple(sorted(str(row.queue_id) for row in ladder.queues.all())),
        tiers=tuple(_tier(tier, names) for tier in ladder.tiers.all()),
    )


def _tier(tier: LadderTier, names: SkillNames) -> TierConfiguration:
    trigger: Any = tier.trigger
    skills = _levels(tier.skills.all())
    return TierConfiguration(
        tier_id=str(tier.pk),
        name_zh=tier.name["zh"],
        name_en=tier.name["en"],
        agent_ids=tuple(sorted(str(row.agent_id) for row in tier.agents.all())),
        trigger=trigger,
        threshold=tier.threshold,
        hold_s=tier.hold_s,
        stand_down=tier.stand_down,
        stand_down_s=tier.stand_down_s,
        call_up_s=tier.call_up_s,
        skills=skills,
        skill_names=tuple(names[skill_id] for skill_id, _ in skills),
    )


def _agent(agent: StaffAgent) -> AgentConfiguration:
    return AgentConfiguration(
        agent_id=agent.agent_id,
        user_id=agent.user_id,
        tenant_ids=agent.tenant_ids,
        name=agent.name,
        team_id=agent.team_id,
        skills=agent.skills,
        capacity=agent.capacity,
        device=agent.device,
        is_active=agent.is_active,
        skill_ends=agent.skill_ends,
        group_ids=agent.group_ids,
        site_id=agent.site_id,
        takes=agent.takes,
        weight=agent.weight,
    )
