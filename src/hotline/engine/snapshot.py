"""The world as plain rows of integers, and back. Equal worlds give equal rows, whatever way they came about.

Only what cannot be derived is kept: what the configuration says, lines, pools, loads and timers are built anew when
rows are read."""

from collections.abc import Iterable

from hotline.engine import codes as c
from hotline.engine.apply_agents import profile_anew
from hotline.engine.apply_contacts import is_out_of_reach
from hotline.engine.configuring import configure, set_load
from hotline.engine.gauges import waits
from hotline.engine.records import Agent, Contact, Gauge, Needs
from hotline.engine.settings import Settings
from hotline.engine.timers import restore_timers
from hotline.engine.work import Absence, Interaction, Met, Monitoring, Offer, Transfer
from hotline.engine.world import World

Row = list[int]
Rows = dict[str, list[int]]  # by kind, each row preceded by its length: few objects, so that it is quick


def to_rows(world: World) -> Rows:
    """Everything that has to be remembered of a world, beside its configuration."""
    numbers = [world.version, world.order]
    return {
        "world": _joined([numbers, list(world.sites_down), list(world.disasters)]),
        "queues": _joined([queue.id, int(queue.is_removed)] for queue in world.queues.values()),
        "agents": _joined(_agent_row(agent) for agent in world.agents.values()),
        "contacts": _joined(_contact_row(contact) for contact in world.contacts.values()),
        "offers": _joined(_offer_row(offer) for offer in world.offers.values()),
        "interactions": _joined(_interaction_row(one) for one in world.interactions.values()),
        "transfers": _joined(_transfer_row(transfer) for transfer in world.transfers.values()),
        "monitorings": _joined([m.id, m.supervisor, m.agent, m.contact, m.mode] for m in world.monitorings.values()),
        "tiers": _joined(
            [ladder.id, tier.id, tier.step, tier.until_ms, tier.keep_until_ms]
            for ladder in world.ladders.values()
            for tier in ladder.tiers
        ),
        "met": _joined([met.promise, met.talk, met.due_ms, met.choice] for met in world.met.values()),
        "absent": _joined([one.node, one.step, *one.times] for one in world.absent.values()),
        "windows": _joined([one.id, *one.window] for one in world.contacts.values() if one.window[1]),
        "gauges": _joined(_gauge_row(gauge) for gauge in world.gauges.values()),
    }


def read_rows(world: World, rows: Rows, settings: Settings, version: int, nodes: dict[int, int]) -> None:
    """Fill an empty world with what `to_rows` gave. The settings list all queues and agents of the rows, removed ones
    too; `nodes` are those of the contacts; rows of version 1 have less in them."""
    queue_rows = _parted(rows["queues"])
    agent_rows = _parted(rows["agents"])
    known = {agent.id: agent for agent in settings.agents}
    settings.agents = tuple(known[row[0]] for row in agent_rows)
    queues = {queue.id: queue for queue in settings.queues}
    settings.queues = tuple(queues[row[0]] for row in queue_rows)
    configure(world, settings)
    _read_world(world, _parted(rows["world"]), version)
    for row in _parted(rows.get("tiers", [])):
        _read_tier(world, row)
    for row in _parted(rows.get("gauges", [])):
        _read_gauge(world, row)
    for row in _parted(rows.get("absent", [])):
        absence = world.absent[row[0]] = Absence(row[0], (row[2], row[3], row[4]))
        absence.step = row[1]
    for row in _parted(rows["contacts"]):
        _read_contact(world, row if version > 1 else _contact_row_of_version_1(row), nodes)
    for row in _parted(rows["offers"]):
        _read_offer(world, row)
    for row in _parted(rows["interactions"]):
        _read_interaction(world, row)
    for row in _parted(rows["transfers"]):
        _read_transfer(world, row)
    for row in _parted(rows["monitorings"]):
        world.monitorings[row[0]] = Monitoring(row[0], row[1], row[2], row[3], row[4])
    for row in _parted(rows.get("windows", [])):
        world.contacts[row[0]].window = (row[1], row[2])
    for row in _parted(rows.get("met", [])):
        world.met[row[0]] = Met(row[0], row[1], row[2], row[3])
    for row in agent_rows:
        _read_agent(world, row if version > 1 else [*row[:12], 0, 0, 0, 0, 0, *row[12:]])
    for contact in world.contacts.values():
        _read_place(world, contact)
    restore_timers(world)


def _read_world(world: World, rows: list[Row], version: int) -> None:
    world.version = rows[0][0]
    if version == 1:
        world.order = rows[0][2]
        return
    world.order = rows[0][1]
    world.sites_down = dict.fromkeys(rows[1])
    for queue in rows[2]:
        world.disasters[queue] = None
        world.queues[queue].is_disaster = True


def _read_place(world: World, contact: Contact) -> None:
    if contact.stage == c.WAITING:
        world.board.wait(contact)
    elif contact.stage == c.KEPT:
        contact.queue.waiting += 1
        world.agents[contact.wanted].kept += (contact,)
    if contact.gauge is not None and waits(contact):
        contact.gauge.waiting.append(contact)


def _gauge_row(gauge: Gauge) -> Row:
    return [gauge.id, *gauge.minutes, *gauge.asked, *gauge.answered, *gauge.in_time, *gauge.abandoned]


def _read_gauge(world: World, row: Row) -> None:
    gauge = world.gauges.get(row[0])
    if gauge is not None:
        columns = [row[start : start + c.GAUGE_MINUTES] for start in range(1, len(row), c.GAUGE_MINUTES)]
        gauge.minutes, gauge.asked, gauge.answered, gauge.in_time, gauge.abandoned = columns


def _read_tier(world: World, row: Row) -> None:
    ladder = world.ladders.get(row[0])
    for tier in ladder.tiers if ladder is not None else ():
        if tier.id == row[1]:
            tier.step, tier.until_ms = row[2], row[3]
            tier.keep_until_ms = row[4] if len(row) > 4 else 0  # older releases did not call by hand


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


def _agent_row(agent: Agent) -> Row:
    row = [agent.id, agent.session, int(agent.is_connected), agent.state, agent.reason, agent.since_ms]
    row += [agent.desired, agent.desired_reason, agent.desired_actor]
    row += [agent.idle_since_ms, agent.idle_order, agent.last_contact]
    row += [agent.signed_in_ms, agent.busy_ms, agent.served, agent.last_offer_ms, len(agent.lapsed), *agent.lapsed]
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
    agent.signed_in_ms, agent.busy_ms, agent.served, agent.last_offer_ms = row[12], row[13], row[14], row[15]
    start = 17 + row[16]
    agent.lapsed = row[17:start]
    agent.is_site_down = agent.site in world.sites_down
    profile_anew(world, agent)
    held: list[tuple[int, ...]] = []
    for _ in range(4):
        end = start + 1 + row[start]
        held.append(tuple(row[start + 1 : end]))
        start = end
    agent.offers, agent.talks, agent.consults, agent.wraps = held
    set_load(world, agent)
    world.board.place(agent)


# --- contacts and work ----------------------------------------------------------------------------------------------


def _contact_row(contact: Contact) -> Row:
    urgent = int(contact.is_front) | int(contact.is_emergency) << 1
    asked = [contact.channel, contact.priority, contact.asked_ms, contact.order, urgent]
    now = [contact.stage, contact.offer, contact.interaction, contact.transfer, contact.wait_ms, contact.wraps]
    waiting = [
        contact.place_ms,
        contact.entered_ms,
        contact.ring,
        contact.step,
        contact.wanted,
        contact.wanted_until_ms,
    ]
    called = [int(contact.is_called_back), contact.attempts, contact.due_ms]
    gauge = contact.gauge.id if contact.gauge is not None else 0
    needs = [len(contact.needs), *_flat(contact.needs), *_flat(contact.preferred)]
    return [contact.id, contact.queue.id, *asked, *now, *waiting, *called, gauge, *needs]


def _contact_row_of_version_1(row: Row) -> Row:
    needs = row[13:]
    return [*row[:13], row[4], row[4], 0, 0, 0, 0, 0, 0, 0, 0, len(needs) // 2, *needs]


def _read_contact(world: World, row: Row, nodes: dict[int, int]) -> None:
    queue = world.queues[row[1]]
    needs_end = 24 + 2 * row[23]
    contact = Contact(row[0], queue, row[2], row[3], row[4], row[5], _pairs(row[24:needs_end]))
    contact.preferred = _pairs(row[needs_end:])
    contact.is_front, contact.is_emergency = bool(row[6] & 1), bool(row[6] & 2)  # older releases knew only the first
    contact.stage, contact.offer, contact.interaction, contact.transfer = row[7], row[8], row[9], row[10]
    contact.wait_ms, contact.wraps = row[11], row[12]
    contact.place_ms, contact.entered_ms, contact.ring, contact.step = row[13], row[14], row[15], row[16]
    contact.wanted, contact.wanted_until_ms = row[17], row[18]
    contact.is_called_back, contact.attempts, contact.due_ms = bool(row[19]), row[20], row[21]
    contact.gauge = world.gauges.get(row[22])
    contact.node = nodes[contact.id]
    contact.is_stranded = is_out_of_reach(world, contact.node)
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
    now = [int(transfer.is_answered), int(transfer.is_merged), transfer.joined]
    return [*parties, *target, *now, transfer.returns_ms, int(transfer.is_unanswered)]


def _read_transfer(world: World, row: Row) -> None:
    agent = world.agents[row[3]]
    transfer = Transfer(row[0], world.contacts[row[1]], row[2], agent, row[4], row[5], row[6])
    transfer.offer, transfer.target_agent, transfer.is_answered = row[7], row[8], bool(row[9])
    if len(row) > 10:  # snapshots from before there were conferences end here
        transfer.is_merged, transfer.joined = bool(row[10]), row[11]
    if len(row) > 12:  # those from before queues sent anything back, here
        transfer.returns_ms, transfer.is_unanswered = row[12], bool(row[13])
    if transfer.kind == c.BLIND:
        agent.handed += (transfer.id,)
    world.transfers[transfer.id] = transfer
