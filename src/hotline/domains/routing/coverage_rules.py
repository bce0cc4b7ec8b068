"""Whether there are people for what the queues ask. Pure: no Django, no clock.

Agents with the same skills, teams, sites and tenants are looked at once: 1,800 agents are some hundred profiles."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping

import msgspec

from hotline.domains.routing.findings import Finding, Skills, of_ladder, of_queue, skill_name
from hotline.domains.routing.queue_rules import pools_named, ways_out
from hotline.messages.configuration import (
    AgentConfiguration,
    PoolConfiguration,
    QueueConfiguration,
    RingConfiguration,
    RoutingConfiguration,
    TierConfiguration,
)

Levels = tuple[tuple[str, int], ...]
_ANYBODY = RingConfiguration(after_s=0)


class Profile(msgspec.Struct, frozen=True):
    """What decides whether agents may take a contact."""

    tenant_ids: tuple[str, ...]
    skills: Levels
    group_ids: frozenset[str]
    site_ids: frozenset[str] = frozenset()  # of those that rings name, where they may work


def check_coverage(configuration: RoutingConfiguration, skills: Skills) -> Iterator[Finding]:
    """Queues that nobody can take, even when all rings are open, and skills that nobody has.

    Warnings, because people come and go; but no change of the set-up may bring one in."""
    profiles = profiles_of(configuration)
    pools = {pool.pool_id: pool for pool in configuration.pools}
    held = {skill_id for profile in profiles for skill_id, _ in profile.skills}
    for queue in configuration.queues:
        for skill_id, _ in (*queue.skills, *queue.preferred):
            if skill_id not in held and skill_id in skills and skills[skill_id].tenant_id == queue.tenant_id:
                yield _unheld(queue, skill_id, skills)
        lent = [pools[pool_id] for pool_id in pools_named(queue) if pool_id in pools]
        lent = [pool for pool in lent if queue.tenant_id in pool.client_tenant_ids]
        if not any(is_able(one, queue) or any(is_lent(one, pool) for pool in lent) for one in profiles):
            # A centre that is being set up has nobody at work yet, and begins with either queues or agents.
            yield _unserved(queue, skills, is_refused=any(queue.tenant_id in one.tenant_ids for one in profiles))
        yield from _rings_at_empty_sites(queue, profiles)


def _rings_at_empty_sites(queue: QueueConfiguration, profiles: list[Profile]) -> Iterator[Finding]:
    """Rings that add nobody, since nobody of the tenant works at their sites or can sit there."""
    own = [profile for profile in profiles if queue.tenant_id in profile.tenant_ids]
    for ring in queue.rings:
        if ring.site_ids and own and all(profile.site_ids.isdisjoint(ring.site_ids) for profile in own):
            yield of_queue(
                queue,
                "ring_site_empty",
                f"{ring.after_s} 秒的圈所限的场地既没有班组也没有坐席位：请添加坐席位或班组，或换一个场地。",
                f"has a ring at {ring.after_s} s for sites that have neither a team nor a seat. Give a site seats or a"
                " team, or name another.",
                "warning",
            )


def check_named(configuration: RoutingConfiguration, named: Container[str]) -> Iterator[Finding]:
    """Queues to which nothing leads: neither what is `named` from outside nor another queue."""
    ways = {target for queue in configuration.queues for target in ways_out(queue)}
    for queue in configuration.queues:
        if queue.queue_id not in named and queue.queue_id not in ways:
            yield of_queue(
                queue,
                "queue_not_named",
                "没有流程、号码、部门、漏斗层级或其他队列指向它，只有转接能到达；请让其中之一指向它，或停用该队列。",
                "is not named by any published flow, number, department, funnel level or other queue: only transfers"
                " reach it. Let one of them lead to it, or switch it off.",
                "warning",
            )


def is_able(profile: Profile, queue: QueueConfiguration) -> bool:
    """Whether such agents may ever be offered the queue's contacts: when the last ring is open."""
    if queue.tenant_id not in profile.tenant_ids:
        return False
    return any(_is_in(profile, ring, queue) for ring in queue.rings or (_ANYBODY,))


def is_lent(profile: Profile, pool: PoolConfiguration) -> bool:
    """Whether such agents are in the shared pool."""
    if pool.tenant_id not in profile.tenant_ids or (pool.group_ids and profile.group_ids.isdisjoint(pool.group_ids)):
        return False
    levels = dict(profile.skills)
    return all(levels.get(skill, 0) >= least for skill, least in pool.skills)


def check_tier_members(configuration: RoutingConfiguration) -> Iterator[Finding]:
    """Tiers whose members bring nothing that the queues do not have already."""
    agents = {agent.agent_id: agent for agent in configuration.agents}
    for ladder in configuration.ladders:
        for tier in ladder.tiers:
            members = [agents[agent_id] for agent_id in tier.agent_ids if agent_id in agents]
            if tier.skills and members and not any(_gains(member, tier) for member in members):
                yield of_ladder(
                    ladder,
                    tier,
                    "tier_brings_nobody",
                    "的成员已具备全部借用技能，召集后不会增加人手；请换成员或技能。",
                    "borrows only skills that its members have already: calling it brings nobody. Change one of them.",
                    "warning",
                )


def profiles_of(configuration: RoutingConfiguration) -> list[Profile]:
    """Each kind of agent in work once, reserve teams also with what they borrow."""
    borrowed: dict[str, list[Levels]] = defaultdict(list)
    for tier in (tier for ladder in configuration.ladders for tier in ladder.tiers):
        for agent_id in tier.agent_ids:
            borrowed[agent_id].append(tier.skills)
    sites = _Sites(configuration)
    found: dict[Profile, None] = {}
    for agent in configuration.agents:
        if agent.is_active:
            found |= dict.fromkeys(_profiles_of(agent, borrowed[agent.agent_id], sites.of(agent)))
    return list(found)


class _Sites:
    """Where agents may work: at their team's site, and wherever their companies have a seat. Only what rings name."""

    def __init__(self, configuration: RoutingConfiguration) -> None:
        self._named = {site_id for queue in configuration.queues for ring in queue.rings for site_id in ring.site_ids}
        self._with_seats = [
            (site.site_id, site.tenant_id) for site in configuration.sites if site.seats and site.site_id in self._named
        ]

    def of(self, agent: AgentConfiguration) -> frozenset[str]:
        seated = {site_id for site_id, tenant_id in self._with_seats if tenant_id in agent.tenant_ids}
        return frozenset(seated | (self._named & {agent.site_id} if agent.site_id else set()))


def _profiles_of(agent: AgentConfiguration, borrowed: Iterable[Levels], sites: frozenset[str]) -> Iterator[Profile]:
    groups = frozenset(agent.group_ids) | ({agent.team_id} if agent.team_id else set())
    for more in ((), *borrowed):
        yield Profile(agent.tenant_ids, _joined(agent.skills, more), groups, sites)


def _joined(own: Levels, more: Levels) -> Levels:
    """The better level of each skill."""
    levels = dict(own)
    for skill_id, level in more:
        levels[skill_id] = max(level, levels.get(skill_id, 0))
    return tuple(sorted(levels.items()))


def _is_in(profile: Profile, ring: RingConfiguration, queue: QueueConfiguration) -> bool:
    if ring.group_ids and profile.group_ids.isdisjoint(ring.group_ids):
        return False
    if ring.site_ids and profile.site_ids.isdisjoint(ring.site_ids):
        return False
    levels: Mapping[str, int] = dict(profile.skills)
    asked = queue.skills + (queue.preferred if ring.is_preference_kept else ())
    return all(levels.get(skill, 0) >= max(1, least - ring.relax) for skill, least in asked)


def _gains(agent: AgentConfiguration, tier: TierConfiguration) -> bool:
    levels = dict(agent.skills)
    return any(level > levels.get(skill_id, 0) for skill_id, level in tier.skills)


def _unheld(queue: QueueConfiguration, skill_id: str, skills: Skills) -> Finding:
    zh, en = skill_name(skills, skill_id, "zh"), skill_name(skills, skill_id, "en")
    return of_queue(
        queue,
        "skill_unheld",
        f"需要技能“{zh}”，但没有在岗坐席具备；请先授予该技能，或换一个技能，或在此之前停用该队列。",
        f"asks for the skill “{en}”, which no agent in work has. Grant it to somebody, or ask for another, or keep the"
        " queue switched off until then.",
        "warning",
        about=skill_id,
        is_refused=True,
    )


def _unserved(queue: QueueConfiguration, skills: Skills, *, is_refused: bool) -> Finding:
    """Its sentence names skills and levels, because the level may be what nobody has."""
    zh = "、".join(f"“{skill_name(skills, skill_id, 'zh')}”{level} 级" for skill_id, level in queue.skills)
    en = ", ".join(f"“{skill_name(skills, skill_id, 'en')}” at level {level}" for skill_id, level in queue.skills)
    return of_queue(
        queue,
        "queue_without_agent",
        f"没有坐席能接{zh and f'（需要{zh}）'}：请给坐席所需技能，或放宽队列要求和最后一圈，或停用该队列。",
        f"has no agent who can take it{en and f' (it asks for {en})'}. Give agents its skills, or ask for less, or"
        " widen the last ring, or keep the queue switched off.",
        "warning",
        about="",
        is_refused=is_refused,
    )
