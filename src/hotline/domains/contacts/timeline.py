"""The timeline of a contact as people read it: each step with why routing did it."""

from collections.abc import Iterable
from uuid import UUID

from hotline.domains.contacts.explanations import KnownNames, Told, explained, named_ids, names_a_pool
from hotline.domains.contacts.models import TimelineEvent
from hotline.domains.contacts.views import TimelineStep
from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.foundation.models import Tenant, User


def timeline_of(rows: Iterable[TimelineEvent]) -> tuple[TimelineStep, ...]:
    """The steps with why routing did what it did: three queries for the names, one more each where a supervisor ended
    it, where a pool had part, and where a choice is told with its moment."""
    steps = list(rows)
    names = _known_names(steps)
    return tuple(_step(row, former, names) for row, former in zip(steps, _former_queues(steps), strict=True))


def _known_names(steps: list[TimelineEvent]) -> KnownNames:
    details = [row.detail for row in steps]
    agents, skills = named_ids(details)
    agent_ids = {UUID(agent_id) for agent_id in agents} | {row.agent_id for row in steps if row.agent_id}
    return KnownNames(
        agents={str(agent_id): name for agent_id, name in people.agent_names(agent_ids).items()},
        queues=routing.spoken_names(),
        skills=people.skill_names(skills) if skills else {},
        persons=_persons({str(row.detail["actor_id"]) for row in steps if row.detail.get("actor_id")}),
        pools=routing.pool_names() if names_a_pool(details) else {},
        time_zone=_time_zone(next((row.tenant_id for row in steps if "chosen_figure" in row.detail), None)),
    )


def _persons(user_ids: set[str]) -> dict[str, str]:
    rows = User.objects.filter(pk__in=user_ids).values_list("pk", "name") if user_ids else []
    return {str(user_id): name for user_id, name in rows}


def _time_zone(tenant_id: UUID | None) -> str:
    found = Tenant.objects.filter(pk=tenant_id).values_list("time_zone", flat=True).first() if tenant_id else None
    return found or "UTC"


def _former_queues(steps: list[TimelineEvent]) -> list[UUID | None]:
    """By step, the queue in which the contact waited before it."""
    found: list[UUID | None] = []
    queue_id: UUID | None = None
    for row in steps:
        found.append(queue_id)
        if row.kind in ("queued", "requeued"):
            queue_id = row.queue_id
    return found


def _step(row: TimelineEvent, former_queue_id: UUID | None, names: KnownNames) -> TimelineStep:
    told = Told(row.kind, row.at, row.agent_id, row.queue_id, row.detail, former_queue_id)
    return TimelineStep(
        id=row.id,
        at=row.at,
        source=row.source,
        kind=row.kind,
        agent_id=row.agent_id,
        queue_id=row.queue_id,
        detail=row.detail,
        explanation=explained(told, names),
    )
