"""The rows that belong to queues, ladders and pools: skills, rings, overflows, tiers, offers. Replaced as a whole."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from hotline.domains.enterprise.queries import require_sites
from hotline.domains.people.queries import require_agents, require_skills, require_teams
from hotline.domains.routing import errors
from hotline.domains.routing.models import (
    Ladder,
    LadderQueue,
    LadderTier,
    PoolOffer,
    PoolUse,
    Queue,
    QueueOverflow,
    QueueRing,
    QueueRingSite,
    QueueRingTeam,
    QueueSkill,
    SharedPool,
    SharedPoolTeam,
    TierAgent,
    TierSkill,
)
from hotline.domains.setup_records import referenced
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import TenantModel

QUEUE_PARTS = ("skills", "preferred", "rings", "overflows")
LADDER_PARTS = ("queue_ids", "tiers")
POOL_PARTS = ("team_ids", "client_tenant_ids")


class SkillLevel(msgspec.Struct, frozen=True, kw_only=True):
    """A skill that is asked for, with the least level, 1-9."""

    skill_id: str
    level: int = 1


class Ring(msgspec.Struct, frozen=True, kw_only=True):
    """Teams that may take a contact after `after_s` seconds, and sites at which; none stands for all."""

    after_s: int
    team_ids: list[UUID] = []
    site_ids: list[UUID] = []
    relax: int = 0
    is_preference_kept: bool = False


class Overflow(msgspec.Struct, frozen=True, kw_only=True):
    """The queue to which contacts go after `after_s` seconds, or the pool whose agents may take them too."""

    after_s: int
    queue_id: UUID | None = None
    pool_use_id: UUID | None = None


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """A reserve team. With the `id` it had it stays the one that the switch knows."""

    id: UUID | None = None
    name: dict[str, str]
    trigger: str
    threshold: int
    hold_s: int
    stand_down: int
    stand_down_s: int
    call_up_s: int = 120
    agent_ids: list[UUID]
    skills: list[SkillLevel] = []


def replace_queue_parts(queue: Queue, values: Mapping[str, Any]) -> None:
    """Put the parts that `values` names in the place of those there are. The queue is saved already."""
    if "skills" in values:
        _replace_skills(queue, values["skills"], is_preferred=False)
    if "preferred" in values:
        _replace_skills(queue, values["preferred"], is_preferred=True)
    if "rings" in values:
        _replace_rings(queue, values["rings"])
    if "overflows" in values:
        _replace_overflows(queue, values["overflows"])


def replace_ladder_parts(ladder: Ladder, values: Mapping[str, Any]) -> None:
    """Put the parts that `values` names in the place of those there are. The ladder is saved already."""
    if "queue_ids" in values:
        LadderQueue.objects.filter(ladder=ladder).delete()
        queues = [referenced(Queue, queue_id, ladder.tenant_id, "queue_ids") for queue_id in _once(values["queue_ids"])]
        _add(LadderQueue(tenant_id=ladder.tenant_id, ladder=ladder, queue=queue) for queue in queues)
    if "tiers" in values:
        _replace_tiers(ladder, values["tiers"])


def replace_pool_parts(pool: SharedPool, values: Mapping[str, Any]) -> None:
    """Put teams and clients that `values` names in the place of those there are. The pool is saved already.

    Raises PoolWithoutPeopleError when neither queue nor team would be left: everybody of the tenant is no pool."""
    if "team_ids" in values:
        require_teams(pool.tenant_id, values["team_ids"], "team_ids")
        SharedPoolTeam.objects.filter(pool=pool).delete()
        teams = _once(values["team_ids"])
        _add(SharedPoolTeam(tenant_id=pool.tenant_id, pool=pool, team_id=team_id) for team_id in teams)
    if values.get("queue_id", pool.queue_id) is None and not SharedPoolTeam.objects.filter(pool=pool).exists():
        raise errors.PoolWithoutPeopleError
    if "client_tenant_ids" in values:
        clients = [_client(tenant_id, pool) for tenant_id in _once(values["client_tenant_ids"])]
        PoolOffer.objects.filter(pool=pool).delete()
        _add(PoolOffer(tenant_id=pool.tenant_id, pool=pool, client=client) for client in clients)


def _client(tenant_id: UUID, pool: SharedPool) -> Tenant:
    found = Tenant.objects.filter(pk=tenant_id, is_active=True).exclude(pk=pool.tenant_id).first()
    if found is None:
        raise errors.PoolClientError(tenant=str(tenant_id))
    return found


def _replace_skills(queue: Queue, wanted: Sequence[SkillLevel], *, is_preferred: bool) -> None:
    skill_ids = [row.skill_id for row in wanted]
    twice = next((skill for skill in skill_ids if skill_ids.count(skill) > 1), None)
    if twice is not None:
        raise errors.QueueSkillTwiceError(skill=twice)
    require_skills(queue.tenant_id, skill_ids, "skill_id")
    QueueSkill.objects.filter(queue=queue, is_preferred=is_preferred).delete()
    _add(
        QueueSkill(
            tenant_id=queue.tenant_id, queue=queue, skill_id=row.skill_id, level=row.level, is_preferred=is_preferred
        )
        for row in wanted
    )


def _replace_rings(queue: Queue, rings: Sequence[Ring]) -> None:
    require_teams(queue.tenant_id, (team_id for ring in rings for team_id in ring.team_ids), "team_ids")
    require_sites(queue.tenant_id, (site_id for ring in rings for site_id in ring.site_ids), "site_ids")
    QueueRing.objects.filter(queue=queue).delete()
    for position, ring in enumerate(rings):
        made = QueueRing(
            tenant_id=queue.tenant_id,
            queue=queue,
            position=position,
            after_s=ring.after_s,
            relax=ring.relax,
            is_preference_kept=ring.is_preference_kept,
        )
        made.save()
        _add(QueueRingTeam(tenant_id=queue.tenant_id, ring=made, team_id=team_id) for team_id in _once(ring.team_ids))
        _add(QueueRingSite(tenant_id=queue.tenant_id, ring=made, site_id=site_id) for site_id in _once(ring.site_ids))


def _replace_overflows(queue: Queue, overflows: Sequence[Overflow]) -> None:
    if any((one.queue_id is None) == (one.pool_use_id is None) for one in overflows):
        raise errors.OverflowTargetError
    ways = [
        {
            "after_s": one.after_s,
            "target": referenced(Queue, one.queue_id, queue.tenant_id, "queue_id"),
            "pool_use": referenced(PoolUse, one.pool_use_id, queue.tenant_id, "pool_use_id"),
        }
        for one in overflows
    ]
    QueueOverflow.objects.filter(queue=queue).delete()
    _add(
        QueueOverflow(tenant_id=queue.tenant_id, queue=queue, position=position, **way)
        for position, way in enumerate(ways)
    )


def _replace_tiers(ladder: Ladder, tiers: Sequence[Tier]) -> None:
    require_agents(ladder.tenant_id, (agent_id for tier in tiers for agent_id in tier.agent_ids), "agent_ids")
    require_skills(ladder.tenant_id, (row.skill_id for tier in tiers for row in tier.skills), "skill_id")
    own = set(LadderTier.objects.filter(ladder=ladder).values_list("pk", flat=True))
    LadderTier.objects.filter(ladder=ladder).delete()
    for position, tier in enumerate(tiers):
        # An id of another ladder, or the same one twice, makes a new tier.
        kept = {"pk": tier.id} if tier.id in own else {}
        own.discard(tier.id)
        _add_tier(LadderTier(**kept, tenant_id=ladder.tenant_id, ladder=ladder, position=position), tier)


def _add_tier(row: LadderTier, tier: Tier) -> None:
    for name in ("name", "trigger", "threshold", "hold_s", "stand_down", "stand_down_s", "call_up_s"):
        setattr(row, name, getattr(tier, name))
    row.save(force_insert=True)
    _add(TierAgent(tenant_id=row.tenant_id, tier=row, agent_id=agent_id) for agent_id in _once(tier.agent_ids))
    levels = {skill.skill_id: skill.level for skill in tier.skills}
    _add(
        TierSkill(tenant_id=row.tenant_id, tier=row, skill_id=skill_id, level=level)
        for skill_id, level in levels.items()
    )


def _once(ids: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))


def _add(rows: Iterable[TenantModel]) -> None:
    made = list(rows)
    if made:
        type(made[0]).objects.bulk_create(made)
