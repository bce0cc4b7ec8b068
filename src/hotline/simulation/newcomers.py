"""Hours for agents whom a recording does not know: those of the recorded colleague who is most alike."""

from hotline.messages.configuration import AgentConfiguration, RoutingConfiguration
from hotline.simulation.recording import Duty, Recording


def duties_with_newcomers(recording: Recording, configuration: RoutingConfiguration) -> list[Duty]:
    """What agents did about their presence; newcomers of the configuration do what a colleague did: one of the same
    team if possible, then with most skills in common, then the first by id."""
    recorded = {agent.agent_id: agent for _, one in recording.configurations for agent in one.agents}
    hours: dict[str, list[Duty]] = {}
    for duty in recording.duties:
        hours.setdefault(duty.agent_id, []).append(duty)
    colleagues = [recorded[agent_id] for agent_id in sorted(hours) if agent_id in recorded]
    found = list(recording.duties)
    if not colleagues:
        return found
    for agent in configuration.agents:
        if agent.agent_id not in recorded:
            alike = max(colleagues, key=lambda one: _likeness(agent, one))
            found += [
                Duty(one.at_ms, agent.agent_id, one.step, one.reason)  # without a seat: the colleague has theirs
                for one in hours[alike.agent_id]
                if one.step != "move"
            ]
    return sorted(found, key=lambda duty: duty.at_ms)


def _likeness(one: AgentConfiguration, other: AgentConfiguration) -> tuple[bool, int]:
    in_common = {skill for skill, _ in one.skills} & {skill for skill, _ in other.skills}
    return one.team_id == other.team_id, len(in_common)
