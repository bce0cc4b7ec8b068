"""What the switch is told, and what others may know of queues: frozen structs, never models."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import QuerySet
from django.utils import timezone

from hotline.domains.catalogue.queries import active_away_reason_ids
from hotline.domains.enterprise.announcements import ROUTING, current_version
from hotline.domains.people.queries import StaffAgent, skill_tenants, staff_agents
from hotline.domains.routing import errors, rules, schemas
from hotline.domains.routing.models import Queue
from hotline.domains.setup_routes import Reads
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import register_escape, scope_of, without_scope
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration

WHOLE_SETUP = register_escape(
    "routing.whole_setup",
    "One engine serves the staff pool that tenants share: the switch is told the queues and agents of all of them.",
)


class QueueName(msgspec.Struct, frozen=True, kw_only=True):
    """A queue as people choose it."""

    queue_id: str
    tenant_id: str
    name: dict[str, str]


def current_configuration() -> RoutingConfiguration:
    """The whole routing set-up as of now, for the relay.

    Raises ConfigurationRefusedError when it has errors: the switch then keeps the one it has."""
    # The version is read first: a change that slips in between is sent again under its own, higher version.
    version = current_version(ROUTING)
    configuration = compiled_configuration(timezone.now(), version)
    with without_scope(WHOLE_SETUP):
        findings = rules.check_configuration(configuration, skill_tenants())
    wrong = [finding for finding in findings if finding.severity == "error"]
    if wrong:
        raise errors.ConfigurationRefusedError(count=len(wrong), first=wrong[0].sentence["en"])
    return configuration


def compiled_configuration(moment: datetime, version: int) -> RoutingConfiguration:
    """The whole set-up under that version, unchecked. Equal set-ups give equal messages."""
    with without_scope(WHOLE_SETUP):
        return RoutingConfiguration(
            version=version,
            queues=tuple(map(_queue, _served_queues())),
            agents=tuple(map(_agent, staff_agents(moment))),
            away_reasons=active_away_reason_ids(),
        )


def findings(actor: Actor) -> list[rules.Finding]:
    """Errors and warnings of the tenants that the actor configures."""
    admin = actor.narrowed("admin.configure")
    configuration = compiled_configuration(timezone.now(), current_version(ROUTING))
    with without_scope(WHOLE_SETUP):
        found = rules.check_configuration(configuration, skill_tenants())
    own = set(map(str, admin.tenant_ids))
    return [finding for finding in found if finding.tenant_id in own]


def queue_names(actor: Actor) -> list[QueueName]:
    """The queues of the actor's tenants that take contacts, by code."""
    with scope_of(actor):
        return [
            QueueName(queue_id=str(queue.pk), tenant_id=str(queue.tenant_id), name=dict(queue.name))
            for queue in Queue.objects.filter(is_active=True)
        ]


def transfer_agents(actor: Actor) -> list[StaffAgent]:
    """The agents who work now in the actor's tenants, by name, without the actor."""
    with scope_of(actor):
        working = [agent for agent in staff_agents(timezone.now()) if agent.is_active]
    return sorted(
        (agent for agent in working if agent.user_id != str(actor.user_id)),
        key=lambda agent: (agent.name, agent.number),
    )


def spoken_names() -> dict[str, dict[str, str]]:
    """The names of every queue of the scope by id, for the nodes; a queue switched off may still hold waiting ones."""
    return {str(queue_id): dict(name) for queue_id, name in Queue.objects.order_by("pk").values_list("pk", "name")}


def waiting_rules() -> list[QueueConfiguration]:
    """The served queues of the scope as the switch knows them, for those who tell callers of their wait."""
    return [_queue(queue) for queue in _served_queues()]


def queue_ids(tenant_id: UUID) -> frozenset[str]:
    """The ids of a tenant's queues that take contacts; needs a scope."""
    return frozenset(map(str, Queue.objects.filter(tenant_id=tenant_id, is_active=True).values_list("pk", flat=True)))


def _served_queues() -> QuerySet[Queue]:
    queues = Queue.objects.filter(is_active=True).select_related("tenant").prefetch_related("skills")
    return queues.order_by("pk")


def _queue(queue: Queue) -> QueueConfiguration:
    return QueueConfiguration(
        queue_id=str(queue.pk),
        tenant_id=str(queue.tenant_id),
        name_zh=queue.name["zh"],
        name_en=queue.name["en"],
        skills=tuple(sorted((str(row.skill_id), row.level) for row in queue.skills.all())),
        rank=queue.rank,
        offer_timeout_s=queue.offer_timeout_s,
        wrap_up_s=queue.wrap_up_s,
        is_wrap_up_automatic=queue.is_wrap_up_automatic,
        service_level_s=queue.service_level_s,
        service_level_target=queue.service_level_target,
        alarm_after_s=queue.alarm_after_s,
        alarm_min_contacts=queue.alarm_min_contacts,
        time_zone=queue.tenant.time_zone,
    )


def _agent(agent: StaffAgent) -> AgentConfiguration:
    return AgentConfiguration(
        agent_id=agent.agent_id,
        user_id=agent.user_id,
        tenant_ids=agent.tenant_ids,
        name=agent.name,
        team_id=agent.team_id,
        skills=agent.skills,
        capacity=agent.capacity,
        device=agent.device,
        is_active=agent.is_active,
    )


queue_records = Reads(Queue, schemas.QueueOut.from_orm, related=("skills",))
