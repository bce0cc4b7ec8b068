"""After a connection to a node was interrupted: what the node no longer holds has ended."""

from hotline.engine import codes as c
from hotline.engine.absences import restore_node
from hotline.engine.arrivals import close_contact
from hotline.engine.core import Engine


def reconcile_node(engine: Engine, at: int, node: int, ours: list[int], held: dict[int, tuple[int, ...]]) -> None:
    """Compare what both hold, then go on with what the node still has."""
    reconcile_contacts(engine, at, ours, held)
    restore_node(engine, at, node)


def reconcile_contacts(engine: Engine, at: int, ours: list[int], held: dict[int, tuple[int, ...]]) -> None:
    """Compare `ours`, the contacts that the engine believes a node to hold, with those it holds and the agents whose
    legs are in them. A missing contact ends as platform failure; an agent who talks in a call without a leg has lost
    it."""
    for id in ours:
        contact = engine.contacts.get(id)
        if contact is None or contact.stage == c.ENDED or (contact.is_called_back and contact.stage != c.TALKING):
            continue  # whom the node does not hold, as long as nobody calls them
        agents = held.get(id)
        if agents is None:
            close_contact(engine, at, contact, c.BY_PLATFORM, c.C_PLATFORM_FAILURE)
            continue
        talk = engine.interactions.get(contact.interaction) if contact.interaction else None
        if talk is not None and contact.is_call() and talk.agent.id not in agents and not talk.paused & c.LEG_LOST:
            engine.emit((c.AGENT_LEG_LOST, at, id, talk.id, talk.agent.id))
