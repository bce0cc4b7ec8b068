"""A routing configuration, checked as a whole and compiled to integers."""

from collections.abc import Container, Iterable, Mapping

from hotline.engine import codes as c
from hotline.engine.calendar_hours import CalendarHours
from hotline.engine.errors import ConfigurationInvalidError
from hotline.engine.names import Names
from hotline.engine.records import Needs, Queue, Ring
from hotline.engine.seating import Seating
from hotline.engine.settings import AgentSettings, Ladder, Settings, Tier
from hotline.formulas.opening_hours import is_known_time_zone
from hotline.messages.configuration import (
    AgentConfiguration,
    CalendarConfiguration,
    CalendarVersion,
    LadderConfiguration,
    PoolConfiguration,
    QueueConfiguration,
    RingConfiguration,
    RoutingConfiguration,
    TierConfiguration,
)

_GREATEST_LEVEL = 9
_NEVER_MS = 1 << 50  # by waiting
_EMPTY: Mapping[str, Ring] = {}
_DAY_MINUTES = 24 * 60
_ALWAYS_OPEN = CalendarConfiguration(
    calendar_id="",
    time_zone="UTC",
    versions=(CalendarVersion(valid_from="1970-01-01", weekly=(((0, _DAY_MINUTES),),) * 7),),
)


def check(configuration: RoutingConfiguration) -> None:
    """Raises ConfigurationInvalidError, with a sentence that names the culprit, when something cannot be."""
    _check_unique("queue", [queue.queue_id for queue in configuration.queues])
    _check_unique("agent", [agent.agent_id for agent in configuration.agents])
    if not 0 <= configuration.resume_grace_s <= 300:
        raise ConfigurationInvalidError(problem="the grace time for a lost leg must be 0 to 300 seconds")
    for queue in configuration.queues:
        _check_queue(queue)
        _check_waiting(queue)
    _check_loops(configuration)
    _check_unique("pool", [pool.pool_id for pool in configuration.pools])
    for pool in configuration.pools:
        _check_levels(f"pool {pool.pool_id}", pool.skills)
    for agent in configuration.agents:
        _check_agent(agent)
    _check_unique("ladder", [ladder.ladder_id for ladder in configuration.ladders])
    for ladder in configuration.ladders:
        _check_ladder(ladder)
    for channel in configuration.interruptible:
        if channel not in c.CHANNELS:
            raise ConfigurationInvalidError(problem=f"the channel {channel} that can be interrupted is unknown")


def _check_unique(what: str, ids: list[str]) -> None:
    seen: dict[str, None] = {}
    for id in ids:
        if id in seen:
            raise ConfigurationInvalidError(problem=f"{what} {id} is listed twice")
        seen[id] = None


def _check_queue(queue: QueueConfiguration) -> None:
    name = f"queue {queue.queue_id}"
    if not 1 <= queue.offer_timeout_s <= 600:
        raise ConfigurationInvalidError(problem=f"{name} needs an offer time of 1 to 600 seconds")
    if not 0 <= queue.wrap_up_s <= 86_400:
        raise ConfigurationInvalidError(problem=f"{name} needs a wrap-up time of 0 to 86400 seconds")
    if not 0 <= queue.service_level_s <= 86_400:
        raise ConfigurationInvalidError(problem=f"{name} needs a service level threshold of 0 to 86400 seconds")
    if not 0 <= queue.service_level_target <= 10_000:
        raise ConfigurationInvalidError(problem=f"{name} needs a service level target of 0 to 10000 hundredths")
    if not 0 <= queue.return_after_s <= 86_400:
        raise ConfigurationInvalidError(problem=f"{name} needs a time of return of 0 to 86400 seconds")
    if not 0 <= queue.alarm_after_s <= 3_600:
        raise ConfigurationInvalidError(problem=f"{name} needs an alarm after 0 to 3600 seconds")
    if not 1 <= queue.alarm_min_contacts <= 10_000:
        raise ConfigurationInvalidError(problem=f"{name} needs an alarm from 1 to 10000 contacts on")
    _check_levels(name, queue.skills)


def _check_waiting(queue: QueueConfiguration) -> None:
    name = f"queue {queue.queue_id}"
    _check_levels(name, queue.preferred)
    if not 1 <= queue.weight <= 100:
        raise ConfigurationInvalidError(problem=f"{name} needs a weight of 1 to 100")
    afters = [ring.after_s for ring in queue.rings]
    if afters != sorted(set(afters)) or (afters and afters[0] != 0):
        raise ConfigurationInvalidError(problem=f"{name} needs rings from 0 seconds on, each later than the one before")
    if any(not 0 <= ring.relax <= _GREATEST_LEVEL for ring in queue.rings):
        raise ConfigurationInvalidError(problem=f"{name} has a ring that relaxes levels by less than 0 or more than 9")
    if any(step.after_s < (0 if step.pool_id else 1) for step in queue.overflows):
        raise ConfigurationInvalidError(problem=f"{name} overflows after less than a second")
    if any((step.queue_id is None) == (step.pool_id is None) for step in queue.overflows):
        raise ConfigurationInvalidError(problem=f"{name} overflows to neither or both of a queue and a pool")
    if queue.is_background and (queue.full_pool_id or any(step.pool_id for step in queue.overflows)):
        raise ConfigurationInvalidError(problem=f"{name} waits for quiet hours and cannot overflow to a shared pool")
    if queue.max_waiting is not None and queue.max_waiting < 0:
        raise ConfigurationInvalidError(problem=f"{name} needs a greatest length of 0 or more")
    if queue.max_wait_s is not None and queue.max_wait_s < 1:
        raise ConfigurationInvalidError(problem=f"{name} needs a greatest wait of a second or more")
    if queue.is_background and queue.is_emergency:
        raise ConfigurationInvalidError(problem=f"{name} cannot be both for emergencies and for quiet hours")
    zones = (queue.time_zone, queue.callback_calendar.time_zone if queue.callback_calendar else "UTC")
    if not all(map(is_known_time_zone, zones)):
        raise ConfigurationInvalidError(problem=f"{name} is in an unknown time zone, or its call-back calendar is")
    if any(not 0 <= start < end <= _DAY_MINUTES for start, end in queue.callback_windows):
        raise ConfigurationInvalidError(problem=f"{name} has a call-back window that does not end later within the day")
    times = (queue.prefer_s, queue.relationship_s, queue.reserve, queue.background_s, queue.reclaim_s)
    if any(time < 0 for time in (*times, queue.callback_attempts, queue.announce_each_s)) or queue.callback_retry_s < 1:
        raise ConfigurationInvalidError(problem=f"{name} has a negative time or number")


def _check_loops(configuration: RoutingConfiguration) -> None:
    """By overflows, full and late queues a contact must come to an end."""
    after = {
        queue.queue_id: [
            *(step.queue_id for step in queue.overflows if step.queue_id is not None),
            *([queue.full_queue_id] if queue.full_queue_id else []),
            *([queue.late_queue_id] if queue.late_queue_id else []),
        ]
        for queue in configuration.queues
    }
    for queue_id in after:
        _walk(queue_id, after, ())


def _walk(queue_id: str, after: dict[str, list[str]], way: tuple[str, ...]) -> None:
    if queue_id in way:
        raise ConfigurationInvalidError(problem=f"queues send contacts round in a loop: {' → '.join((*way, queue_id))}")
    for following in after.get(queue_id, []):
        if following not in after:
            raise ConfigurationInvalidError(problem=f"queue {queue_id} sends contacts to unknown queue {following}")
        _walk(following, after, (*way, queue_id))


def _check_ladder(ladder: LadderConfiguration) -> None:
    _check_unique("tier", [tier.tier_id for tier in ladder.tiers])
    for tier in ladder.tiers:
        name = f"tier {tier.tier_id}"
        _check_levels(name, tier.skills)
        if tier.hold_s < 0 or tier.stand_down_s < 0 or tier.call_up_s < 0:
            raise ConfigurationInvalidError(problem=f"{name} has a negative time")
        is_low_bad = tier.trigger == "service_level"
        if tier.stand_down < tier.threshold if is_low_bad else tier.stand_down > tier.threshold:
            raise ConfigurationInvalidError(problem=f"{name} stands down at a figure worse than that which calls it")


def _check_agent(agent: AgentConfiguration) -> None:
    name = f"agent {agent.agent_id}"
    _check_levels(name, agent.skills)
    if not 1 <= agent.weight <= 100:
        raise ConfigurationInvalidError(problem=f"{name} needs a weight of 1 to 100")
    for channel, most in agent.capacity.items():
        if channel not in c.CHANNELS:
            raise ConfigurationInvalidError(problem=f"{name} has a capacity for the unknown channel {channel}")
        if not 0 <= most <= c.GREATEST_CAPACITY:
            raise ConfigurationInvalidError(problem=f"{name} needs capacities of 0 to {c.GREATEST_CAPACITY}")


def _check_levels(name: str, skills: tuple[tuple[str, int], ...]) -> None:
    for skill, level in skills:
        if not 1 <= level <= _GREATEST_LEVEL:
            raise ConfigurationInvalidError(problem=f"{name} has level {level} of skill {skill}; levels are 1 to 9")


def compile_settings(
    configuration: RoutingConfiguration, names: Names, former: Iterable[QueueConfiguration] = ()
) -> Settings:
    """The configuration in integers. `former` are queues that it no longer lists and in which somebody still is: they
    keep their rings, overflows and greatest wait, without overflows to queues that are gone too."""
    queues = (*configuration.queues, *former)
    ring_groups = {group: None for queue in queues for ring in queue.rings for group in ring.group_ids}
    ring_groups |= {group: None for pool in configuration.pools for group in pool.group_ids}
    compiled = _compile_queues(queues, names, configuration.pools)
    listed = {queue.id for queue in compiled[: len(configuration.queues)]}
    for queue in compiled[len(configuration.queues) :]:
        _remove(queue, listed)
    settings = Settings(
        configuration.version,
        compiled,
        [compile_agent(agent, names, ring_groups) for agent in configuration.agents],
        tuple(names.reason(reason) for reason in configuration.away_reasons),
        configuration.resume_grace_s * 1000,
    )
    settings.ladders = tuple(_ladder(ladder, names) for ladder in configuration.ladders)
    settings.interruptible = tuple(c.CHANNELS.index(channel) for channel in configuration.interruptible)
    settings.fair_after_ms = configuration.fair_after_s * 1000
    settings.ring_sites = {site: None for queue in compiled for ring in queue.rings for site in ring.sites}
    for site in configuration.sites:
        if site.seats:
            names.sites.id(site.site_id)  # it can be marked, whether a team belongs to it or not
    return settings


def seat_sites(seating: Seating, names: Names) -> dict[int, int]:
    """Agents who sit somewhere, with the site of their seat. The registry's sites are named already."""
    return {names.agents.known(agent): names.sites.known(site) for agent, site in seating.sites()}


def site_of_seat(seat_id: str | None, seating: Seating, names: Names) -> int:
    """Where the seat is, 0 for none and for one that the registry does not have."""
    place = seating.place(seat_id) if seat_id is not None else None
    return 0 if place is None else names.sites.known(place.site_id)


def _compile_queues(
    queues: Iterable[QueueConfiguration], names: Names, pools: Iterable[PoolConfiguration]
) -> list[Queue]:
    """The queues in integers. All are named first: they name each other. `pools` are those that are shared."""
    listed = list(queues)
    for queue in listed:
        names.queues.id(queue.queue_id)
    shared = _shared_rings(pools, names)
    return [_queue(queue, names, shared.get(queue.tenant_id, _EMPTY)) for queue in listed]


def _remove(queue: Queue, listed: Container[int]) -> None:
    """Make it one that takes nobody new and sends nobody to where nobody is taken. Who has waited too long leaves it
    also where the queue for that is gone: by the flow's exit."""
    queue.is_removed = True
    queue.steps = tuple(step for step in queue.steps if step[1] != c.OVERFLOW or step[2] in listed)
    queue.plain_steps = tuple(step for step in queue.plain_steps if step[1] != c.OVERFLOW or step[2] in listed)


def _shared_rings(pools: Iterable[PoolConfiguration], names: Names) -> dict[str, dict[str, Ring]]:
    """The ring of each pool, by the tenant that may use it and the pool's id."""
    found: dict[str, dict[str, Ring]] = {}
    for number, pool in enumerate(pools, 1):
        ring = Ring(_NEVER_MS, tuple(names.groups.id(group) for group in pool.group_ids), 0, False)
        ring.pool, ring.tenant, ring.needs = number, names.tenants.id(pool.tenant_id), needs_of(pool.skills, names)
        for tenant_id in pool.client_tenant_ids:
            found.setdefault(tenant_id, {})[pool.pool_id] = ring
    return found


def needs_of(skills: tuple[tuple[str, int], ...], names: Names) -> Needs:
    """Skills as (integer, level), each once with its highest level, sorted."""
    if not skills:
        return ()
    levels: dict[int, int] = {}
    for text, level in skills:
        skill = names.skills.id(text)
        levels[skill] = max(level, levels.get(skill, 0))
    return tuple(sorted(levels.items()))


def _queue(queue: QueueConfiguration, names: Names, shared: Mapping[str, Ring]) -> Queue:
    found = Queue(
        names.queues.id(queue.queue_id),
        names.tenants.id(queue.tenant_id),
        needs_of(queue.skills, names),
        queue.rank,
        queue.offer_timeout_s * 1000,
        queue.wrap_up_s * 1000,
        queue.is_wrap_up_automatic,
    )
    found.preferred = needs_of(queue.preferred, names)
    found.choice = c.CHOICES.index(queue.choice)
    found.band = c.EMERGENCY_BAND if queue.is_emergency else c.ORDINARY_BAND
    found.target_ms = queue.service_level_s * 1000
    if queue.order == "service_level":
        found.allowance_ms = found.target_ms * 10 // queue.weight
    found.is_background = queue.is_background
    found.reserve = queue.reserve
    found.return_ms = queue.return_after_s * 1000
    found.callback_attempts = queue.callback_attempts
    found.callback_retry_ms = queue.callback_retry_s * 1000
    found.hours = CalendarHours(
        queue.callback_calendar or _ALWAYS_OPEN,
        queue.time_zone,
        queue.callback_calendar is not None,
        bool(queue.callback_windows),
    )
    if queue.max_waiting is not None:
        found.max_waiting = queue.max_waiting
    found.full_queue = names.queues.id(queue.full_queue_id) if queue.full_queue_id else 0
    _rings(found, queue, names)
    if shared:
        _add_pools(found, queue, shared)
    found.steps = _steps(found, queue, names)
    found.plain_steps = tuple(step for step in found.steps if step[1] != c.WIDEN or step[2] > found.plain_ring)
    return found


def _rings(found: Queue, queue: QueueConfiguration, names: Names) -> None:
    """The rings, and where contacts without preferred skills begin: later, where earlier rings differ only in those."""
    if queue.rings:
        found.rings = tuple(_ring(ring, names) for ring in queue.rings)
    elif queue.prefer_s:
        found.rings = (Ring(0, (), 0, True), Ring(queue.prefer_s * 1000, (), 0, False))
        found.plain_ring = 0 if found.preferred else 1


def _ring(ring: RingConfiguration, names: Names) -> Ring:
    groups = tuple(names.groups.id(group) for group in ring.group_ids)
    found = Ring(ring.after_s * 1000, groups, ring.relax, ring.is_preference_kept)
    found.sites = tuple(names.sites.id(site) for site in ring.site_ids)
    return found


def _add_pools(found: Queue, queue: QueueConfiguration, shared: Mapping[str, Ring]) -> None:
    """The shared pools as further rings; one that is not shared with the queue's tenant opens to nobody.

    Rings open in their order: a pool opens after the time of preferred skills, and that of a full queue stands last."""
    earliest = 0 if queue.rings else queue.prefer_s * 1000
    later = [ring for ring in found.rings if ring.after_ms > earliest]
    for step in queue.overflows:
        if step.pool_id is not None and step.pool_id in shared:
            later.append(_shared_ring(shared[step.pool_id], max(earliest, step.after_s * 1000)))
    later.sort(key=lambda ring: ring.after_ms)
    if queue.full_pool_id is not None and queue.full_pool_id in shared:
        later.append(_shared_ring(shared[queue.full_pool_id], _NEVER_MS))
    first = [ring for ring in found.rings if ring.after_ms <= earliest]
    found.rings = (*first, *later)
    found.full_ring = len(found.rings) - 1 if found.rings[-1].after_ms == _NEVER_MS else 0


def _shared_ring(of: Ring, after_ms: int) -> Ring:
    ring = Ring(after_ms, of.groups, 0, False)
    ring.pool, ring.tenant, ring.needs = of.pool, of.tenant, of.needs
    return ring


def _steps(found: Queue, queue: QueueConfiguration, names: Names) -> tuple[tuple[int, int, int], ...]:
    steps = [
        (ring.after_ms, c.WIDEN, position)
        for position, ring in enumerate(found.rings)
        if (ring.after_ms or ring.pool) and ring.after_ms < _NEVER_MS
    ]
    steps += [
        (step.after_s * 1000, c.OVERFLOW, names.queues.id(step.queue_id)) for step in queue.overflows if step.queue_id
    ]
    if queue.is_background and queue.background_s:
        steps.append((queue.background_s * 1000, c.WIDEN, len(found.rings)))
    if queue.max_wait_s is not None:
        late = names.queues.id(queue.late_queue_id) if queue.late_queue_id else 0
        steps.append((queue.max_wait_s * 1000, c.LEAVE, late))
    return tuple(sorted(steps))


def compile_agent(agent: AgentConfiguration, names: Names, ring_groups: Container[str] = ()) -> AgentSettings:
    """The agent in integers. Only groups that some ring names tell agents apart."""
    capacity = sorted((c.CHANNELS.index(channel), most) for channel, most in agent.capacity.items() if most)
    found = AgentSettings(
        names.agents.id(agent.agent_id),
        tuple(sorted(names.tenants.id(tenant) for tenant in agent.tenant_ids)),
        needs_of(agent.skills, names),
        tuple(capacity),
        agent.is_active,
    )
    groups = [*agent.group_ids, *([agent.team_id] if agent.team_id else [])]
    found.groups = tuple(sorted({names.groups.id(group): None for group in groups if group in ring_groups}))
    found.takes = c.STRONGEST_SKILL if agent.takes == "strongest_skill" else c.MOST_URGENT
    found.ends = tuple(sorted((names.skills.id(skill), end_ms) for skill, end_ms in agent.skill_ends))
    found.site = names.sites.id(agent.site_id) if agent.site_id else 0
    found.weight = agent.weight
    return found


def _ladder(ladder: LadderConfiguration, names: Names) -> Ladder:
    queues = tuple(names.queues.id(queue) for queue in ladder.queue_ids)
    return Ladder(names.ladders.id(ladder.ladder_id), queues, tuple(_tier(tier, names) for tier in ladder.tiers))


def _tier(tier: TierConfiguration, names: Names) -> Tier:
    return Tier(
        names.tiers.id(tier.tier_id),
        tuple(names.agents.id(agent) for agent in tier.agent_ids),
        c.TRIGGERS.index(tier.trigger),
        tier.threshold,
        tier.hold_s * 1000,
        tier.stand_down,
        tier.stand_down_s * 1000,
        tier.call_up_s * 1000,
        needs_of(tier.skills, names),
    )
