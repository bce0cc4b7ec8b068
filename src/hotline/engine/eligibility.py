"""Changes of who can take what that no agent makes: a new configuration, sites that are down, queues in disaster mode,
skills that lapse."""

from hotline.engine import codes as c
from hotline.engine.core import Engine
from hotline.engine.errors import QueueUnknownError
from hotline.engine.presence import leave_post_quietly, leave_site, withdraw_offers
from hotline.engine.records import Agent, Contact, Needs, Queue


def is_there(engine: Engine, agent: Agent | None, queue: Queue, channel: int, needs: Needs) -> bool:
    """Whether it makes sense to wait for this very agent: there, and able as one of the queue's own."""
    if agent is None or not agent.is_connected or agent.desired != c.AVAILABLE or agent.is_site_down:
        return False
    return channel in agent.profile.units and agent.profile.could_take(queue, needs)


def mark_site(engine: Engine, at: int, site: int, is_down: bool, actor: int) -> None:
    """Agents who work at a site that is down are offered nothing, and what rings there goes to others at its old place;
    conversations go on as long as their media do. Marked so already: nothing."""
    if (site in engine.sites_down) == is_down:
        return
    engine.emit((c.SITE_MARKED, at, site, int(is_down), actor))
    agents = [agent for agent in engine.agents.values() if agent.site == site]
    loose: list[Contact] = []
    for agent in agents:
        if is_down:
            loose += leave_site(engine, at, agent)
    engine.match(loose, [agent for agent in agents if agent.ticket])


def set_disaster_mode(engine: Engine, at: int, queue: int, is_on: bool, actor: int) -> None:
    """New contacts leave the queue at once. Set so already: nothing."""
    found = engine.queues.get(queue)
    if found is None or found.is_removed:
        raise QueueUnknownError
    if found.is_disaster != is_on:
        engine.emit((c.DISASTER_MODE_SET, at, queue, int(is_on), actor))


def lapse_is_due(agent: Agent | None, now_ms: int) -> bool:
    """Whether a skill of the agent has lapsed that is still counted."""
    return agent is not None and any(end <= now_ms and skill not in agent.lapsed for skill, end in agent.ends)


def lapse_skills(engine: Engine, at: int, agent: Agent) -> None:
    """What the agent may no longer do is not offered any more; work in hand goes on, what rings is taken back."""
    engine.match(_lapse(engine, at, agent), [agent])


def _lapse(engine: Engine, at: int, agent: Agent) -> list[Contact]:
    for skill, end in agent.ends:
        if end <= at and skill not in agent.lapsed:
            engine.emit((c.AGENT_SKILL_LAPSED, at, agent.id, skill))
    return withdraw_unable(engine, at, agent)


def withdraw_unable(engine: Engine, at: int, agent: Agent) -> list[Contact]:
    """Take back what rings at an agent, or is kept for them, who has lost the skill for it; the contacts that are loose
    in their queues now. What somebody passes on to this very agent rings on unless a certificate has lapsed."""
    loose: list[Contact] = []
    for id in agent.offers:
        offer = engine.offers[id]
        if agent.has_lost(offer.contact) or (offer.kind == c.BY_QUEUE and not is_able(engine, agent, offer.contact)):
            loose += withdraw_offers(engine, at, agent, c.C_NO_AGENT, only=id)
    for contact in agent.kept:
        if not is_able(engine, agent, contact):
            engine.emit((c.CONTACT_RELEASED, at, contact.id, agent.id, c.C_AGENT_LEFT))
            loose.append(contact)
    return loose


def is_able(engine: Engine, agent: Agent, contact: Contact) -> bool:
    """Whether the agent still has the skills by which they may take the contact at all."""
    return agent.profile.may_serve(contact.queue, contact.needs)


def follow_configuration(engine: Engine, at: int) -> None:
    """After a new configuration: what rings at who has lost the skill for it is taken back, who is no longer an agent
    leaves the post after work, who now works at a site that is down is offered nothing, and everybody who waits is
    matched under the new rules."""
    for agent in list(engine.agents.values()):
        if lapse_is_due(agent, at):
            _lapse(engine, at, agent)
        elif agent.offers or agent.kept:
            withdraw_unable(engine, at, agent)
    for agent in list(engine.agents.values()):
        if not agent.is_active and agent.state != c.SIGNED_OUT and agent.desired != c.SIGNED_OUT:
            engine.release_kept(agent, at, c.C_AGENT_LEFT)
            leave_post_quietly(engine, at, agent, c.NO_REASON, 0)
        if agent.is_site_down:
            leave_site(engine, at, agent)
    engine.match_everybody()
