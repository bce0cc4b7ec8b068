"""A customer to whom a call-back is promised calls meanwhile and reaches an agent: nobody calls them during that talk,
and after it only where the promise is to stay. The agent says so, else the queue's rule."""

from hotline.engine import codes as c
from hotline.engine.conversations import is_talking
from hotline.engine.core import Engine
from hotline.engine.errors import NotYourContactError
from hotline.engine.records import Contact
from hotline.engine.work import Met

_OPEN = (c.WAITING, c.KEPT, c.PROPOSED, c.SCHEDULED)


def is_open(engine: Engine, contact: Contact) -> bool:
    """Whether the contact is a promise that is still to be kept, and its customer talks with nobody yet."""
    is_promised = contact.is_called_back and contact.wait_ms < 0 and contact.stage in _OPEN
    return is_promised and contact.id not in engine.met


def meet(engine: Engine, at: int, promise: Contact, talk: int, agent: int) -> None:
    """The customer of an open promise talks with the agent in the contact `talk`. An agent who is about to call them is
    free again without blame."""
    freed = None
    if promise.offer:
        offer = engine.offers[promise.offer]
        freed = offer.agent
        engine.emit((c.OFFER_WITHDRAWN, at, offer.id, promise.id, freed.id, c.C_OWN_CALL))
    engine.emit((c.CALLBACK_MET, at, promise.id, talk, agent))
    if freed is not None:
        engine.settle(freed, at)
        engine.match_agent(freed)


def settle_callback(engine: Engine, at: int, agent: int, promise: int, is_done: bool) -> None:
    """The agent who has the customer says what becomes of the promise: done and closed at once, or kept. Raises
    NotYourContactError to everybody else."""
    met = engine.met.get(promise)
    if met is None or not is_talking(engine, agent, met.talk):
        raise NotYourContactError
    if is_done:
        engine.emit((c.CALLBACK_SETTLED, at, promise, met.talk, c.CLOSE, agent))
        _close(engine, at, engine.contacts[promise], c.BY_AGENT)
    elif met.choice != c.KEEP:
        engine.emit((c.CALLBACK_SETTLED, at, promise, met.talk, c.KEEP, agent))


def conclude(engine: Engine, at: int, met: Met, rule: int) -> None:
    """The customer's own contact is over: the promise goes on if an agent said so, else by `rule`."""
    contact = engine.contacts[met.promise]
    if met.choice == c.UNDECIDED:
        engine.emit((c.CALLBACK_SETTLED, at, contact.id, met.talk, rule, 0))
    if met.choice == c.CLOSE:
        _close(engine, at, contact, c.BY_PLATFORM)
        return
    engine.emit((c.CALLBACK_RESUMED, at, contact.id, met.due_ms if met.due_ms > at else 0))
    engine.match_contact(contact)


def _close(engine: Engine, at: int, contact: Contact, ended_by: int) -> None:
    wait_ms = max(0, at - contact.asked_ms)
    engine.emit((c.CONTACT_ENDED, at, contact.id, c.OWN_CALL, ended_by, c.C_OWN_CALL, wait_ms, 0, 0))
