"""Inside a conversation and after it: hold, lost and resumed legs, hanging up, wrap-up."""

from hotline.engine import codes as c
from hotline.engine.apply_talks import interaction_ended, wrap_up_started, wrapped_up
from hotline.engine.codes import INTERACTION_ENDED, WRAP_UP_STARTED, WRAPPED_UP
from hotline.engine.core import Engine
from hotline.engine.errors import (
    AgentUnknownError,
    CallsOnlyError,
    CommandInvalidError,
    NotYourContactError,
    WrongStateError,
)
from hotline.engine.records import Agent
from hotline.engine.work import Interaction

_LONGEST_EXTENSION_S = 3600


def agent_of(engine: Engine, agent: int) -> Agent:
    """The agent of that id. Raises AgentUnknownError."""
    found = engine.agents.get(agent)
    if found is None:
        raise AgentUnknownError
    return found


def is_talking(engine: Engine, agent: int, contact: int) -> bool:
    """Whether the agent is in conversation with this contact."""
    return any(engine.interactions[id].contact.id == contact for id in agent_of(engine, agent).talks)


def own_talk(engine: Engine, agent: int, contact: int) -> Interaction:
    """The agent's running conversation with this contact. Raises NotYourContactError."""
    for id in agent_of(engine, agent).talks:
        interaction = engine.interactions[id]
        if interaction.contact.id == contact:
            return interaction
    raise NotYourContactError


def has_left(engine: Engine, agent: int, contact: int) -> bool:
    """Whether the agent's conversation with this contact is over and its wrap-up is open or was the last one."""
    return own_wrap_up(engine, agent, contact) is not None or engine.agents[agent].last_contact == contact


def own_wrap_up(engine: Engine, agent: int, contact: int) -> Interaction | None:
    """The agent's open wrap-up of this contact, or None."""
    for id in agent_of(engine, agent).wraps:
        interaction = engine.interactions[id]
        if interaction.contact.id == contact:
            return interaction
    return None


def hold_contact(engine: Engine, at: int, agent: int, contact: int) -> None:
    """The customer hears music; the time counts as hold. Held already: nothing."""
    interaction = own_talk(engine, agent, contact)
    if not interaction.contact.is_call():
        raise CallsOnlyError
    if interaction.contact.transfer:
        raise WrongStateError(problem="a transfer of this contact is under way; complete or cancel it first")
    if not interaction.paused & c.HELD:
        engine.emit((c.CONTACT_HELD, at, contact, interaction.id))


def retrieve_contact(engine: Engine, at: int, agent: int, contact: int) -> None:
    """Agent and customer talk again. Not held: nothing."""
    interaction = own_talk(engine, agent, contact)
    if interaction.contact.transfer:
        raise WrongStateError(problem="a transfer of this contact is under way; complete or cancel it first")
    if interaction.paused & c.HELD:
        engine.emit((c.CONTACT_RETRIEVED, at, contact, interaction.id))


def resume_agent_leg(engine: Engine, at: int, agent: int, contact: int) -> None:
    """The agent is back in the conversation. Never lost: nothing."""
    interaction = own_talk(engine, agent, contact)
    if not interaction.contact.is_call():
        raise CallsOnlyError
    if interaction.paused & c.LEG_LOST:
        engine.emit((c.AGENT_LEG_RESUMED, at, contact, interaction.id, agent))


def end_interaction(engine: Engine, at: int, interaction: Interaction, ended_by: int) -> None:
    """Close the conversation and whatever listens to it: hold is what was paused, talk is the rest."""
    if engine.monitorings:
        stop_monitorings(engine, at, interaction)
    hold_ms = interaction.hold_until(at) if interaction.paused else interaction.hold_ms
    talk_ms = at - interaction.connected_ms - hold_ms
    if talk_ms < 0:
        talk_ms = 0
    contact, agent = interaction.contact.id, interaction.agent.id
    event = (INTERACTION_ENDED, at, interaction.id, contact, agent, talk_ms, hold_ms, ended_by)
    interaction_ended(engine, event, interaction)
    engine.out.append(event)


def stop_monitorings(engine: Engine, at: int, interaction: Interaction) -> None:
    """Nobody listens to this agent's part of the contact any more; the other one of a conference stays heard."""
    contact, agent = interaction.contact.id, interaction.agent.id
    for monitoring in [m for m in engine.monitorings.values() if m.contact == contact and m.agent == agent]:
        engine.emit((c.MONITORING_STOPPED, at, monitoring.id, c.C_INTERACTION_ENDED, contact))


def start_wrap_up(engine: Engine, at: int, interaction: Interaction) -> None:
    """Begin the wrap-up; one of no length that ends by itself is over at once."""
    queue = interaction.queue
    contact, agent = interaction.contact.id, interaction.agent.id
    event = (WRAP_UP_STARTED, at, interaction.id, contact, agent, at + queue.wrap_up_ms)
    wrap_up_started(engine, event, interaction)
    engine.out.append(event)
    if queue.is_automatic and not queue.wrap_up_ms:
        end_wrap_up(engine, at, interaction)


def end_wrap_up(engine: Engine, at: int, interaction: Interaction) -> None:
    """The work after the conversation is done."""
    wrap_up_ms = at - interaction.ended_ms
    if wrap_up_ms < 0:
        wrap_up_ms = 0
    event = (WRAPPED_UP, at, interaction.id, interaction.contact.id, interaction.agent.id, wrap_up_ms)
    wrapped_up(engine, event, interaction)
    engine.out.append(event)


def extend_wrap_up(engine: Engine, at: int, agent: int, contact: int, extend_ms: int) -> None:
    """The wrap-up's time ends later."""
    if not 0 < extend_ms <= _LONGEST_EXTENSION_S * 1000:
        raise CommandInvalidError(problem=f"a wrap-up is extended by 1 to {_LONGEST_EXTENSION_S} seconds")
    interaction = own_wrap_up(engine, agent, contact)
    if interaction is None:
        raise NotYourContactError
    until_ms = max(interaction.until_ms, at) + extend_ms
    engine.emit((c.WRAP_UP_EXTENDED, at, interaction.id, contact, agent, until_ms))


def finish_wrap_up(engine: Engine, at: int, agent: int, contact: int) -> None:
    """The agent is ready for the next contact, or for what they asked for meanwhile. Finished already: nothing."""
    interaction = own_wrap_up(engine, agent, contact)
    if interaction is None:
        if not is_talking(engine, agent, contact) and has_left(engine, agent, contact):
            return
        own_talk(engine, agent, contact)
        raise WrongStateError(problem="the conversation still goes on; hang up first")
    close_wrap_up(engine, at, interaction)


def close_wrap_up(engine: Engine, at: int, interaction: Interaction) -> None:
    """End a wrap-up and give the agent what is next."""
    agent = interaction.agent
    end_wrap_up(engine, at, interaction)
    engine.settle(agent, at)
    if agent.ticket:
        engine.match_agent(agent)
