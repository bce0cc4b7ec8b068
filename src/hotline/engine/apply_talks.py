"""What events make of conversations, and of agents and contacts in them, until the wrap-up is over."""

from heapq import heappush

from hotline.engine import codes as c
from hotline.engine.apply_contacts import no_longer_kept
from hotline.engine.apply_transfers import drop_transfer
from hotline.engine.codes import BETWEEN, CONTACTS, ENDED, INTERACTIONS, KEPT, OFFERS, TALKING, WHOLE
from hotline.engine.gauges import gauge_ended, gauge_talking
from hotline.engine.records import Agent, Contact, without
from hotline.engine.work import Interaction
from hotline.engine.world import Applier, Event, World


def _contact_connected(world: World, event: Event) -> None:
    contact_connected(world, event, world.contacts[event[2]], world.agents[event[5]])


def contact_connected(world: World, event: Event, contact: Contact, agent: Agent) -> None:
    """Apply the event; contact and agent are those that it names."""
    offer_id = event[3]
    interaction_id = event[4]
    offer = world.offers.pop(offer_id)
    if offer.is_answered:
        agent.consults = without(agent.consults, offer.transfer)
    else:
        agent.offers = without(agent.offers, offer_id)
    world.answered[offer_id] = interaction_id
    world.interactions[interaction_id] = Interaction(interaction_id, contact, agent, event[1], offer_id)
    agent.talks += (interaction_id,)
    contact.stage = TALKING
    contact.offer = 0
    contact.is_front = False
    if contact.interaction:
        # A conference: the sender keeps the contact until one of the two agents leaves.
        transfer = world.transfers[contact.transfer]
        transfer.joined = interaction_id
        transfer.offer = 0
    else:
        contact.interaction = interaction_id
    if contact.wait_ms < 0:
        contact.wait_ms = event[6]
        if contact.gauge is not None:
            gauge_talking(contact.gauge, contact, event[6])
    agent.served += 1
    if agent.soft_load and contact.channel not in world.interruptible:
        _interrupt(world, agent, event[1])


def _interrupt(world: World, agent: Agent, at: int) -> None:
    """What can wait does, while the agent is taken up by what cannot."""
    for id in agent.talks:
        talk = world.interactions[id]
        if talk.contact.channel in world.interruptible:
            talk.pause(c.INTERRUPTED, at)


def _go_on(world: World, agent: Agent, at: int) -> None:
    """Nothing is left for which the rest had to wait."""
    for id in agent.talks:
        world.interactions[id].resume(c.INTERRUPTED, at)


def _contact_held(world: World, event: Event) -> None:
    world.interactions[event[3]].pause(c.HELD, event[1])


def _contact_retrieved(world: World, event: Event) -> None:
    world.interactions[event[3]].resume(c.HELD, event[1])


def _agent_leg_lost(world: World, event: Event) -> None:
    interaction = world.interactions[event[3]]
    interaction.pause(c.LEG_LOST, event[1])
    interaction.lost_until_ms = event[1] + world.resume_grace_ms
    heappush(world.timers, (interaction.lost_until_ms, c.LEG_TIMER, interaction.id))


def _agent_leg_resumed(world: World, event: Event) -> None:
    interaction = world.interactions[event[3]]
    interaction.resume(c.LEG_LOST, event[1])
    interaction.lost_until_ms = 0


def _interaction_ended(world: World, event: Event) -> None:
    interaction_ended(world, event, world.interactions[event[2]])


def interaction_ended(world: World, event: Event, interaction: Interaction) -> None:
    """Apply the event; the interaction is the one that it names."""
    id = event[2]
    interaction.ended_ms = event[1]
    interaction.hold_ms = event[6]
    interaction.paused = 0
    interaction.lost_until_ms = 0
    agent = interaction.agent
    agent.talks = without(agent.talks, id)
    agent.wraps += (id,)
    contact = interaction.contact
    contact.wraps += 1
    if contact.interaction == id:
        contact.interaction = 0
        if contact.stage == TALKING:
            contact.stage = BETWEEN


def _wrap_up_started(world: World, event: Event) -> None:
    wrap_up_started(world, event, world.interactions[event[2]])


def wrap_up_started(world: World, event: Event, interaction: Interaction) -> None:
    """Apply the event; the interaction is the one that it names."""
    interaction.until_ms = event[5]
    if interaction.queue.is_automatic:
        interaction.is_automatic = True
        if event[5] > event[1]:  # one of no length is over in the same decision
            _watch_wrap_up(world, interaction)


def _wrap_up_extended(world: World, event: Event) -> None:
    interaction = world.interactions[event[2]]
    interaction.until_ms = event[5]
    _watch_wrap_up(world, interaction)


def _watch_wrap_up(world: World, interaction: Interaction) -> None:
    if interaction.is_automatic:
        heappush(world.timers, (interaction.until_ms, c.WRAP_UP_TIMER, interaction.id))


def _wrapped_up(world: World, event: Event) -> None:
    wrapped_up(world, event, world.interactions[event[2]])


def wrapped_up(world: World, event: Event, interaction: Interaction) -> None:
    """Apply the event; the interaction is the one that it names."""
    at = event[1]
    id = event[2]
    agent = interaction.agent
    contact = interaction.contact
    del world.interactions[id]
    agent.wraps = without(agent.wraps, id)
    agent.load -= agent.profile.units.get(contact.channel, WHOLE)
    if agent.soft_load:
        if contact.channel in world.interruptible:
            agent.soft_load -= agent.profile.unit(contact.channel)
        if agent.soft_load and agent.load == agent.soft_load:
            _go_on(world, agent, at)
    if at > interaction.connected_ms:
        agent.busy_ms += at - interaction.connected_ms
    del world.answered[interaction.offer]
    world.released.append((INTERACTIONS, id))
    world.released.append((OFFERS, interaction.offer))
    contact.wraps -= 1
    if contact.stage == ENDED:
        _forget_when_done(world, contact)
    agent.last_contact = contact.id
    world.order += 1
    agent.idle_since_ms = at
    agent.idle_order = world.order
    world.board.place(agent)


def _contact_ended(world: World, event: Event) -> None:
    contact_ended(world, event, world.contacts[event[2]])


def contact_ended(world: World, event: Event, contact: Contact) -> None:
    """Apply the event; the contact is the one that it names."""
    if contact.stage == KEPT:
        no_longer_kept(world, contact)
    elif contact.line is not None:
        world.board.leave(contact)
    met = world.met.pop(contact.id, None) if world.met else None
    if contact.wait_ms < 0 and contact.gauge is not None and (met is None or met.choice != c.CLOSE):
        gauge_ended(contact.gauge, contact)
    contact.stage = ENDED
    if contact.transfer:
        drop_transfer(world, world.transfers[contact.transfer])
    if not contact.wraps:
        _forget_when_done(world, contact)


def _forget_when_done(world: World, contact: Contact) -> None:
    if not contact.wraps:
        del world.contacts[contact.id]
        world.released.append((CONTACTS, contact.id))


APPLIERS: dict[int, Applier] = {
    c.CONTACT_CONNECTED: _contact_connected,
    c.CONTACT_HELD: _contact_held,
    c.CONTACT_RETRIEVED: _contact_retrieved,
    c.AGENT_LEG_LOST: _agent_leg_lost,
    c.AGENT_LEG_RESUMED: _agent_leg_resumed,
    c.INTERACTION_ENDED: _interaction_ended,
    c.WRAP_UP_STARTED: _wrap_up_started,
    c.WRAP_UP_EXTENDED: _wrap_up_extended,
    c.WRAPPED_UP: _wrapped_up,
    c.CONTACT_ENDED: _contact_ended,
}
