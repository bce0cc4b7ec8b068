"""Contacts come and go: asking for a person, and the end of the customer's part."""

from hotline.engine import codes as c
from hotline.engine.conversations import end_interaction, start_wrap_up
from hotline.engine.core import Engine
from hotline.engine.errors import ContactUnknownError, QueueUnknownError
from hotline.engine.records import Agent, Contact, Interaction, Needs


def enqueue_contact(
    engine: Engine, at: int, contact: int, queue: int, channel: int, priority: int, asked_ms: int, needs: Needs
) -> None:
    """The contact waits in its queue, and is offered at once when somebody able is idle. Known contacts: nothing."""
    if contact in engine.contacts:
        return
    target = engine.queues.get(queue)
    if target is None or target.is_removed:
        raise QueueUnknownError
    event: tuple[int, ...] = (c.CONTACT_QUEUED, at, contact, queue, channel, priority, asked_ms)
    for need in needs:
        event += need
    engine.emit(event)
    engine.match_contact(engine.contacts[contact])


def end_contact(engine: Engine, at: int, contact: int, ended_by: int, cause: int) -> None:
    """The customer is gone. Ended contacts: nothing."""
    found = engine.contacts.get(contact)
    if found is None:
        raise ContactUnknownError
    if found.stage != c.ENDED:
        close_contact(engine, at, found, ended_by, cause)


def close_contact(engine: Engine, at: int, contact: Contact, ended_by: int, cause: int) -> None:
    """End the contact and everything around it; agents in conversation wrap up, others are free at their old place."""
    outcome = _outcome(engine, contact, ended_by)
    wait_ms = contact.wait_ms if contact.wait_ms >= 0 else max(0, at - contact.asked_ms)
    touched: list[Agent] = []
    talks = _talks(engine, contact)
    if contact.offer or contact.transfer:
        _withdraw(engine, at, contact, touched)
    for talk in talks:
        touched.append(talk.agent)
        end_interaction(engine, at, talk, ended_by)
    engine.emit((c.CONTACT_ENDED, at, contact.id, outcome, ended_by, cause, wait_ms))
    for talk in talks:
        start_wrap_up(engine, at, talk)
    release(engine, at, touched)


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
    if ended_by == c.BY_PLATFORM:
        return c.PLATFORM_FAILURE
    if contact.stage == c.OUTSIDE and engine.transfers[contact.transfer].is_answered:
        return c.TRANSFERRED_OUT
    if contact.stage in (c.TALKING, c.OUTSIDE):
        return c.HANDLED
    return c.ABANDONED
