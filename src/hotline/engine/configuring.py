"""Taking over a new configuration without dropping anybody. Like `World.apply`, it changes the state and nothing else
does so beside it; the event is `ConfigurationApplied`."""

from heapq import heappush

from hotline.engine import codes as c
from hotline.engine.apply_agents import profile_anew, site_in_rings, work_at
from hotline.engine.records import Agent, Contact, Gauge
from hotline.engine.settings import AgentSettings, Settings, Tier
from hotline.engine.world import World


def configure(world: World, settings: Settings) -> None:
    """Everyone is placed anew under the new rules; agents that are no longer listed finish their work. The settings
    hold also the removed queues in which somebody still is."""
    world.version = settings.version
    world.resume_grace_ms = settings.resume_grace_ms
    world.away_reasons = settings.away_reasons
    world.interruptible = world.board.interruptible = settings.interruptible
    world.board.fair_after_ms = settings.fair_after_ms
    world.ring_sites = settings.ring_sites
    _configure_queues(world, settings)
    _configure_ladders(world, settings)
    world.board.clear()
    _configure_agents(world, settings)
    for contact in world.contacts.values():
        _place(world, contact)
    for agent in world.agents.values():
        set_load(world, agent)
        world.board.place(agent)
    for timer in standing_timers(world):
        heappush(world.timers, timer)


def _place(world: World, contact: Contact) -> None:
    """Put a contact that waits where the new rules put it; rings that it has reached stay open to it."""
    contact.ticket = 0
    if contact.stage not in (c.WAITING, c.KEPT):
        return
    queue, steps = contact.queue, contact.steps()
    contact.ring = max(queue.plain_ring if not contact.preferred else 0, min(contact.ring, len(queue.rings)))
    contact.step = min(contact.step, len(steps))
    if contact.stage == c.KEPT:
        queue.waiting += 1
    elif contact.line is not None:
        world.board.wait(contact)
    if contact.step < len(steps):
        heappush(world.timers, (contact.entered_ms + steps[contact.step][0], c.STEP_TIMER, contact.id))


def set_load(world: World, agent: Agent) -> None:
    """The share of the agent's attention that all open work takes, and of it what can be interrupted."""
    channels = [world.offers[offer].contact.channel for offer in agent.offers]
    channels += [world.transfers[transfer].contact.channel for transfer in agent.consults]
    channels += [world.interactions[id].contact.channel for id in agent.talks]
    channels += [world.interactions[id].contact.channel for id in agent.wraps]
    agent.load = sum([agent.profile.unit(channel) for channel in channels])
    soft = [channel for channel in channels if channel in world.interruptible]
    agent.soft_load = sum([agent.profile.unit(channel) for channel in soft])


def standing_timers(world: World) -> list[tuple[int, int, int]]:
    """The timers that follow from the configuration: skills that will lapse, ladders and call-back hours to look at
    (at once)."""
    timers = [(end, c.LAPSE_TIMER, agent.id) for agent in world.agents.values() for _, end in agent.ends]
    for ladder in world.ladders.values():
        ladder.due_ms = 1
        timers.append((1, c.LADDER_TIMER, ladder.id))
    timed = [queue for queue in world.queues.values() if queue.hours is not None and queue.hours.is_limited]
    timed += [contact.queue for contact in world.contacts.values() if contact.window[1]]
    for queue in timed:
        queue.closes_ms = 1
        timers.append((1, c.HOURS_TIMER, queue.id))
    return timers


def _configure_queues(world: World, settings: Settings) -> None:
    new = {queue.id: queue for queue in settings.queues}
    for contact in world.contacts.values():
        contact.queue = new[contact.queue.id]
    for interaction in world.interactions.values():
        interaction.queue = new[interaction.queue.id]
    world.queues = new
    world.disasters = {id: None for id in world.disasters if id in new}
    for queue in new.values():
        queue.waiting = 0
        queue.is_disaster = queue.id in world.disasters


def _configure_ladders(world: World, settings: Settings) -> None:
    former = {(ladder.id, tier.id): tier for ladder in world.ladders.values() for tier in ladder.tiers}
    world.ladders = {ladder.id: ladder for ladder in settings.ladders}
    gauges: dict[int, Gauge] = {}
    for queue in world.queues.values():
        queue.gauge = None
        queue.ladders = tuple([ladder.id for ladder in settings.ladders if queue.id in ladder.queues])
        if queue.ladders:
            queue.gauge = gauges[queue.id] = world.gauges.get(queue.id) or Gauge(queue.id)
    world.gauges = gauges
    for ladder in settings.ladders:
        for tier in ladder.tiers:
            _take_over(tier, former.get((ladder.id, tier.id)))


def _take_over(tier: Tier, former: Tier | None) -> None:
    if former is not None:
        tier.step, tier.until_ms, tier.since_ms = former.step, former.until_ms, former.since_ms
        tier.keep_until_ms = former.keep_until_ms


def _configure_agents(world: World, settings: Settings) -> None:
    listed = {given.id: given for given in settings.agents}
    world.agents = {
        id: agent
        for id, agent in world.agents.items()
        if id in listed or agent.session or agent.has_work() or agent.kept or agent.handed
    }
    for agent in world.agents.values():
        agent.ticket = 0
        agent.pools = ()
        if agent.id not in listed:
            agent.is_active = False
            agent.ends = ()
            agent.lapsed = []
            agent.profile = agent.standing = world.board.profile(agent.standing.key)
            work_at(world, agent, settings.seat_sites.get(agent.id, 0))
    for given in settings.agents:
        _configure_agent(world, given, settings.seat_sites.get(given.id, 0))


def _configure_agent(world: World, given: AgentSettings, seat_site: int) -> None:
    site = site_in_rings(world, seat_site or given.site)
    profile = world.board.profile((given.tenants, given.skills, given.capacity, given.groups, given.takes, site))
    known = world.agents.get(given.id)
    if known is None:
        known = world.agents[given.id] = Agent(given.id, profile)
    known.profile = known.standing = profile
    known.is_active = given.is_active
    if known.lapsed:
        known.lapsed = _still_lapsed(known, given)
    known.ends = given.ends
    known.team_site = given.site
    known.weight = given.weight
    work_at(world, known, seat_site)
    if known.lapsed or _is_called_up(world, known.id):
        profile_anew(world, known)


def _still_lapsed(agent: Agent, given: AgentSettings) -> list[int]:
    """What has lapsed stays so, and is not told again, while the very end at which it did is listed."""
    ends = [end for end in agent.ends if end in given.ends]
    return [skill for skill in agent.lapsed if any(one == skill for one, _ in ends)]


def _is_called_up(world: World, agent: int) -> bool:
    return any(
        tier.step == c.TIER_STARTED and agent in tier.members
        for ladder in world.ladders.values()
        for tier in ladder.tiers
    )
