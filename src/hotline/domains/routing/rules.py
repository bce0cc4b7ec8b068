"""Whether a whole routing set-up can work. Pure: no Django, no clock.

Errors depend on the routing set-up alone, and keep it from the switch. What depends on people (nobody has the skill, a
tier brings nobody new) is a warning: people come and go, and the switch must not stop for it. A write that would bring
in an error is refused, and so is one that would bring in a queue that nobody can serve or a skill that nobody has; the
same warning that follows from a change of the staff stops nobody."""

from collections.abc import Iterator, Sequence

from hotline.domains.routing.coverage_rules import check_coverage, check_tier_members
from hotline.domains.routing.findings import Finding, Skills
from hotline.domains.routing.ladder_rules import check_ladders
from hotline.domains.routing.pool_rules import check_pool_ways, check_pools
from hotline.domains.routing.queue_rules import check_queues
from hotline.messages.configuration import AgentConfiguration, RoutingConfiguration


def check_configuration(configuration: RoutingConfiguration, skills: Skills) -> list[Finding]:
    """Everything wrong, errors first. `skills` gives every skill by id."""
    findings = [
        *check_settings(configuration, skills),
        *_check_agents(configuration.agents, skills),
        *check_coverage(configuration, skills),
        *check_pools(configuration),
        *check_tier_members(configuration),
    ]
    return sorted(findings, key=lambda finding: finding.severity != "error")


def check_settings(configuration: RoutingConfiguration, skills: Skills) -> list[Finding]:
    """What is wrong with queues and ladders by themselves, whoever works here."""
    return [
        *check_queues(configuration, skills),
        *check_pool_ways(configuration),
        *check_ladders(configuration, skills),
    ]


def check_change(configuration: RoutingConfiguration, skills: Skills) -> list[Finding]:
    """What a write to queues, ladders and pools is judged by, before it and after: with the agents of today."""
    return [*check_settings(configuration, skills), *check_coverage(configuration, skills)]


def _check_agents(agents: Sequence[AgentConfiguration], skills: Skills) -> Iterator[Finding]:
    for agent in agents:
        for skill_id, _ in agent.skills:
            found = skills.get(skill_id)
            if found is None or found.tenant_id not in agent.tenant_ids:
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
