"""What the switch is told, and what others may know of queues: frozen structs, never models."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Count, Min
from django.utils import timezone

from hotline.domains.enterprise.announcements import ROUTING, current_version
from hotline.domains.people.queries import StaffAgent, staff_agents
from hotline.domains.routing import compiling, errors, rules, schemas
from hotline.domains.routing.coverage_rules import check_named, profiles_of
from hotline.domains.routing.findings import Finding
from hotline.domains.routing.models import (
    Ladder,
    LadderQueue,
    LadderTier,
    PoolUse,
    PriorityRule,
    Queue,
    QueueOverflow,
    QueueRing,
    QueueSkill,
    SharedPool,
)
from hotline.domains.routing.parts import LADDER_PARTS, QUEUE_PARTS
from hotline.domains.setup_records import hold_in_use, keepers_of, rows_in_use
from hotline.domains.setup_routes import Reads
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import register_escape, scope_of, without_scope
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration

WHOLE_SETUP = register_escape(
    "routing.whole_setup",
    "One engine serves the staff pool that tenants share: the switch is told the queues and agents of all of them.",
)


Staff = tuple[AgentConfiguration, ...]


class QueueName(msgspec.Struct, frozen=True, kw_only=True):
    """A queue as people choose it."""

    queue_id: str
    tenant_id: str
    name: dict[str, str]


def current_configuration() -> RoutingConfiguration:
    """The whole routing set-up as of now, for the relay.

    Raises ConfigurationRefusedError when it has errors: the switch then keeps the one it has."""
    # The version is read first: a change that slips in between is sent again under its own, higher version.
    version = current_version(ROUTING)
    configuration = compiled_configuration(timezone.now(), version)
    with without_scope(WHOLE_SETUP):
        findings = rules.check_configuration(configuration, compiling.skill_names())
    wrong = [finding for finding in findings if finding.severity == "error"]
    if wrong:
        raise errors.ConfigurationRefusedError(count=len(wrong), first=wrong[0].sentence["en"])
    return configuration


def compiled_configuration(moment: datetime, version: int) -> RoutingConfiguration:
    """The whole set-up under that version, unchecked. Equal set-ups give equal messages."""
    with without_scope(WHOLE_SETUP):
        return compiling.compiled(staff_agents(moment), version)


def compiled_settings(version: int, agent_ids: Collection[str] = ()) -> RoutingConfiguration:
    """The same with these agents alone: there may be thousands of others."""
    with without_scope(WHOLE_SETUP):
        return compiling.compiled(staff_agents(timezone.now(), agent_ids) if agent_ids else [], version)


def with_agents(settings: RoutingConfiguration, moment: datetime) -> RoutingConfiguration:
    """Settings that were compiled with some agents or none, with all others who work at that moment."""
    with without_scope(WHOLE_SETUP):
        others = compiling.agent_rules(staff_agents(moment))
    agents = {agent.agent_id: agent for agent in (*others, *settings.agents)}
    return msgspec.structs.replace(settings, agents=tuple(agents[key] for key in sorted(agents)))


def findings(actor: Actor) -> list[Finding]:
    """Errors and warnings of the tenants that the actor configures."""
    admin = actor.narrowed("admin.configure")
    configuration = compiled_configuration(timezone.now(), current_version(ROUTING))
    with without_scope(WHOLE_SETUP):
        found = rules.check_configuration(configuration, compiling.skill_names())
        found += check_named(configuration, _named_queues())
    own = set(map(str, admin.tenant_ids))
    return [finding for finding in found if finding.tenant_id in own]


def whole_staff() -> Staff:
    """The agents of today, of all tenants: any of them may serve the tenants of a change."""
    with without_scope(WHOLE_SETUP):
        return compiling.agent_rules(staff_agents(timezone.now()))


def findings_of_change(admin: Actor, staff: Staff) -> list[Finding]:
    """What a change of the actor's set-up is judged by; shared pools and agents of other tenants count, their queues
    are not judged."""
    with without_scope(WHOLE_SETUP):
        whole, skills = compiling.compiled([], 0), compiling.skill_names()
    own = set(map(str, admin.tenant_ids))
    configuration = msgspec.structs.replace(
        whole,
        agents=staff,
        queues=tuple(queue for queue in whole.queues if queue.tenant_id in own),
        ladders=tuple(ladder for ladder in whole.ladders if ladder.tenant_id in own),
    )
    return rules.check_change(configuration, skills)


def held_levels(tenant_id: UUID) -> dict[str, int]:
    """The best level at which somebody in work has each of the tenant's skills, reserve teams with what they borrow."""
    configuration = compiled_configuration(timezone.now(), 0)
    best: dict[str, int] = {}
    for profile in profiles_of(configuration):
        if str(tenant_id) in profile.tenant_ids:
            for skill_id, level in profile.skills:
                best[skill_id] = max(level, best.get(skill_id, 0))
    return best


def queue_names(actor: Actor) -> list[QueueName]:
    """The queues of the actor's tenants that take contacts, by code."""
    with scope_of(actor):
        return [
            QueueName(queue_id=str(queue.pk), tenant_id=str(queue.tenant_id), name=dict(queue.name))
            for queue in Queue.objects.filter(is_active=True)
        ]


def transfer_agents(actor: Actor) -> list[StaffAgent]:
    """The agents who work now in the actor's tenants, by name, without the actor."""
    with scope_of(actor):
        working = [agent for agent in staff_agents(timezone.now()) if agent.is_active]
    return sorted(
        (agent for agent in working if agent.user_id != str(actor.user_id)),
        key=lambda agent: (agent.name, agent.number),
    )


def spoken_names() -> dict[str, dict[str, str]]:
    """The names of every queue of the scope by id, for the nodes; a queue switched off may still hold waiting ones."""
    return {str(queue_id): dict(name) for queue_id, name in Queue.objects.order_by("pk").values_list("pk", "name")}


def pool_names() -> dict[str, dict[str, str]]:
    """The names of the shared pools that the scope's tenants have accepted, by id."""
    return {str(pool_id): dict(name) for pool_id, name in PoolUse.objects.values_list("pool_id", "name")}


def lent_pool_names() -> dict[str, dict[str, str]]:
    """The names of the shared pools that the scope's tenants lend, by id."""
    return {str(pool_id): dict(name) for pool_id, name in SharedPool.objects.values_list("pk", "name")}


def lenders_of_pools(pool_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The tenants that lend these pools; of one that was removed, as those who still name it know."""
    wanted = list(pool_ids)
    accepted = dict(PoolUse.objects.filter(pool_id__in=wanted).values_list("pool_id", "lender_id"))
    return accepted | dict(SharedPool.objects.filter(pk__in=wanted).values_list("pk", "tenant_id"))


def waiting_rules() -> list[QueueConfiguration]:
    """The served queues of the scope as the switch knows them, for those who tell callers of their wait."""
    return compiling.queue_rules()


def queue_ids(tenant_id: UUID) -> frozenset[str]:
    """The ids of a tenant's queues that take contacts; needs a scope."""
    return frozenset(map(str, Queue.objects.filter(tenant_id=tenant_id, is_active=True).values_list("pk", flat=True)))


def hold_queues(queue_ids: Collection[str]) -> None:
    """Keep these in use until the transaction ends. Raises SwitchedOffError for one that is not; needs a scope."""
    hold_in_use(Queue.objects.filter(pk__in=queue_ids), "queue_id")


def least_levels(tenant_id: UUID) -> dict[str, int]:
    """The least level with which somebody can serve any queue that takes contacts, by skill; needs a scope."""
    rows = QueueSkill.objects.filter(tenant_id=tenant_id, is_preferred=False, queue__is_active=True)
    found = rows.values_list("skill_id").annotate(least=Min("level")).order_by()
    return {str(skill): least for skill, least in found}


class PlannedQueue(msgspec.Struct, frozen=True, kw_only=True):
    """A queue that takes contacts, as planning needs it. Threshold in seconds, shares in hundredths of a per cent."""

    queue_id: str
    code: str
    name: dict[str, str]
    levels: dict[str, int]  # the least level of each skill that it insists on
    service_level_s: int
    service_level_target: int
    abandoned_limit: int | None


def planned_queues(tenant_id: UUID) -> list[PlannedQueue]:
    """The tenant's queues that take contacts, by code, with the skills that each insists on; needs a scope."""
    rows = Queue.objects.filter(tenant_id=tenant_id, is_active=True).order_by("code", "id")
    return [
        PlannedQueue(
            queue_id=str(row.pk),
            code=row.code,
            name=dict(row.name),
            levels={str(one.skill_id): one.level for one in row.skills.all() if not one.is_preferred},
            service_level_s=row.service_level_s,
            service_level_target=row.service_level_target,
            abandoned_limit=row.abandoned_limit,
        )
        for row in rows.prefetch_related("skills")
    ]


class LadderNames(msgspec.Struct, frozen=True, kw_only=True):
    """Names of ladders and of their tiers, by id."""

    ladders: dict[UUID, dict[str, str]]
    tiers: dict[UUID, dict[str, str]]


def ladder_names() -> LadderNames:
    """Of the scope's ladders, also of those that are not in use; needs a scope."""
    return LadderNames(
        ladders=dict(Ladder.objects.values_list("pk", "name")), tiers=dict(LadderTier.objects.values_list("pk", "name"))
    )


def queues_behind_ladders() -> dict[UUID, frozenset[UUID]]:
    """The queues behind each ladder of the scope, by the ladder's id; needs a scope."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for ladder_id, queue_id in LadderQueue.objects.values_list("ladder_id", "queue_id"):
        found[ladder_id].add(queue_id)
    return {ladder_id: frozenset(queue_ids) for ladder_id, queue_ids in found.items()}


class ReserveTier(msgspec.Struct, frozen=True, kw_only=True):
    """A reserve team, the queues that may call it and how many people are in it."""

    tier_id: UUID
    name: dict[str, str]
    queue_ids: frozenset[UUID]
    people: int


def reserve_tiers() -> list[ReserveTier]:
    """The reserve teams of the scope's ladders in use, by ladder and position; needs a scope."""
    behind = queues_behind_ladders()
    rows = LadderTier.objects.filter(ladder__is_active=True).annotate(people=Count("agents"))
    return [
        ReserveTier(
            tier_id=row.pk,
            name=dict(row.name),
            queue_ids=behind.get(row.ladder_id, frozenset()),
            people=row.people,
        )
        for row in rows.order_by("ladder_id", "position")
    ]


def tenant_of_ladder(ladder_id: UUID) -> UUID | None:
    """Whose ladder it is, None when there is none; needs a scope."""
    return Ladder.objects.filter(pk=ladder_id).values_list("tenant_id", flat=True).first()


def tenant_of_queue(queue_id: UUID) -> UUID | None:
    """Whose queue it is, None when there is none; needs a scope."""
    return Queue.objects.filter(pk=queue_id).values_list("tenant_id", flat=True).first()


def queue_out(queue: Queue) -> schemas.QueueOut:
    """The queue with its parts."""
    own = {name: getattr(queue, name) for name in schemas.QueueOut.model_fields if name not in QUEUE_PARTS}
    skills = sorted(queue.skills.all(), key=lambda row: row.pk)
    return schemas.QueueOut(
        **own,
        skills=[schemas.QueueSkillIn.from_orm(row) for row in skills if not row.is_preferred],
        preferred=[schemas.QueueSkillIn.from_orm(row) for row in skills if row.is_preferred],
        rings=[_ring_out(ring) for ring in queue.rings.all()],
        overflows=[_overflow_out(row) for row in queue.overflows.all()],
    )


def ladder_out(ladder: Ladder) -> schemas.LadderOut:
    """The ladder with its queues and tiers."""
    own = {name: getattr(ladder, name) for name in schemas.LadderOut.model_fields if name not in LADDER_PARTS}
    queue_ids = sorted(row.queue_id for row in ladder.queues.all())
    return schemas.LadderOut(**own, queue_ids=queue_ids, tiers=[_tier_out(tier) for tier in ladder.tiers.all()])


def pool(actor: Actor) -> schemas.PoolOut:
    """What holds for all tenants that share the pool."""
    actor.require("admin.configure")
    return schemas.PoolOut.from_orm(compiling.pool_settings())


def pool_use_of(tenant_id: UUID, pool_id: UUID) -> UUID | None:
    """The id of the tenant's acceptance of that pool, None when it has not accepted it; needs a scope."""
    return PoolUse.objects.filter(tenant_id=tenant_id, pool_id=pool_id).values_list("pk", flat=True).first()


def overflows_of(queue_id: UUID) -> list[dict[str, Any]]:
    """Where the queue overflows to, as its form sends it; needs a scope."""
    rows = QueueOverflow.objects.filter(queue_id=queue_id)
    return [_overflow_out(row).model_dump(mode="json") for row in rows]


def _named_queues() -> frozenset[str]:
    """The queues that something outside this room, or the funnel, leads to; needs a scope."""
    return frozenset(
        str(queue_id)
        for model, field in keepers_of(Queue)
        for queue_id in rows_in_use(model).exclude(**{field: None}).values_list(field, flat=True)
    )


def _ring_out(ring: QueueRing) -> schemas.RingIn:
    return schemas.RingIn(
        after_s=ring.after_s,
        team_ids=sorted(row.team_id for row in ring.teams.all()),
        site_ids=sorted(row.site_id for row in ring.sites.all()),
        relax=ring.relax,
        is_preference_kept=ring.is_preference_kept,
    )


def _overflow_out(row: QueueOverflow) -> schemas.OverflowIn:
    return schemas.OverflowIn(after_s=row.after_s, queue_id=row.target_id, pool_use_id=row.pool_use_id)


def _tier_out(tier: LadderTier) -> schemas.TierIn:
    own = {name: getattr(tier, name) for name in schemas.TierIn.model_fields if name not in ("agent_ids", "skills")}
    return schemas.TierIn(
        **own,
        agent_ids=sorted(row.agent_id for row in tier.agents.all()),
        skills=[schemas.QueueSkillIn.from_orm(row) for row in sorted(tier.skills.all(), key=lambda row: row.pk)],
    )


queue_records = Reads(Queue, queue_out, related=("skills", "rings__teams", "overflows"))
ladder_records = Reads(Ladder, ladder_out, related=("queues", "tiers__agents", "tiers__skills"))
priority_rule_records = Reads(
    PriorityRule, schemas.PriorityRuleOut.from_orm, search=("kind", "value"), order=("kind", "value", "id")
)
