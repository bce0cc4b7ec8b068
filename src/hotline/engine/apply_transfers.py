"""What events make of transfers, and of supervisors who listen."""

from heapq import heappush

from hotline.engine import codes as c
from hotline.engine.apply_agents import start_idle_clock
from hotline.engine.apply_contacts import load
from hotline.engine.records import without
from hotline.engine.work import Monitoring, Transfer
from hotline.engine.world import Applier, Event, World


def _transfer_started(world: World, event: Event) -> None:
    _, at, transfer_id, contact_id, interaction_id, agent_id, kind, target_kind, target, returns_ms = event
    contact = world.contacts[contact_id]
    agent = world.agents[agent_id]
    transfer = Transfer(transfer_id, contact, interaction_id, agent, kind, target_kind, target)
    world.transfers[transfer_id] = transfer
    contact.transfer = transfer_id
    if kind == c.CONSULT:
        world.interactions[interaction_id].pause(c.TRANSFERRING, at)
        return
    agent.handed += (transfer_id,)
    if target_kind == c.TO_NUMBER:
        contact.stage = c.OUTSIDE
    if returns_ms:
        transfer.returns_ms = returns_ms
        heappush(world.timers, (returns_ms, c.RETURN_TIMER, transfer_id))


def _transfer_unanswered(world: World, event: Event) -> None:
    world.transfers[event[2]].is_unanswered = True


def _transfer_answered(world: World, event: Event) -> None:
    transfer = world.transfers[event[2]]
    transfer.is_answered = True
    transfer.target_agent = event[4]
    if transfer.offer:
        offer = world.offers[transfer.offer]
        offer.is_answered = True
        agent = offer.agent
        agent.offers = without(agent.offers, offer.id)
        agent.consults += (transfer.id,)


def _transfer_completed(world: World, event: Event) -> None:
    transfer = world.transfers[event[2]]
    if transfer.target_kind == c.TO_NUMBER:
        # The outside leg still belongs to this contact: both are kept until it ends.
        transfer.is_answered = True
        transfer.is_merged = False
        transfer.contact.stage = c.OUTSIDE
        return
    if transfer.joined:
        transfer.contact.interaction = transfer.joined
    drop_transfer(world, transfer)


def _transfer_merged(world: World, event: Event) -> None:
    transfer = world.transfers[event[2]]
    transfer.is_merged = True
    interaction = world.interactions[transfer.interaction]
    interaction.resume(c.TRANSFERRING, event[1])
    interaction.resume(c.HELD, event[1])


def _transfer_failed(world: World, event: Event) -> None:
    transfer = world.transfers[event[2]]
    at = event[1]
    if transfer.is_answered and transfer.offer:
        offer = world.offers.pop(transfer.offer)
        agent = offer.agent
        agent.consults = without(agent.consults, transfer.id)
        load(world, agent, transfer.contact.channel, -1)
        world.released.append((c.OFFERS, offer.id))
        world.released.append((c.INTERACTIONS, offer.interaction))
        start_idle_clock(world, agent, at)
        world.board.place(agent)
    interaction = world.interactions.get(transfer.interaction)
    if interaction is not None and interaction.ended_ms < 0:
        interaction.resume(c.TRANSFERRING, at)
        interaction.resume(c.HELD, at)
    if transfer.contact.stage == c.OUTSIDE:
        transfer.contact.stage = c.BETWEEN
    drop_transfer(world, transfer)


def drop_transfer(world: World, transfer: Transfer) -> None:
    """The transfer is over, whatever came of it."""
    del world.transfers[transfer.id]
    transfer.contact.transfer = 0
    if transfer.kind == c.BLIND:
        transfer.agent.handed = without(transfer.agent.handed, transfer.id)
    world.released.append((c.TRANSFERS, transfer.id))


def _monitoring_started(world: World, event: Event) -> None:
    _, _, monitoring, supervisor, agent, contact, mode = event
    world.monitorings[monitoring] = Monitoring(monitoring, supervisor, agent, contact, mode)


def _monitoring_changed(world: World, event: Event) -> None:
    world.monitorings[event[2]].mode = event[3]


def _monitoring_stopped(world: World, event: Event) -> None:
    del world.monitorings[event[2]]
    world.released.append((c.MONITORINGS, event[2]))


APPLIERS: dict[int, Applier] = {
    c.TRANSFER_STARTED: _transfer_started,
    c.TRANSFER_ANSWERED: _transfer_answered,
    c.TRANSFER_COMPLETED: _transfer_completed,
    c.TRANSFER_FAILED: _transfer_failed,
    c.TRANSFER_MERGED: _transfer_merged,
    c.TRANSFER_UNANSWERED: _transfer_unanswered,
    c.MONITORING_STARTED: _monitoring_started,
    c.MONITORING_CHANGED: _monitoring_changed,
    c.MONITORING_STOPPED: _monitoring_stopped,
}
