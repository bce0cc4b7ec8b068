"""Contacts come and go: asking for a person, and the end of the customer's part."""

from hotline.engine import codes as c
from hotline.engine.apply_contacts import contact_queued
from hotline.engine.apply_talks import contact_ended
from hotline.engine.call_hours import ANY_TIME
from hotline.engine.codes import BY_PLATFORM, C_LOST, CONTACT_ENDED, HANDLED, KEPT, TALKING, VOICE
from hotline.engine.conversations import end_interaction, start_wrap_up
from hotline.engine.core import Engine
from hotline.engine.errors import CallbackRefusedError, ContactUnknownError, QueueUnknownError
from hotline.engine.hours import promised_for
from hotline.engine.records import Agent, Contact, Needs, Queue
from hotline.engine.work import Interaction
from hotline.engine.world import Event


class Wishes:
    """What an arriving contact brings beside its needs."""

    __slots__ = ("place_ms", "preferred", "wanted", "wanted_until_ms")

    def __init__(self, place_ms: int, preferred: Needs = (), wanted: int = 0, wanted_until_ms: int = 0) -> None:
        self.place_ms = place_ms
        self.preferred = preferred
        self.wanted = wanted
        self.wanted_until_ms = wanted_until_ms


def enqueue_contact(
    engine: Engine,
    at: int,
    contact: int,
    queue: int,
    channel: int,
    priority: int,
    asked_ms: int,
    needs: Needs,
    wishes: Wishes | None = None,
) -> None:
    """The contact is offered at once when somebody able is idle, and waits in its queue when not. Known contacts:
    nothing."""
    event: Event = (c.CONTACT_QUEUED, at, contact, queue, channel, priority, asked_ms, 0)
    if needs or wishes is not None:
        event += wishes_of(asked_ms, needs, wishes)
    enqueue(engine, event)


def enqueue(engine: Engine, event: Event, is_called_back: bool = False, not_before_ms: int = 0) -> None:
    """As `enqueue_contact`, by the event that says so. With `is_called_back` the customer is not there: they are called
    when an agent has answered, not before that moment. Raises CallbackRefusedError when the queue does not do that."""
    at, contact = event[1], event[2]
    if contact in engine.contacts:
        return
    target = engine.queues.get(event[3])
    if target is None or target.is_removed:
        raise QueueUnknownError
    if is_called_back:
        _enqueue_call_back(engine, event, target, not_before_ms)
        return
    found = contact_queued(engine, event, target)
    engine.out.append(event)
    if target.is_disaster:
        divert(engine, at, found, c.D_DISASTER)
        return
    if found.stage == KEPT:
        match_kept(engine, found)
    else:
        engine.match_arrival(found)
    if 0 <= target.max_waiting < target.waiting and found.stage in (c.WAITING, KEPT):
        _send_on(engine, at, found)


def _enqueue_call_back(engine: Engine, event: Event, queue: Queue, not_before_ms: int) -> None:
    """Ordered by people: a full queue takes it all the same."""
    at, contact = event[1], event[2]
    if event[4] != VOICE:
        raise CallbackRefusedError(problem="it is no call")
    if not queue.callback_attempts:
        raise CallbackRefusedError(problem="its queue does not call back")
    if queue.is_disaster:
        raise CallbackRefusedError(problem="its queue is in disaster mode")
    due_ms = promised_for(queue, at, not_before_ms, ANY_TIME)
    engine.emit(event)
    engine.emit((c.CALLBACK_PROMISED, at, contact, due_ms, *ANY_TIME))
    found = engine.contacts[contact]
    if found.stage == KEPT:
        match_kept(engine, found)
    else:
        engine.match_contact(found)


def wishes_of(asked_ms: int, needs: Needs, wishes: Wishes | None) -> tuple[int, ...]:
    """The part of the event that follows the node."""
    if wishes is None:
        event: tuple[int, ...] = (asked_ms, 0, 0, len(needs))
        preferred: Needs = ()
    else:
        event = (wishes.place_ms, wishes.wanted, wishes.wanted_until_ms, len(needs))
        preferred = wishes.preferred
    for pair in needs:
        event += pair
    for pair in preferred:
        event += pair
    return event


def match_kept(engine: Engine, contact: Contact) -> None:
    """Offer a contact to the one agent whom it waits for, if they are free for its channel."""
    agent = engine.agents[contact.wanted]
    if agent.ticket and not contact.is_stranded and any(pool.channel == contact.channel for pool in agent.pools):
        engine.offer(contact, agent, c.BY_QUEUE, c.BY_WANTED)


def _send_on(engine: Engine, at: int, contact: Contact) -> None:
    """The contact has found its queue full with nobody idle for it: a shared pool may take it too, or it goes where the
    queue sends it."""
    if contact.queue.full_ring and contact.stage == c.WAITING:
        engine.emit((c.CONTACT_WIDENED, at, contact.id, contact.queue.id, contact.queue.full_ring, 0))
        engine.match_contact(contact)
        return
    target = engine.queues.get(contact.queue.full_queue)
    if target is None or target.is_removed or 0 <= target.max_waiting <= target.waiting:
        divert(engine, at, contact, c.D_FULL)
    else:
        engine.send_on(at, contact, target, c.C_FULL)
        engine.match_contact(contact)


def divert(engine: Engine, at: int, contact: Contact, cause: int) -> None:
    """Out of the queue without an agent, to the flow's exit of that name."""
    wait_ms = max(0, at - contact.asked_ms)
    engine.emit((c.CONTACT_DIVERTED, at, contact.id, contact.queue.id, cause, wait_ms))


def end_contact(engine: Engine, at: int, contact: int, ended_by: int, cause: int) -> None:
    """The customer is gone. Ended contacts: nothing."""
    found = engine.contacts.get(contact)
    if found is None:
        raise ContactUnknownError
    if found.stage == c.ENDED or (found.is_called_back and found.stage != TALKING and ended_by == c.BY_CALLER):
        return  # who is called back has hung up, as promised
    close_contact(engine, at, found, ended_by, cause)


def close_contact(engine: Engine, at: int, contact: Contact, ended_by: int, cause: int, actor: int = 0) -> None:
    """End the contact and everything around it; agents in conversation wrap up, others are free at their old place.
    `actor` is the person who ended it, 0 for nobody of the house."""
    if contact.stage == TALKING and not contact.transfer and ended_by != BY_PLATFORM:
        _hang_up(engine, at, contact, ended_by, cause)
        return
    outcome = _outcome(engine, contact, ended_by)
    wait_ms = contact.wait_ms if contact.wait_ms >= 0 else max(0, at - contact.asked_ms)
    touched: list[Agent] = []
    cut_off = _cut_off_from(engine, contact, ended_by, cause)
    talks = _talks(engine, contact)
    if contact.offer or contact.transfer:
        _withdraw(engine, at, contact, touched)
    for talk in talks:
        touched.append(talk.agent)
        end_interaction(engine, at, talk, ended_by)
    engine.emit((CONTACT_ENDED, at, contact.id, outcome, ended_by, cause, wait_ms, actor, cut_off))
    for talk in talks:
        start_wrap_up(engine, at, talk)
    release(engine, at, touched)


def _hang_up(engine: Engine, at: int, contact: Contact, ended_by: int, cause: int) -> None:
    """The end that nearly every contact has: one agent talks with the customer, and nothing else is under way."""
    talk = engine.interactions[contact.interaction]
    end_interaction(engine, at, talk, ended_by)
    cut_off = talk.agent.id if cause == C_LOST else 0
    event = (CONTACT_ENDED, at, contact.id, HANDLED, ended_by, cause, contact.wait_ms, 0, cut_off)
    contact_ended(engine, event, contact)
    engine.out.append(event)
    start_wrap_up(engine, at, talk)
    agent = talk.agent
    engine.settle(agent, at)
    if agent.ticket:
        engine.match_agent(agent)


def _cut_off_from(engine: Engine, contact: Contact, ended_by: int, cause: int) -> int:
    """The agent with whom the customer talked when their line or the platform failed, 0 for none."""
    if not contact.interaction or (cause != C_LOST and ended_by != BY_PLATFORM):
        return 0
    return engine.interactions[contact.interaction].agent.id


def _talks(engine: Engine, contact: Contact) -> list[Interaction]:
    """The conversations with this customer: none, one, or both agents' of a conference."""
    transfer = engine.transfers.get(contact.transfer) if contact.transfer else None
    ids = (contact.interaction, transfer.joined if transfer is not None else 0)
    return [engine.interactions[id] for id in ids if id]


def release(engine: Engine, at: int, agents: list[Agent]) -> None:
    """Announce the agents' states and give those who are free the next contact."""
    for agent in agents:
        engine.settle(agent, at)
    free = [agent for agent in agents if agent.ticket]
    if len(free) == 1:
        engine.match_agent(free[0])
    elif free:
        engine.match([], free)


def _withdraw(engine: Engine, at: int, contact: Contact, touched: list[Agent]) -> None:
    """Take back the offer and the transfer that are open for this contact."""
    if contact.offer:
        offer = engine.offers[contact.offer]
        touched.append(offer.agent)
        engine.emit((c.OFFER_WITHDRAWN, at, offer.id, contact.id, offer.agent.id, c.C_CALLER_GONE))
    transfer = engine.transfers.get(contact.transfer) if contact.transfer else None
    if transfer is None or (contact.stage == c.OUTSIDE and transfer.is_answered):
        return
    if transfer.offer:
        offer = engine.offers[transfer.offer]
        touched.append(offer.agent)
        if not offer.is_answered:
            engine.emit((c.OFFER_WITHDRAWN, at, offer.id, contact.id, offer.agent.id, c.C_CALLER_GONE))
    engine.emit((c.TRANSFER_FAILED, at, transfer.id, contact.id, c.C_CALLER_GONE, transfer.agent.id, transfer.kind))


def _outcome(engine: Engine, contact: Contact, ended_by: int) -> int:
    if contact.is_called_back and contact.wait_ms < 0:
        return c.CALLBACK_FAILED
    if ended_by == BY_PLATFORM:
        return c.PLATFORM_FAILURE
    if contact.stage == c.OUTSIDE and engine.transfers[contact.transfer].is_answered:
        return c.TRANSFERRED_OUT
    if contact.stage in (TALKING, c.OUTSIDE):
        return HANDLED
    return c.ABANDONED
