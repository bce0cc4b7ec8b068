"""Whether a whole routing set-up can work. Pure: no Django, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration

Severity = Literal["error", "warning"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong with the set-up: errors keep it from the switch, warnings are shown."""

    code: str
    severity: Severity
    object_type: Literal["queue", "agent"]
    object_id: str
    tenant_id: str
    sentence: dict[str, str]


def check_configuration(configuration: RoutingConfiguration, skill_tenants: Mapping[str, str]) -> list[Finding]:
    """Everything wrong, errors first. `skill_tenants` gives the tenant of every skill by id."""
    findings = [
        *_check_queues(configuration.queues, skill_tenants),
        *_check_agents(configuration.agents, skill_tenants),
        *_check_coverage(configuration.queues, configuration.agents),
    ]
    return sorted(findings, key=lambda finding: finding.severity != "error")


def is_able(agent: AgentConfiguration, queue: QueueConfiguration) -> bool:
    """Whether the agent may be offered the queue's contacts: same tenant, every skill at the least level."""
    levels = dict(agent.skills)
    return queue.tenant_id in agent.tenant_ids and all(levels.get(skill, 0) >= least for skill, least in queue.skills)


def _check_queues(queues: Sequence[QueueConfiguration], skill_tenants: Mapping[str, str]) -> Iterator[Finding]:
    for queue in queues:
        for skill_id, _ in queue.skills:
            if skill_tenants.get(skill_id) != queue.tenant_id:
                yield _finding(
                    "routing.unknown_skill",
                    "error",
                    queue,
                    zh=f"队列“{queue.name_zh}”要求的技能 {skill_id} 不存在，请换一个技能或先建立它。",
                    en=f"Queue “{queue.name_en}” needs the unknown skill {skill_id}. Choose another or create it.",
                )


def _check_agents(agents: Sequence[AgentConfiguration], skill_tenants: Mapping[str, str]) -> Iterator[Finding]:
    for agent in agents:
        for skill_id, _ in agent.skills:
            if skill_tenants.get(skill_id) not in agent.tenant_ids:
                yield Finding(
                    code="routing.foreign_skill",
                    severity="error",
                    object_type="agent",
                    object_id=agent.agent_id,
                    tenant_id=agent.tenant_ids[0] if agent.tenant_ids else "",
                    sentence={
                        "zh": f"坐席“{agent.name}”持有其服务租户之外的技能 {skill_id}，请删除该技能。",
                        "en": f"Agent “{agent.name}” holds the skill {skill_id} of a tenant not served. Remove it.",
                    },
                )


def _check_coverage(queues: Sequence[QueueConfiguration], agents: Sequence[AgentConfiguration]) -> Iterator[Finding]:
    working = [agent for agent in agents if agent.is_active]
    for queue in queues:
        if not any(is_able(agent, queue) for agent in working):
            yield _finding(
                "routing.queue_without_agent",
                "warning",
                queue,
                zh=f"没有坐席能接队列“{queue.name_zh}”：请给坐席所需技能，或放宽队列要求。",
                en=f"No agent can take queue “{queue.name_en}”. Give agents its skills, or ask for less.",
            )


def _finding(code: str, severity: Severity, queue: QueueConfiguration, *, zh: str, en: str) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        object_type="queue",
        object_id=queue.queue_id,
        tenant_id=queue.tenant_id,
        sentence={"zh": zh, "en": en},
    )
