"""A node has no connection with the switch: nobody can be rung for the contacts that it holds.

For a moment nothing changes but that nobody is blamed. Then its contacts are held: they keep their places and their
waiting time and are offered to nobody, so that agents serve those of the other nodes. One that comes back goes on where
it was. One that stays away is given up: who waited there is lost, later the conversations too. These have longer,
because they go on without their node where only its process has died; their agents may end them at any time."""

from hotline.engine import codes as c
from hotline.engine.arrivals import close_contact, match_kept, release
from hotline.engine.core import Engine
from hotline.engine.offers import withdraw_offer
from hotline.engine.records import Agent, Contact
from hotline.engine.work import Absence

_IN_CONVERSATION = (c.TALKING, c.OUTSIDE)


def lose_node(engine: Engine, at: int, node: int, times: tuple[int, int, int], is_judged_anew: bool) -> None:
    """The node is held, given up and cleared at these times. Lost already: nothing, but for a new leader, to whom it
    could not come back before."""
    known = engine.absent.get(node)
    if known is None or (is_judged_anew and known.due_ms()):
        engine.emit((c.NODE_CONNECTION_LOST, at, node, *times))


def restore_node(engine: Engine, at: int, node: int) -> None:
    """The node is back and has told what it holds. Never lost: nothing."""
    if node not in engine.absent:
        return
    stranded = [contact for contact in _contacts_of(engine, node) if contact.is_stranded]
    engine.emit((c.NODE_CONNECTION_RESTORED, at, node))
    for contact in stranded:
        if contact.stage == c.KEPT:
            match_kept(engine, contact)
    engine.match(stranded, [])


def take_next_step(engine: Engine, at: int, absence: Absence) -> None:
    """The node has been away for so long."""
    node, step = absence.node, absence.step + 1
    engine.emit((c.NODE_ABSENT, at, node, step))
    if step == c.NODE_HELD:
        _stop_ringing(engine, at, node)
        return
    for contact in _contacts_of(engine, node):
        if _is_lost(contact, step):
            close_contact(engine, at, contact, c.BY_PLATFORM, c.C_PLATFORM_FAILURE)


def move_callbacks(engine: Engine, at: int, node: int, target: int) -> None:
    """Another node makes the call-backs that a node had promised which was given up. Not given up: nothing."""
    absence = engine.absent.get(node)
    if absence is None or absence.step < c.NODE_GIVEN_UP or target in engine.absent:
        return
    moved = [contact for contact in _contacts_of(engine, node) if _is_promised(contact)]
    for contact in moved:
        engine.emit((c.CALLBACK_MOVED, at, contact.id, target))
    for contact in moved:
        if contact.stage == c.KEPT:
            match_kept(engine, contact)
    engine.match(moved, [])


def _is_promised(contact: Contact) -> bool:
    """Whether the customer is to be called, and holds no line."""
    return contact.is_called_back and contact.stage in (c.WAITING, c.KEPT, c.SCHEDULED)


def _contacts_of(engine: Engine, node: int) -> list[Contact]:
    return [contact for contact in engine.contacts.values() if contact.node == node]


def _stop_ringing(engine: Engine, at: int, node: int) -> None:
    """What was offered of this node is taken back without blame, and the agents serve others."""
    freed: list[Agent] = []
    for offer in list(engine.offers.values()):
        if offer.contact.node == node and not offer.is_answered:
            freed.append(offer.agent)
            withdraw_offer(engine, at, offer, c.C_NODE_LOST)
    release(engine, at, freed)


def _is_lost(contact: Contact, step: int) -> bool:
    """Whether the contact is over with this step. Promised call-backs need no call that could be lost."""
    if contact.stage in _IN_CONVERSATION:
        return step == c.NODE_CLEARED
    return contact.stage != c.ENDED and not contact.is_called_back
