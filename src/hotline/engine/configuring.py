"""Taking over a new configuration without dropping anybody. Like `World.apply`, it changes the state and nothing else
does so beside it; the event is `ConfigurationApplied`."""

from hotline.engine.records import Agent, Queue, Settings
from hotline.engine.world import World


def configure(world: World, settings: Settings) -> None:
    """Everyone is placed anew under the new rules; queues and agents that are no longer listed finish their work."""
    world.version = settings.version
    world.resume_grace_ms = settings.resume_grace_ms
    world.away_reasons = settings.away_reasons
    _configure_queues(world, settings)
    world.board.clear()
    _configure_agents(world, settings)
    for contact in world.contacts.values():
        contact.ticket = 0
        if contact.line is not None:
            world.board.wait(contact)
    for agent in world.agents.values():
        agent.load = load_of(world, agent)
        world.board.place(agent)


def load_of(world: World, agent: Agent) -> int:
    """The share of the agent's attention that all open work takes."""
    channels = [world.offers[offer].contact.channel for offer in agent.offers]
    channels += [world.transfers[transfer].contact.channel for transfer in agent.consults]
    channels += [world.interactions[id].contact.channel for id in agent.talks]
    channels += [world.interactions[id].contact.channel for id in agent.wraps]
    return sum([agent.profile.unit(channel) for channel in channels])


def _configure_queues(world: World, settings: Settings) -> None:
    new = {queue.id: queue for queue in settings.queues}
    for contact in world.contacts.values():
        contact.queue = _kept_queue(new, contact.queue)
    for interaction in world.interactions.values():
        interaction.queue = _kept_queue(new, interaction.queue)
    world.queues = new


def _kept_queue(new: dict[int, Queue], queue: Queue) -> Queue:
    """The queue's new form, or the removed one that is kept for those still in it."""
    found = new.get(queue.id)
    if found is None:
        queue.is_removed = True
        found = new[queue.id] = queue
    return found


def _configure_agents(world: World, settings: Settings) -> None:
    listed = {given.id: given for given in settings.agents}
    world.agents = {
        id: agent for id, agent in world.agents.items() if id in listed or agent.session or agent.has_work()
    }
    for agent in world.agents.values():
        agent.ticket = 0
        agent.pools = ()
        if agent.id not in listed:
            agent.is_active = False
            agent.profile = world.board.profile(*agent.profile.key)
    for given in settings.agents:
        profile = world.board.profile(given.tenants, given.skills, given.capacity)
        known = world.agents.get(given.id)
        if known is None:
            known = world.agents[given.id] = Agent(given.id, profile)
        known.profile = profile
        known.is_active = given.is_active
