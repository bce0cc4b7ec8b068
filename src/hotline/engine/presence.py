"""Agents come, go, lose their connection and choose their state; supervisors may choose it for them."""

from hotline.engine import codes as c
from hotline.engine.conversations import agent_of, end_wrap_up
from hotline.engine.core import Engine
from hotline.engine.errors import AgentUnknownError, AwayReasonUnknownError, SignedOutError
from hotline.engine.offers import withdraw_offer
from hotline.engine.records import Agent, Contact


def sign_in(engine: Engine, at: int, agent: int, session: int, seat_site: int = 0, *, is_moving: bool = False) -> None:
    """Take the post: away with the house reason until the agent says available. Another session takes over and loses
    nothing; the same session again: at most another seat and a restored connection.

    `seat_site`: where the seat is, 0 without one; `is_moving`: it is another seat than before."""
    found = agent_of(engine, agent)
    if not found.is_active:
        raise AgentUnknownError
    if found.session == session:
        if is_moving:
            engine.emit((c.AGENT_MOVED_SEAT, at, agent, seat_site))
            _follow_site(engine, at, found)
        restore_connection(engine, at, agent, session)
        return
    is_new = found.state == c.SIGNED_OUT
    engine.emit((c.AGENT_SIGNED_IN, at, agent, session, seat_site))
    if is_new or found.desired == c.SIGNED_OUT:
        engine.wish(found, c.AWAY, c.SIGNED_IN_REASON, 0, at)
    _resume_written(engine, at, found)
    engine.settle(found, at)
    _follow_site(engine, at, found)


def _follow_site(engine: Engine, at: int, agent: Agent) -> None:
    """Offer what waits, or nothing and no longer what rings where the agent's site is down."""
    if agent.is_site_down:
        engine.match(leave_site(engine, at, agent), [])
    else:
        engine.match_agent(agent)


def leave_site(engine: Engine, at: int, agent: Agent) -> list[Contact]:
    """What rings at an agent whose site is down is put back without blame, and nobody waits for them any more; the
    contacts that are loose in their queues now."""
    loose = withdraw_offers(engine, at, agent, c.C_SITE_DOWN)
    for contact in agent.kept:
        engine.emit((c.CONTACT_RELEASED, at, contact.id, agent.id, c.C_AGENT_LEFT))
        loose.append(contact)
    return loose


def sign_out(engine: Engine, at: int, agent: int) -> None:
    """Leave the post when the work is done; an offer that rings goes to somebody else. Signed out: nothing."""
    found = agent_of(engine, agent)
    if found.state != c.SIGNED_OUT:
        leave_post(engine, at, found, c.NO_REASON, 0)


def leave_post(engine: Engine, at: int, agent: Agent, reason: int, actor: int) -> None:
    """Sign the agent out now, or when conversations and wrap-ups are over."""
    engine.match(leave_post_quietly(engine, at, agent, reason, actor), [])


def leave_post_quietly(engine: Engine, at: int, agent: Agent, reason: int, actor: int) -> list[Contact]:
    """As `leave_post`, but the contacts that rang are only put back into their queues."""
    engine.wish(agent, c.SIGNED_OUT, reason, actor, at)
    return withdraw_offers(engine, at, agent, c.C_SIGNED_OUT)


def withdraw_offers(engine: Engine, at: int, agent: Agent, cause: int, only: int = 0) -> list[Contact]:
    """What rings at this agent, or only the offer named, is put back without blame; the contacts that are loose in
    their queues now."""
    loose: list[Contact] = []
    for id in (only,) if only else agent.offers:
        contact = withdraw_offer(engine, at, engine.offers[id], cause)
        if contact is not None:
            loose.append(contact)
    engine.settle(agent, at)
    return loose


def set_state(engine: Engine, at: int, agent: int, state: int, reason: int) -> None:
    """The agent's own wish, now or after the work. `reason` is an away reason; -1 one that nobody knows."""
    found = agent_of(engine, agent)
    if found.state == c.SIGNED_OUT:
        raise SignedOutError
    if state == c.AVAILABLE:
        reason = c.NO_REASON
    elif reason not in (engine.away_reasons or (c.NO_REASON,)):
        raise AwayReasonUnknownError
    engine.wish(found, state, reason, 0, at)
    engine.match_agent(found)


def force_state(engine: Engine, at: int, supervisor: int, agent: int, state: int, reason: int) -> None:
    """The supervisor's choice. A conversation is never cut: it takes effect afterwards. A wrap-up is ended, so that an
    agent who forgot it, or lost the browser in it, can be helped."""
    found = agent_of(engine, agent)
    if found.state == c.SIGNED_OUT:
        if state != c.SIGNED_OUT:
            raise SignedOutError
        return
    engine.wish(found, state, reason, supervisor, at)
    for id in found.wraps:
        end_wrap_up(engine, at, engine.interactions[id])
    loose = withdraw_offers(engine, at, found, c.C_FORCED) if state == c.SIGNED_OUT else []
    engine.settle(found, at)
    engine.match(loose, [found])


def lose_connection(engine: Engine, at: int, agent: int, session: int) -> None:
    """No offers until the browser is back; a ringing one goes to somebody else; a call goes on, media decide. What is
    worked on in the browser has lost its agent as a call does with the leg, and is given the same grace. A session that
    was taken over, or is lost already: nothing."""
    found = agent_of(engine, agent)
    if found.session != session or not found.is_connected:
        return
    engine.emit((c.AGENT_CONNECTION_LOST, at, agent))
    for id in found.talks:
        contact = engine.interactions[id].contact
        if not contact.is_call():
            engine.emit((c.AGENT_LEG_LOST, at, contact.id, id, agent))
    engine.let_go(found, at, c.C_AGENT_LEFT)
    engine.match(withdraw_offers(engine, at, found, c.C_CONNECTION_LOST), [])


def restore_connection(engine: Engine, at: int, agent: int, session: int) -> None:
    """The state before the loss. A session that was taken over, or never lost: nothing."""
    found = agent_of(engine, agent)
    if found.session != session or found.is_connected or found.state == c.SIGNED_OUT:
        return
    engine.emit((c.AGENT_CONNECTION_RESTORED, at, agent))
    _resume_written(engine, at, found)
    engine.settle(found, at)
    engine.match_agent(found)


def _resume_written(engine: Engine, at: int, agent: Agent) -> None:
    """The agent has a browser again: what they had in hand there goes on."""
    for id in agent.talks:
        interaction = engine.interactions[id]
        if interaction.paused & c.LEG_LOST and not interaction.contact.is_call():
            engine.emit((c.AGENT_LEG_RESUMED, at, interaction.contact.id, id, agent.id))
