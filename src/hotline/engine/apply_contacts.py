"""What events make of contacts that wait, ring, are called back or leave."""

from heapq import heappush

from hotline.engine import codes as c
from hotline.engine.codes import BY_CONSULT, BY_QUEUE, EMERGENCY_BAND, KEPT, OFFER_TIMER, PROPOSED, WAITING, WHOLE
from hotline.engine.gauges import gauge_asked, gauge_ended
from hotline.engine.records import Agent, Contact, Queue, pairs_of, without
from hotline.engine.settings import Ladder
from hotline.engine.work import Offer
from hotline.engine.world import Applier, Event, World

LOOK_EACH_MS = 1_000


def _contact_queued(world: World, event: Event) -> None:
    contact = contact_queued(world, event, world.queues[event[3]])
    if contact.stage == WAITING:
        world.board.wait(contact)


def contact_queued(world: World, event: Event, queue: Queue) -> Contact:
    """Apply the event but for the contact's place in a line: who finds somebody able idle never takes it."""
    world.order += 1
    contact = Contact(event[2], queue, event[4], event[5], event[6], world.order, ())
    contact.entered_ms = event[1]
    contact.ring = queue.plain_ring
    if len(event) > 7:
        _read_wishes(world, contact, event)
    world.contacts[contact.id] = contact
    if queue.gauge is not None:
        contact.gauge = queue.gauge
        gauge_asked(queue.gauge, contact)
    if contact.wanted:
        _keep(world, contact)
    else:
        contact.stage = WAITING
    if queue.steps:
        watch_steps(world, contact)
    if queue.ladders:
        _watch_ladders(world, queue, event[1])
    return contact


def _watch_ladders(world: World, queue: Queue, now_ms: int) -> None:
    """Somebody asks: the ladders behind the queue are looked at each second from now on."""
    for id in queue.ladders:
        ladder = world.ladders[id]
        if not ladder.due_ms:
            set_look(world, ladder, now_ms)


def set_look(world: World, ladder: Ladder, now_ms: int) -> None:
    """Look at the ladder at the next full second."""
    ladder.due_ms = now_ms - now_ms % LOOK_EACH_MS + LOOK_EACH_MS
    heappush(world.timers, (ladder.due_ms, c.LADDER_TIMER, ladder.id))


def _read_wishes(world: World, contact: Contact, event: Event) -> None:
    """What follows the asking time: place, wanted agent, needs and preferred skills."""
    contact.place_ms = event[7]
    contact.wanted = event[8]
    contact.wanted_until_ms = event[9]
    contact.needs, contact.preferred = pairs_of(event, 10)
    if contact.preferred:
        contact.ring = 0


def _keep(world: World, contact: Contact) -> None:
    """Let a contact wait for one agent only."""
    contact.stage = KEPT
    contact.queue.waiting += 1
    world.agents[contact.wanted].kept += (contact,)
    heappush(world.timers, (contact.wanted_until_ms, c.WANTED_TIMER, contact.id))


def no_longer_kept(world: World, contact: Contact) -> None:
    """The contact waits for nobody in particular any more."""
    agent = world.agents[contact.wanted]
    agent.kept = tuple([one for one in agent.kept if one is not contact])
    contact.queue.waiting -= 1
    contact.wanted = 0


def watch_steps(world: World, contact: Contact) -> None:
    """Set the timer of what happens next to a contact because it waits."""
    steps = contact.steps()
    if contact.step < len(steps):
        heappush(world.timers, (contact.entered_ms + steps[contact.step][0], c.STEP_TIMER, contact.id))


def _contact_offered(world: World, event: Event) -> None:
    contact_offered(world, event, world.contacts[event[3]], world.agents[event[4]])


def contact_offered(world: World, event: Event, contact: Contact, agent: Agent) -> None:
    """Apply the event; contact and agent are those that it names."""
    offer_id = event[2]
    kind = event[6]
    transfer_id = 0
    if kind != BY_QUEUE and contact.transfer:
        transfer_id = contact.transfer
        world.transfers[transfer_id].offer = offer_id
    world.offers[offer_id] = Offer(offer_id, contact, agent, kind, event[7], event[8], transfer_id)
    if kind != BY_CONSULT:
        if contact.stage == KEPT:
            no_longer_kept(world, contact)
        elif contact.line is not None:
            world.board.leave(contact)
        contact.stage = PROPOSED
        contact.offer = offer_id
    agent.offers += (offer_id,)
    agent.last_offer_ms = event[1]
    agent.load += agent.profile.units.get(contact.channel, WHOLE)
    if world.interruptible and contact.channel in world.interruptible:
        agent.soft_load += agent.profile.unit(contact.channel)
    if agent.load < WHOLE or agent.soft_load:
        world.board.place(agent)
    else:
        world.board.unplace(agent)
    heappush(world.timers, (event[7], OFFER_TIMER, offer_id))


def _offer_closed(world: World, event: Event) -> None:
    offer = world.offers.pop(event[2])
    agent = offer.agent
    contact = offer.contact
    agent.offers = without(agent.offers, offer.id)
    load(world, agent, contact.channel, -1)
    if offer.transfer:
        world.transfers[offer.transfer].offer = 0
    if offer.kind != BY_CONSULT:
        contact.offer = 0
        contact.stage = c.BETWEEN
    world.released.append((c.OFFERS, offer.id))
    world.released.append((c.INTERACTIONS, offer.interaction))
    world.board.place(agent)


def load(world: World, agent: Agent, channel: int, sign: int) -> None:
    """Add or take away the share of the agent's attention that one contact of the channel takes."""
    unit = sign * agent.profile.units.get(channel, WHOLE)
    agent.load += unit
    if world.interruptible and channel in world.interruptible:
        agent.soft_load += unit


def _offer_accepted(world: World, event: Event) -> None:
    world.offers[event[2]].is_accepted = True


def _contact_requeued(world: World, event: Event) -> None:
    queue_id = event[3]
    cause = event[4]
    contact = world.contacts[event[2]]
    world.board.leave(contact)
    if contact.stage == KEPT:
        no_longer_kept(world, contact)
    if len(event) > 6:
        contact.needs, contact.preferred = pairs_of(event, 6)
    if queue_id != contact.queue.id:
        if contact.queue.band == EMERGENCY_BAND:
            contact.is_emergency = True
        queue = contact.queue = world.queues[queue_id]
        contact.entered_ms = event[1]
        contact.step = 0
        contact.ring = 0 if contact.preferred else queue.plain_ring
    elif event[5]:
        contact.entered_ms = event[1]  # the rings that are open stay so; what is still to come counts from now
    contact.stage = WAITING
    if cause == c.C_AGENT_LOST or cause == c.C_TRANSFER_FAILED:
        contact.is_front = True
    world.board.wait(contact)
    if contact.queue.steps:
        watch_steps(world, contact)


def _contact_widened(world: World, event: Event) -> None:
    contact = world.contacts[event[2]]
    contact.ring = event[4]
    contact.step += event[5]
    if contact.line is not None:
        world.board.leave(contact)
        world.board.wait(contact)
    watch_steps(world, contact)


def _contact_released(world: World, event: Event) -> None:
    contact = world.contacts[event[2]]
    no_longer_kept(world, contact)
    contact.stage = WAITING
    world.board.wait(contact)


def _contact_diverted(world: World, event: Event) -> None:
    contact = world.contacts.pop(event[2])
    if contact.stage == KEPT:
        no_longer_kept(world, contact)
    world.board.leave(contact)
    if contact.gauge is not None:
        gauge_ended(contact.gauge, contact)
    world.released.append((c.DIVERTED, contact.id))


def _callback_promised(world: World, event: Event) -> None:
    contact = world.contacts[event[2]]
    contact.is_called_back = True
    if event[3] > event[1]:
        schedule(world, contact, event[3])
    elif contact.queue.steps:
        watch_steps(world, contact)  # the next step may be another one: nobody who is called back leaves


def schedule(world: World, contact: Contact, due_ms: int) -> None:
    """Out of the line until then."""
    leave_line(world, contact)
    contact.due_ms = due_ms
    heappush(world.timers, (due_ms, c.CALLBACK_TIMER, contact.id))


def leave_line(world: World, contact: Contact) -> None:
    """Nobody calls the customer for now."""
    if contact.stage == KEPT:
        no_longer_kept(world, contact)
    world.board.leave(contact)
    contact.stage = c.SCHEDULED


def _callback_postponed(world: World, event: Event) -> None:
    contact = world.contacts[event[2]]
    contact.attempts = event[4]
    schedule(world, contact, event[5])


def _callback_due(world: World, event: Event) -> None:
    contact = world.contacts[event[2]]
    contact.stage = WAITING
    contact.due_ms = 0
    world.board.wait(contact)
    watch_steps(world, contact)  # what fell due while it was out of the line happens now


APPLIERS: dict[int, Applier] = {
    c.CONTACT_QUEUED: _contact_queued,
    c.CONTACT_OFFERED: _contact_offered,
    c.OFFER_EXPIRED: _offer_closed,
    c.OFFER_REFUSED: _offer_closed,
    c.OFFER_FAILED: _offer_closed,
    c.OFFER_WITHDRAWN: _offer_closed,
    c.OFFER_ACCEPTED: _offer_accepted,
    c.CONTACT_REQUEUED: _contact_requeued,
    c.CONTACT_WIDENED: _contact_widened,
    c.CONTACT_RELEASED: _contact_released,
    c.CONTACT_DIVERTED: _contact_diverted,
    c.CALLBACK_PROMISED: _callback_promised,
    c.CALLBACK_POSTPONED: _callback_postponed,
    c.CALLBACK_DUE: _callback_due,
}
