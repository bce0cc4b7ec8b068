"""Which promised call-backs are a caller's: found again by the caller's reference, by the customer, or because the node
names the promise itself. Nothing here is kept: it follows from the contacts that are called back."""

from collections.abc import Mapping

from hotline.engine import codes as c
from hotline.engine import own_calls
from hotline.engine.core import Engine
from hotline.engine.names import Names
from hotline.engine.records import Contact
from hotline.engine.world import Event
from hotline.messages.configuration import QueueConfiguration
from hotline.messages.routing import ContactQueued

_PRESENT = (c.VOICE, c.CHAT, c.COUNTER)  # channels on which the customer is there while the agent works
_FINISHED = (c.HANDLED, c.TRANSFERRED_OUT)  # outcomes of a contact in which the customer had what they wanted


class Promises:
    """The open promises of one router. `details` and `queues` are the router's own, by contact and by queue."""

    def __init__(
        self,
        engine: Engine,
        names: Names,
        details: Mapping[int, ContactQueued],
        queues: Mapping[str, QueueConfiguration],
    ) -> None:
        self._engine, self._names = engine, names
        self._details, self._queues = details, queues
        self._by_caller: dict[str, list[int]] = {}

    def note(self, contact: int) -> None:
        """A call-back is promised in this contact."""
        for key in _callers_of(self._details[contact]):
            found = self._by_caller.setdefault(key, [])
            if contact not in found:
                found.append(contact)

    def forget(self, contact: int, details: ContactQueued) -> None:
        """The contact is over."""
        for key in _callers_of(details):
            found = self._by_caller[key]
            found.remove(contact)
            if not found:
                del self._by_caller[key]

    def follow(self) -> None:
        """Look at what has just been decided: who talks with an agent, and whose contact is over."""
        engine = self._engine
        for event in list(engine.out):
            if event[0] == c.CONTACT_CONNECTED:
                self._connected(event)
            elif engine.met and event[0] in (c.CONTACT_ENDED, c.CONTACT_DIVERTED):
                self._over(event)

    def _connected(self, event: Event) -> None:
        at, agent = event[1], event[5]
        talk = self._engine.contacts.get(event[2])
        if talk is None or talk.is_called_back or talk.channel not in _PRESENT:
            return
        for promise in self._of_caller(talk):
            own_calls.meet(self._engine, at, promise, talk.id, agent)

    def _of_caller(self, talk: Contact) -> list[Contact]:
        """The open promises to whoever talks, in the queue that they are served in or had asked for."""
        details = self._details[talk.id]
        ids = [id for key in _callers_of(details) for id in self._by_caller.get(key, ())]
        if details.pending_callback is not None:
            ids.append(self._names.families[c.CONTACTS].known(details.pending_callback))
        found = [self._engine.contacts[id] for id in dict.fromkeys(ids) if id in self._engine.contacts]
        return [promise for promise in found if self._is_met(promise, talk)]

    def _is_met(self, promise: Contact, talk: Contact) -> bool:
        theirs, ours = self._details[promise.id], self._details[talk.id]
        if promise is talk or theirs.tenant_id != ours.tenant_id or theirs.is_simulated != ours.is_simulated:
            return False
        is_same_queue = not {*self._queues_of(promise)}.isdisjoint(self._queues_of(talk))
        return is_same_queue and own_calls.is_open(self._engine, promise)

    def _queues_of(self, contact: Contact) -> tuple[str, str]:
        return self._names.queues.text(contact.queue.id), self._details[contact.id].queue_id

    def _over(self, event: Event) -> None:
        """A talk that broke off, the line lost or the platform failed, settles nothing: the promise stays."""
        at, engine = event[1], self._engine
        is_finished = event[0] == c.CONTACT_ENDED and event[3] in _FINISHED and event[5] != c.C_LOST
        for met in [one for one in engine.met.values() if one.talk == event[2]]:
            queue = self._queues.get(self._names.queues.text(engine.contacts[met.promise].queue.id))
            rule = c.AFTER_TALK.index(queue.callback_after_talk) if queue is not None else c.CLOSE
            own_calls.conclude(engine, at, met, rule if is_finished else c.KEEP)


def _callers_of(details: ContactQueued) -> list[str]:
    """What the caller is known by; nothing of one who withholds the number and is nobody's customer."""
    known = (("caller", details.caller_ref), ("customer", details.customer_id))
    return [f"{details.tenant_id} {kind} {id}" for kind, id in known if id]
