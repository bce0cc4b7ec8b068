"""A routing configuration, checked as a whole and compiled to integers."""

from hotline.engine import codes as c
from hotline.engine.errors import ConfigurationInvalidError
from hotline.engine.names import Names
from hotline.engine.records import AgentSettings, Needs, Queue, Settings
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration

_GREATEST_LEVEL = 9


def check(configuration: RoutingConfiguration) -> None:
    """Raises ConfigurationInvalidError, with a sentence that names the culprit, when something cannot be."""
    _check_unique("queue", [queue.queue_id for queue in configuration.queues])
    _check_unique("agent", [agent.agent_id for agent in configuration.agents])
    if not 0 <= configuration.resume_grace_s <= 300:
        raise ConfigurationInvalidError(problem="the grace time for a lost leg must be 0 to 300 seconds")
    for queue in configuration.queues:
        _check_queue(queue)
    for agent in configuration.agents:
        _check_agent(agent)


def _check_unique(what: str, ids: list[str]) -> None:
    seen: dict[str, None] = {}
    for id in ids:
        if id in seen:
            raise ConfigurationInvalidError(problem=f"{what} {id} is listed twice")
        seen[id] = None


def _check_queue(queue: QueueConfiguration) -> None:
    name = f"queue {queue.queue_id}"
    if not 1 <= queue.offer_timeout_s <= 600:
        raise ConfigurationInvalidError(problem=f"{name} needs an offer time of 1 to 600 seconds")
    if not 0 <= queue.wrap_up_s <= 86_400:
        raise ConfigurationInvalidError(problem=f"{name} needs a wrap-up time of 0 to 86400 seconds")
    if not 0 <= queue.service_level_s <= 86_400:
        raise ConfigurationInvalidError(problem=f"{name} needs a service level threshold of 0 to 86400 seconds")
    if not 0 <= queue.service_level_target <= 10_000:
        raise ConfigurationInvalidError(problem=f"{name} needs a service level target of 0 to 10000 hundredths")
    if not 0 <= queue.alarm_after_s <= 3_600:
        raise ConfigurationInvalidError(problem=f"{name} needs an alarm after 0 to 3600 seconds")
    if not 1 <= queue.alarm_min_contacts <= 10_000:
        raise ConfigurationInvalidError(problem=f"{name} needs an alarm from 1 to 10000 contacts on")
    _check_levels(name, queue.skills)


def _check_agent(agent: AgentConfiguration) -> None:
    name = f"agent {agent.agent_id}"
    _check_levels(name, agent.skills)
    for channel, most in agent.capacity.items():
        if channel not in c.CHANNELS:
            raise ConfigurationInvalidError(problem=f"{name} has a capacity for the unknown channel {channel}")
        if not 0 <= most <= c.GREATEST_CAPACITY:
            raise ConfigurationInvalidError(problem=f"{name} needs capacities of 0 to {c.GREATEST_CAPACITY}")


def _check_levels(name: str, skills: tuple[tuple[str, int], ...]) -> None:
    for skill, level in skills:
        if not 1 <= level <= _GREATEST_LEVEL:
            raise ConfigurationInvalidError(problem=f"{name} has level {level} of skill {skill}; levels are 1 to 9")


def compile_settings(configuration: RoutingConfiguration, names: Names) -> Settings:
    """The configuration in integers."""
    return Settings(
        configuration.version,
        [_queue(queue, names) for queue in configuration.queues],
        [_agent(agent, names) for agent in configuration.agents],
        tuple(names.reason(reason) for reason in configuration.away_reasons),
        configuration.resume_grace_s * 1000,
    )


def needs_of(skills: tuple[tuple[str, int], ...], names: Names) -> Needs:
    """Skills as (integer, level), each once with its highest level, sorted."""
    levels: dict[int, int] = {}
    for text, level in skills:
        skill = names.skills.id(text)
        levels[skill] = max(level, levels.get(skill, 0))
    return tuple(sorted(levels.items()))


def _queue(queue: QueueConfiguration, names: Names) -> Queue:
    return Queue(
        names.queues.id(queue.queue_id),
        names.tenants.id(queue.tenant_id),
        needs_of(queue.skills, names),
        queue.rank,
        queue.offer_timeout_s * 1000,
        queue.wrap_up_s * 1000,
        queue.is_wrap_up_automatic,
    )


def _agent(agent: AgentConfiguration, names: Names) -> AgentSettings:
    capacity = sorted((c.CHANNELS.index(channel), most) for channel, most in agent.capacity.items() if most)
    return AgentSettings(
        names.agents.id(agent.agent_id),
        tuple(sorted(names.tenants.id(tenant) for tenant in agent.tenant_ids)),
        needs_of(agent.skills, names),
        tuple(capacity),
        agent.is_active,
    )
