"""What becomes of an offer: answered, accepted, refused, failed, expired."""

from hotline.engine import codes as c
from hotline.engine.apply_talks import contact_connected
from hotline.engine.codes import BY_CONSULT, CONTACT_CONNECTED
from hotline.engine.core import Engine
from hotline.engine.errors import NotYourOfferError, OfferUnknownError
from hotline.engine.hours import is_held
from hotline.engine.records import Agent, Contact
from hotline.engine.transfers import consult_target_missed, return_to_sender
from hotline.engine.work import Offer


def answer_offer(engine: Engine, at: int, offer: int) -> None:
    """Agent and customer talk, or the consulted agent and the one who consults. Answered already: nothing."""
    found = engine.offers.get(offer)
    if found is None:
        if offer in engine.answered:
            return
        raise OfferUnknownError
    if not found.is_answered:
        connect(engine, at, found)


def connect(engine: Engine, at: int, offer: Offer) -> None:
    """Begin the conversation that an offer was about."""
    contact = offer.contact
    agent = offer.agent
    if offer.kind == BY_CONSULT:
        engine.emit((c.TRANSFER_ANSWERED, at, offer.transfer, contact.id, agent.id))
    else:
        if offer.transfer:
            sender = engine.transfers[offer.transfer].agent.id
            engine.emit((c.TRANSFER_COMPLETED, at, offer.transfer, contact.id, agent.id, sender, c.BLIND))
        wait_ms = at - contact.asked_ms
        if wait_ms < 0:
            wait_ms = 0
        event = (CONTACT_CONNECTED, at, contact.id, offer.id, offer.interaction, agent.id, wait_ms)
        contact_connected(engine, event, contact, agent)
        engine.out.append(event)
    engine.settle(agent, at)


def accept_offer(engine: Engine, at: int, agent: int, offer: int) -> None:
    """The agent says yes on the desk. A channel without legs is connected with it; a call when its leg is up."""
    found = engine.offers.get(offer)
    if found is None:
        if offer in engine.answered:
            return
        raise OfferUnknownError
    if found.agent.id != agent:
        raise NotYourOfferError
    if found.is_accepted or found.is_answered:
        return
    engine.emit((c.OFFER_ACCEPTED, at, offer, found.contact.id, agent))
    if not found.contact.is_call():
        connect(engine, at, found)


def refuse_offer(engine: Engine, at: int, agent: int, offer: int, reason: int) -> None:
    """The agent goes away with the house reason; the contact keeps its place and is offered to another."""
    found = engine.offers.get(offer)
    if found is None or found.is_answered:
        raise OfferUnknownError
    if found.agent.id != agent:
        raise NotYourOfferError
    engine.emit((c.OFFER_REFUSED, at, offer, found.contact.id, agent, reason))
    blame(engine, at, found, c.OFFER_REFUSED_REASON, c.C_OFFER_REFUSED)


def fail_offer(engine: Engine, at: int, offer: int, cause: int) -> None:
    """The agent's leg did not come up: away with reason, contact to another. An offer that is over: nothing."""
    found = engine.offers.get(offer)
    if found is None or found.is_answered:
        return
    engine.emit((c.OFFER_FAILED, at, offer, found.contact.id, found.agent.id, cause))
    blame(engine, at, found, c.OFFER_FAILED_REASON, c.C_OFFER_FAILED)


def expire_offer(engine: Engine, at: int, offer: Offer) -> None:
    """Nobody answered in time: away with reason, contact to another at its old place. Without blame when its node is
    away, since nobody knows whether it rang."""
    if offer.contact.node in engine.absent:
        contact = withdraw_offer(engine, at, offer, c.C_NODE_LOST)
        engine.settle(offer.agent, at)
        engine.match([] if contact is None else [contact], [offer.agent])
        return
    engine.emit((c.OFFER_EXPIRED, at, offer.id, offer.contact.id, offer.agent.id))
    blame(engine, at, offer, c.OFFER_EXPIRED_REASON, c.C_OFFER_EXPIRED)


def withdraw_offer(engine: Engine, at: int, offer: Offer, cause: int) -> Contact | None:
    """Take an offer back without blame; the contact if it is now loose in its queue."""
    engine.emit((c.OFFER_WITHDRAWN, at, offer.id, offer.contact.id, offer.agent.id, cause))
    return put_back(engine, at, offer, cause)


def blame(engine: Engine, at: int, offer: Offer, reason: int, cause: int) -> None:
    """The agent, who did not take the offer, goes away until they say otherwise; the contact goes on."""
    agent: Agent = offer.agent
    loose = engine.send_away(agent, reason, at) if agent.desired == c.AVAILABLE else []
    engine.settle(agent, at)
    contact = put_back(engine, at, offer, cause)
    if contact is not None:
        loose.append(contact)
    engine.match(loose, [])


def put_back(engine: Engine, at: int, offer: Offer, cause: int) -> Contact | None:
    """Where a contact goes whose offer is over: its queue, the sender of its transfer, or the consulting agent.
    The contact when it is loose in its queue and wants matching; not one whom nobody may call back now."""
    contact = offer.contact
    if offer.kind == BY_CONSULT:
        consult_target_missed(engine, at, offer, cause)
        return None
    if offer.kind == c.BY_TRANSFER:
        return return_to_sender(engine, at, contact, cause)
    engine.emit((c.CONTACT_REQUEUED, at, contact.id, contact.queue.id, cause, 0))
    return None if contact.is_called_back and is_held(engine, at, contact) else contact
