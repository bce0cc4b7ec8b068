"""Call-backs that keep the place: the customer hangs up, waits in the queue all the same, and is called when an agent
who is theirs has answered. Who cannot be reached is tried again, at the old place."""

from hotline.engine import codes as c
from hotline.engine.arrivals import close_contact
from hotline.engine.call_hours import ANY_TIME, Window
from hotline.engine.core import Engine
from hotline.engine.errors import CallbackRefusedError, ContactUnknownError
from hotline.engine.hours import held_until, is_held, promised_for
from hotline.engine.records import Contact


def promise_callback(engine: Engine, at: int, contact: int, not_before_ms: int, window: Window = ANY_TIME) -> None:
    """The contact stays in its queue without its customer. Promised already: nothing."""
    found = engine.contacts.get(contact)
    if found is None:
        raise ContactUnknownError
    if found.is_called_back:
        return
    if not found.is_call():
        raise CallbackRefusedError(problem="it is no call")
    if found.stage not in (c.WAITING, c.KEPT):
        raise CallbackRefusedError(problem="an agent has the contact already")
    if not found.queue.callback_attempts:
        raise CallbackRefusedError(problem="its queue does not call back")
    due_ms = promised_for(found.queue, at, not_before_ms, window)
    engine.emit((c.CALLBACK_PROMISED, at, contact, due_ms, *window))


def fail_callback(engine: Engine, at: int, offer: int, cause: int) -> None:
    """The customer did not answer: the agent is free without blame; the contact is due again later, or has ended."""
    found = engine.offers.get(offer)
    if found is None or found.is_answered or not found.contact.is_called_back:
        return
    contact, agent = found.contact, found.agent
    engine.emit((c.OFFER_WITHDRAWN, at, offer, contact.id, agent.id, c.C_CALLBACK_FAILED))
    attempt = contact.attempts + 1
    if attempt >= contact.queue.callback_attempts:
        close_contact(engine, at, contact, c.BY_PLATFORM, c.C_CALLBACK_FAILED)
    else:
        due_ms = held_until(contact, at + contact.queue.callback_retry_ms)
        engine.emit((c.CALLBACK_POSTPONED, at, contact.id, offer, attempt, due_ms, cause))
    engine.settle(agent, at)
    engine.match_agent(agent)


def callback_due(engine: Engine, at: int, contact: Contact) -> None:
    """It is time for the first or the next attempt: the contact is in its queue again, at its old place; unless the
    queue's calendar has changed since, and nobody may be called now."""
    if not is_held(engine, at, contact):
        engine.emit((c.CALLBACK_DUE, at, contact.id))
        engine.match_contact(contact)


def cancel_callback(engine: Engine, at: int, contact: int, actor: int) -> None:
    """Nobody is called any more: `actor` says so, or with 0 the customer. A contact that is not called back, or talks
    by now: nothing."""
    found = engine.contacts.get(contact)
    if found is not None and found.is_called_back and found.stage not in (c.TALKING, c.ENDED):
        close_contact(engine, at, found, c.BY_SUPERVISOR if actor else c.BY_CALLER, c.C_CANCELLED, actor)
