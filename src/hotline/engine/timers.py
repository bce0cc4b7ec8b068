"""What happens because time passes: offers expire, lost legs are given up, automatic wrap-ups end, contacts that wait
are offered to more people or go back to who sent them, call-backs are due, skills lapse, reserve teams come and go."""

from heapq import heapify, heappop

from hotline.engine import codes as c
from hotline.engine.absences import take_next_step
from hotline.engine.callbacks import callback_due
from hotline.engine.codes import OFFER_TIMER
from hotline.engine.configuring import standing_timers
from hotline.engine.conversations import close_wrap_up
from hotline.engine.core import Engine
from hotline.engine.eligibility import lapse_skills
from hotline.engine.hours import look_at_hours
from hotline.engine.ladders import look_at_ladder
from hotline.engine.offers import expire_offer
from hotline.engine.records import Contact
from hotline.engine.steps import step_is_due, stop_keeping, take_step
from hotline.engine.transfers import expire_leg, stop_waiting
from hotline.engine.work import Transfer
from hotline.engine.world import World


def next_due_ms(world: World) -> int | None:
    """When the next timer fires, or None. Timers that hold no more are forgotten on the way."""
    timers = world.timers
    offers = world.offers
    while timers:
        due, kind, id = timers[0]
        # Nearly all timers are those of offers that were answered long ago.
        if (kind != OFFER_TIMER or id in offers) and _holds(world, timers[0]):
            return due
        heappop(timers)
    return None


def latest_due_ms(world: World, patience_ms: int) -> int | None:
    """When timers must be looked at, or None: the end of a wrap-up for which nobody waits may be late by `patience_ms`,
    nothing else may."""
    due = next_due_ms(world)
    if due is None or world.board.waiting_count:
        return due
    timers = world.timers
    latest = due + patience_ms
    places = [0]
    while places:  # down the heap, no further than to what is due before
        place = places.pop()
        if place >= len(timers) or timers[place][0] >= latest:
            continue
        due, kind, id = timers[place]
        if _holds(world, timers[place]) and (kind != c.WRAP_UP_TIMER or world.interactions[id].agent.kept):
            latest = due
        places.append(2 * place + 1)
        places.append(2 * place + 2)
    return latest


def may_end_later(world: World, contact: Contact | None) -> bool:
    """Whether nobody waits for the agent who talks to this contact: neither in a queue nor for this very agent."""
    if contact is None or contact.stage != c.TALKING or world.board.waiting_count:
        return False
    interaction = world.interactions.get(contact.interaction)
    return interaction is not None and not interaction.agent.kept


def fire_due(engine: Engine) -> None:
    """Fire everything that is due at `engine.now_ms`, in the order of due times."""
    while True:
        due = next_due_ms(engine)
        if due is None or due > engine.now_ms:
            return
        _fire(engine, heappop(engine.timers))


def restore_timers(world: World) -> None:
    """Set the timers that the state implies; after a snapshot was read."""
    timers = [(o.expires_ms, OFFER_TIMER, o.id) for o in world.offers.values()]
    talks = world.interactions.values()
    timers += [(i.lost_until_ms, c.LEG_TIMER, i.id) for i in talks if i.lost_until_ms]
    timers += [(i.until_ms, c.WRAP_UP_TIMER, i.id) for i in talks if i.is_automatic and i.ended_ms >= 0]
    timers += standing_timers(world)
    timers += [(one.returns_ms, c.RETURN_TIMER, one.id) for one in world.transfers.values() if _is_awaited(one)]
    timers += [(absence.due_ms(), c.NODE_TIMER, absence.node) for absence in world.absent.values() if absence.due_ms()]
    for contact in world.contacts.values():
        timers += _timers_of(contact)
    heapify(timers)
    world.timers = timers


def _timers_of(contact: Contact) -> list[tuple[int, int, int]]:
    if contact.stage == c.SCHEDULED:
        if not contact.due_ms:  # its customer talks with an agent: no time sets it free
            return []
        return [(contact.due_ms, c.CALLBACK_TIMER, contact.id)]
    if contact.stage not in (c.WAITING, c.KEPT):
        return []
    steps = contact.steps()
    timers = []
    if contact.step < len(steps):
        timers.append((contact.entered_ms + steps[contact.step][0], c.STEP_TIMER, contact.id))
    if contact.stage == c.KEPT:
        timers.append((contact.wanted_until_ms, c.WANTED_TIMER, contact.id))
    return timers


def _holds(world: World, timer: tuple[int, int, int]) -> bool:
    due, kind, id = timer
    if kind == OFFER_TIMER:
        offer = world.offers.get(id)
        return offer is not None and not offer.is_answered and offer.expires_ms == due
    if kind > c.WRAP_UP_TIMER:
        return _other_holds(world, due, kind, id)
    interaction = world.interactions.get(id)
    if interaction is None:
        return False
    if kind == c.LEG_TIMER:
        return interaction.lost_until_ms == due
    return interaction.is_automatic and interaction.ended_ms >= 0 and interaction.until_ms == due


def _other_holds(world: World, due: int, kind: int, id: int) -> bool:
    if kind == c.HOURS_TIMER:
        queue = world.queues.get(id)
        return queue is not None and queue.closes_ms == due
    if kind == c.LADDER_TIMER:
        ladder = world.ladders.get(id)
        return ladder is not None and ladder.due_ms == due
    if kind == c.LAPSE_TIMER:
        agent = world.agents.get(id)
        return agent is not None and any(end == due and skill not in agent.lapsed for skill, end in agent.ends)
    if kind == c.NODE_TIMER:
        absence = world.absent.get(id)
        return absence is not None and absence.due_ms() == due
    if kind == c.RETURN_TIMER:
        transfer = world.transfers.get(id)
        return transfer is not None and _is_awaited(transfer) and transfer.returns_ms == due
    contact = world.contacts.get(id)
    if kind == c.STEP_TIMER:
        return step_is_due(contact, due)
    if contact is None:
        return False
    if kind == c.WANTED_TIMER:
        return contact.stage == c.KEPT and contact.wanted_until_ms == due
    return contact.stage == c.SCHEDULED and contact.due_ms == due


def _is_awaited(transfer: Transfer) -> bool:
    """Whether the time after which it goes back still runs."""
    return transfer.returns_ms > 0 and not transfer.is_unanswered


def _fire(engine: Engine, timer: tuple[int, int, int]) -> None:
    _, kind, id = timer
    at = engine.now_ms
    if kind == OFFER_TIMER:
        expire_offer(engine, at, engine.offers[id])
    elif kind == c.LEG_TIMER:
        expire_leg(engine, at, engine.interactions[id])
    elif kind == c.WRAP_UP_TIMER:
        close_wrap_up(engine, at, engine.interactions[id])
    elif kind == c.STEP_TIMER:
        take_step(engine, at, engine.contacts[id])
    elif kind == c.WANTED_TIMER:
        stop_keeping(engine, at, engine.contacts[id])
    elif kind == c.CALLBACK_TIMER:
        callback_due(engine, at, engine.contacts[id])
    elif kind == c.LAPSE_TIMER:
        lapse_skills(engine, at, engine.agents[id])
    elif kind == c.NODE_TIMER:
        take_next_step(engine, at, engine.absent[id])
    elif kind == c.RETURN_TIMER:
        stop_waiting(engine, at, engine.transfers[id])
    elif kind == c.HOURS_TIMER:
        look_at_hours(engine, at, engine.queues[id])
    else:
        look_at_ladder(engine, at, engine.ladders[id])
