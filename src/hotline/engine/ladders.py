"""Ladders of reserve teams: called one after the other while a queue's figures stay bad, sent back when they are good
again. Trigger and stand-down have their own limits and hold times, so that no team goes to and fro. A supervisor may
call a team and send it back by hand; one that was called so stays until the moment that was said, then the rule counts.

How long a figure has been beyond its limit is not kept over a restart: the hold time then runs anew."""

from hotline.engine import codes as c
from hotline.engine.apply_contacts import set_look
from hotline.engine.core import Engine
from hotline.engine.eligibility import withdraw_unable
from hotline.engine.gauges import Measured, is_quiet, read_gauges
from hotline.engine.settings import Ladder, Tier
from hotline.engine.world import Event


def look_at_ladder(engine: Engine, at: int, ladder: Ladder) -> None:
    """Call, start or stand down what is due."""
    queues = [engine.queues[id] for id in ladder.queues if id in engine.queues]
    figures = read_gauges(queues, at)
    _start_those_called(engine, at, ladder, figures)
    is_next = True  # every tier before works
    for tier in ladder.tiers:
        if tier.step == c.TIER_OFF:
            if is_next:
                _call_when_needed(engine, at, ladder, tier, figures)
            else:
                tier.since_ms = -1  # its hold time begins when the one before works
            is_next = False
        elif tier.step == c.TIER_CALLED:
            is_next = False
    _stand_down_when_good(engine, at, ladder, figures)
    if is_quiet(queues, at) and all(tier.step == c.TIER_OFF for tier in ladder.tiers):
        ladder.due_ms = 0
    else:
        set_look(engine, ladder, at)


def call_by_hand(engine: Engine, at: int, ladder: Ladder, tier: Tier, keep_until_ms: int, actor: int) -> None:
    """The team comes whatever the figures say, also before those that stand lower on the ladder."""
    figures = read_gauges([engine.queues[id] for id in ladder.queues if id in engine.queues], at)
    step = c.TIER_CALLED if tier.call_up_ms else c.TIER_STARTED
    until_ms = at + tier.call_up_ms if tier.call_up_ms else 0
    engine.emit(_moved(at, ladder, tier, step, figures, until_ms, keep_until_ms, actor))
    set_look(engine, ladder, at)
    if step == c.TIER_STARTED:
        engine.match_everybody()


def stand_down_by_hand(engine: Engine, at: int, ladder: Ladder, tier: Tier, actor: int) -> None:
    """The team goes back, whatever the figures say."""
    figures = read_gauges([engine.queues[id] for id in ladder.queues if id in engine.queues], at)
    stand_down(engine, at, ladder, tier, c.TIER_STOOD_DOWN, figures, actor)


def _start_those_called(engine: Engine, at: int, ladder: Ladder, figures: Measured) -> None:
    for tier in ladder.tiers:
        if tier.step == c.TIER_CALLED and at >= tier.until_ms:
            engine.emit(_moved(at, ladder, tier, c.TIER_STARTED, figures, 0, tier.keep_until_ms))
            engine.match_everybody()


def _call_when_needed(engine: Engine, at: int, ladder: Ladder, tier: Tier, figures: Measured) -> None:
    if not _is_beyond(tier.trigger, figures, tier.threshold):
        tier.since_ms = -1
        return
    if tier.since_ms < 0:
        tier.since_ms = at
    if at - tier.since_ms >= tier.hold_ms:
        if tier.call_up_ms:
            engine.emit(_moved(at, ladder, tier, c.TIER_CALLED, figures, at + tier.call_up_ms))
        else:
            engine.emit(_moved(at, ladder, tier, c.TIER_STARTED, figures))
            engine.match_everybody()


def _stand_down_when_good(engine: Engine, at: int, ladder: Ladder, figures: Measured) -> None:
    """The last team that was called goes first."""
    for tier in reversed(ladder.tiers):
        if tier.step == c.TIER_OFF or at < tier.keep_until_ms:
            continue
        if _is_beyond(tier.trigger, figures, tier.stand_down):
            tier.since_ms = -1
        elif tier.since_ms < 0:
            tier.since_ms = at
        elif at - tier.since_ms >= tier.stand_down_ms:
            stand_down(engine, at, ladder, tier, c.TIER_STOOD_DOWN, figures)
        return


def stand_down(
    engine: Engine, at: int, ladder: Ladder, tier: Tier, step: int, figures: Measured, actor: int = 0
) -> None:
    """The team gives its borrowed skills back; what rings there for them, or is kept, goes to others."""
    engine.emit(_moved(at, ladder, tier, step, figures, 0, 0, actor))
    for id in tier.members:
        member = engine.agents.get(id)
        if member is not None and (member.offers or member.kept):
            engine.match(withdraw_unable(engine, at, member), [member])


def farewells(engine: Engine, at: int) -> list[Event]:
    """For every team that is called or works, the event of its standing down, with the figures of the moment."""
    found: list[Event] = []
    for ladder in engine.ladders.values():
        called = [tier for tier in ladder.tiers if tier.step != c.TIER_OFF]
        if called:
            figures = read_gauges([engine.queues[id] for id in ladder.queues if id in engine.queues], at)
            found += [_moved(at, ladder, tier, c.TIER_STOOD_DOWN, figures) for tier in called]
    return found


def tell_gone(engine: Engine, farewells: list[Event]) -> None:
    """After a new configuration: the teams that it no longer has stand down, which changes nothing any more."""
    known = [(ladder.id, tier.id) for ladder in engine.ladders.values() for tier in ladder.tiers]
    for event in farewells:
        if (event[2], event[3]) not in known:
            engine.emit(event)


def _moved(
    at: int,
    ladder: Ladder,
    tier: Tier,
    step: int,
    figures: Measured,
    until_ms: int = 0,
    keep_until_ms: int = 0,
    actor: int = 0,
) -> Event:
    return (c.TIER_MOVED, at, ladder.id, tier.id, step, *figures, until_ms, keep_until_ms, actor)


def _is_beyond(trigger: int, figures: Measured, limit: int) -> bool:
    """Whether the figure is worse than the limit. Nobody asked: no level is bad."""
    if trigger == c.T_WAIT:
        return figures.wait_s > limit
    if trigger == c.T_LENGTH:
        return figures.length > limit
    if trigger == c.T_SERVICE_LEVEL:
        return 0 <= figures.service_level < limit
    return figures.abandoned > limit
