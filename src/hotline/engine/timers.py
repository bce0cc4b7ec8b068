"""What happens because time passes: offers expire, lost legs are given up, automatic wrap-ups end."""

from heapq import heapify, heappop

from hotline.engine import codes as c
from hotline.engine.conversations import close_wrap_up
from hotline.engine.core import Engine
from hotline.engine.offers import expire_offer
from hotline.engine.transfers import expire_leg
from hotline.engine.world import World


def next_due_ms(world: World) -> int | None:
    """When the next timer fires, or None. Timers that hold no more are forgotten on the way."""
    timers = world.timers
    while timers and not _holds(world, timers[0]):
        heappop(timers)
    return timers[0][0] if timers else None


def fire_due(engine: Engine) -> None:
    """Fire everything that is due at `engine.now_ms`, in the order of due times."""
    while True:
        due = next_due_ms(engine)
        if due is None or due > engine.now_ms:
            return
        _fire(engine, heappop(engine.timers))


def restore_timers(world: World) -> None:
    """Set the timers that the state implies; after a snapshot was read."""
    timers = [(o.expires_ms, c.OFFER_TIMER, o.id) for o in world.offers.values()]
    talks = world.interactions.values()
    timers += [(i.lost_until_ms, c.LEG_TIMER, i.id) for i in talks if i.lost_until_ms]
    timers += [(i.until_ms, c.WRAP_UP_TIMER, i.id) for i in talks if i.is_automatic and i.ended_ms >= 0]
    heapify(timers)
    world.timers = timers


def _holds(world: World, timer: tuple[int, int, int]) -> bool:
    due, kind, id = timer
    if kind == c.OFFER_TIMER:
        offer = world.offers.get(id)
        return offer is not None and not offer.is_answered and offer.expires_ms == due
    interaction = world.interactions.get(id)
    if interaction is None:
        return False
    if kind == c.LEG_TIMER:
        return interaction.lost_until_ms == due
    return interaction.is_automatic and interaction.ended_ms >= 0 and interaction.until_ms == due


def _fire(engine: Engine, timer: tuple[int, int, int]) -> None:
    kind, id = timer[1], timer[2]
    at = engine.now_ms
    if kind == c.OFFER_TIMER:
        expire_offer(engine, at, engine.offers[id])
    elif kind == c.LEG_TIMER:
        expire_leg(engine, at, engine.interactions[id])
    else:
        close_wrap_up(engine, at, engine.interactions[id])
