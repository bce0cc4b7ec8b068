"""The world as plain rows of integers, and back. Equal worlds give equal rows, whatever way they came about.

Only what cannot be derived is kept: lines, pools, loads and timers are built anew when rows are read."""

from collections.abc import Iterable

from hotline.engine import codes as c
from hotline.engine.configuring import configure, load_of
from hotline.engine.records import (
    Agent,
    AgentSettings,
    Contact,
    Interaction,
    Monitoring,
    Needs,
    Offer,
    Queue,
    Settings,
    Transfer,
)
from hotline.engine.timers import restore_timers
from hotline.engine.world import World

Row = list[int]
Rows = dict[str, list[int]]  # by kind, each row preceded by its length: few objects, so that it is quick


def to_rows(world: World) -> Rows:
    """Everything that has to be remembered of a world."""
    numbers = [world.version, world.resume_grace_ms, world.order]
    return {
        "world": _joined([numbers, list(world.away_reasons)]),
        "queues": _joined(_queue_row(queue) for queue in world.queues.values()),
        "profiles": _joined(_profile_row(agent) for agent in world.agents.values()),
        "agents": _joined(_agent_row(agent) for agent in world.agents.values()),
        "contacts": _joined(_contact_row(contact) for contact in world.contacts.values()),
        "offers": _joined(_offer_row(offer) for offer in world.offers.values()),
        "interactions": _joined(_interaction_row(one) for one in world.interactions.values()),
        "transfers": _joined(_transfer_row(transfer) for transfer in world.transfers.values()),
        "monitorings": _joined([m.id, m.supervisor, m.agent, m.contact, m.mode] for m in world.monitorings.values()),
    }


def read_rows(world: World, rows: Rows) -> None:
    """Fill an empty world with what `to_rows` gave."""
    numbers, away_reasons = _parted(rows["world"])
    queues = [_read_queue(row) for row in _parted(rows["queues"])]
    agents = [_read_profile(row) for row in _parted(rows["profiles"])]
    configure(world, Settings(numbers[0], queues, agents, tuple(away_reasons), numbers[1]))
    world.order = numbers[2]
    for row in _parted(rows["contacts"]):
        _read_contact(world, row)
    for row in _parted(rows["offers"]):
        _read_offer(world, row)
    for row in _parted(rows["interactions"]):
        _read_interaction(world, row)
    for row in _parted(rows["transfers"]):
        _read_transfer(world, row)
    for row in _parted(rows["monitorings"]):
        world.monitorings[row[0]] = Monitoring(row[0], row[1], row[2], row[3], row[4])
    for row in _parted(rows["agents"]):
        _read_agent(world, row)
    for contact in world.contacts.values():
        if contact.stage == c.WAITING:
            world.board.wait(contact)
    restore_timers(world)


def _joined(rows: Iterable[Row]) -> list[int]:
    joined: list[int] = []
    for row in rows:
        joined.append(len(row))
        joined += row
    return joined


def _parted(joined: list[int]) -> list[Row]:
    rows: list[Row] = []
    start = 0
    while start < len(joined):
        end = start + 1 + joined[start]
        rows.append(joined[start + 1 : end])
        start = end
    return rows


# --- queues and agents ----------------------------------------------------------------------------------------------


def _flat(needs: Needs) -> Row:
    return [number for pair in needs for number in pair]


def _pairs(numbers: Row) -> Needs:
    return tuple([(numbers[i], numbers[i + 1]) for i in range(0, len(numbers), 2)])


def _queue_row(queue: Queue) -> Row:
    fixed = [queue.id, queue.tenant, queue.rank, queue.offer_ms, queue.wrap_up_ms]
    return [*fixed, int(queue.is_automatic), int(queue.is_removed), *_flat(queue.needs)]


def _read_queue(row: Row) -> Queue:
    queue = Queue(row[0], row[1], _pairs(row[7:]), row[2], row[3], row[4], bool(row[5]))
    queue.is_removed = bool(row[6])
    return queue


def _profile_row(agent: Agent) -> Row:
    return [agent.id, int(agent.is_active), *agent.profile.row]


def _read_profile(row: Row) -> AgentSettings:
    skills_at = 4 + row[2]
    capacity_at = skills_at + 2 * row[3]
    tenants = tuple(row[4:skills_at])
    return AgentSettings(row[0], tenants, _pairs(row[skills_at:capacity_at]), _pairs(row[capacity_at:]), bool(row[1]))


def _agent_row(agent: Agent) -> Row:
    row = [agent.id, agent.session, int(agent.is_connected), agent.state, agent.reason, agent.since_ms]
    row += [agent.desired, agent.desired_reason, agent.desired_actor]
    row += [agent.idle_since_ms, agent.idle_order, agent.last_contact]
    for ids in (agent.offers, agent.talks, agent.consults, agent.wraps):
        row.append(len(ids))
        row += ids
    return row


def _read_agent(world: World, row: Row) -> None:
    agent = world.agents[row[0]]
    agent.session = row[1]
    agent.is_connected = bool(row[2])
    agent.state, agent.reason, agent.since_ms = row[3], row[4], row[5]
    agent.desired, agent.desired_reason, agent.desired_actor = row[6], row[7], row[8]
    agent.idle_since_ms, agent.idle_order, agent.last_contact = row[9], row[10], row[11]
    start = 12
    for ids in (agent.offers, agent.talks, agent.consults, agent.wraps):
        end = start + 1 + row[start]
        ids += row[start + 1 : end]
        start = end
    agent.load = load_of(world, agent)
    world.board.place(agent)


# --- contacts and work ----------------------------------------------------------------------------------------------


def _contact_row(contact: Contact) -> Row:
    asked = [contact.channel, contact.priority, contact.asked_ms, contact.order, int(contact.is_front)]
    now = [contact.stage, contact.offer, contact.interaction, contact.transfer, contact.wait_ms, contact.wraps]
    return [contact.id, contact.queue.id, *asked, *now, *_flat(contact.needs)]


def _read_contact(world: World, row: Row) -> None:
    queue = world.queues[row[1]]
    contact = Contact(row[0], queue, row[2], row[3], row[4], row[5], _pairs(row[13:]))
    contact.is_front = bool(row[6])
    contact.stage, contact.offer, contact.interaction, contact.transfer = row[7], row[8], row[9], row[10]
    contact.wait_ms, contact.wraps = row[11], row[12]
    world.contacts[contact.id] = contact


def _offer_row(offer: Offer) -> Row:
    parties = [offer.id, offer.contact.id, offer.agent.id, offer.kind, offer.expires_ms]
    return [*parties, offer.interaction, offer.transfer, int(offer.is_accepted), int(offer.is_answered)]


def _read_offer(world: World, row: Row) -> None:
    offer = Offer(row[0], world.contacts[row[1]], world.agents[row[2]], row[3], row[4], row[5], row[6])
    offer.is_accepted, offer.is_answered = bool(row[7]), bool(row[8])
    world.offers[offer.id] = offer


def _interaction_row(one: Interaction) -> Row:
    parties = [one.id, one.contact.id, one.agent.id, one.queue.id, one.offer]
    pauses = [one.hold_ms, one.paused, one.paused_since_ms, one.lost_until_ms]
    return [*parties, one.connected_ms, *pauses, one.ended_ms, one.until_ms, int(one.is_automatic)]


def _read_interaction(world: World, row: Row) -> None:
    one = Interaction(row[0], world.contacts[row[1]], world.agents[row[2]], row[5], row[4])
    one.queue = world.queues[row[3]]
    one.hold_ms, one.paused, one.paused_since_ms, one.lost_until_ms = row[6], row[7], row[8], row[9]
    one.ended_ms, one.until_ms, one.is_automatic = row[10], row[11], bool(row[12])
    world.interactions[one.id] = one
    world.answered[one.offer] = one.id


def _transfer_row(transfer: Transfer) -> Row:
    parties = [transfer.id, transfer.contact.id, transfer.interaction, transfer.agent.id]
    target = [transfer.kind, transfer.target_kind, transfer.target, transfer.offer, transfer.target_agent]
    return [*parties, *target, int(transfer.is_answered), int(transfer.is_merged), transfer.joined]


def _read_transfer(world: World, row: Row) -> None:
    agent = world.agents[row[3]]
    transfer = Transfer(row[0], world.contacts[row[1]], row[2], agent, row[4], row[5], row[6])
    transfer.offer, transfer.target_agent, transfer.is_answered = row[7], row[8], bool(row[9])
    if len(row) > 10:  # snapshots from before there were conferences end here
        transfer.is_merged, transfer.joined = bool(row[10]), row[11]
    world.transfers[transfer.id] = transfer
