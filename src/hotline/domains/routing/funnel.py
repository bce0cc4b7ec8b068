"""The funnel as desk and reports know it: frozen structs and schemas, never models."""

from collections import defaultdict
from uuid import UUID

from hotline.domains.catalogue.queries import business_modules
from hotline.domains.routing import schemas
from hotline.domains.routing.funnel_rules import Level, levels_from, starting_level
from hotline.domains.routing.models import FunnelLevel, Queue
from hotline.domains.setup_routes import Names, Reads
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of
from hotline.messages.configuration import BusinessConfiguration

Levels = dict[UUID, list[Level]]


def levels_by_tenant() -> Levels:
    """The levels of each tenant of the scope, lowest first."""
    found: Levels = defaultdict(list)
    for row in FunnelLevel.objects.order_by("tenant_id", "number"):
        found[row.tenant_id].append(_level(row))
    return found


def businesses() -> tuple[BusinessConfiguration, ...]:
    """Where contacts about each business in use of the scope begin, for the nodes; needs a scope. Levels whose queue is
    switched off are left out."""
    levels, in_use = (
        levels_by_tenant(),
        set(map(str, Queue.objects.filter(is_active=True).values_list("pk", flat=True))),
    )
    return tuple(
        BusinessConfiguration(
            module_id=module.module_id,
            tenant_id=module.tenant_id,
            code=module.code,
            queue_ids=tuple(
                level.queue_id
                for level in levels_from(levels.get(UUID(module.tenant_id), []), module.grade)
                if level.queue_id in in_use
            ),
        )
        for module in business_modules()
    )


def ways_up(tenant_id: UUID) -> dict[str, tuple[str, ...]]:
    """The queues that can solve each business of the tenant, lowest level first, by its id and by its code; needs a
    scope."""
    own = [one for one in businesses() if one.tenant_id == str(tenant_id)]
    return {key: one.queue_ids for one in own for key in (one.module_id, one.code)}


def business_ids(tenant_id: UUID) -> frozenset[str]:
    """The businesses in use of a tenant; needs a scope."""
    return frozenset(module.module_id for module in business_modules(tenant_id))


def level_names() -> dict[tuple[UUID, int], dict[str, str]]:
    """The names of levels by tenant and number; needs a scope."""
    rows = FunnelLevel.objects.values_list("tenant_id", "number", "name")
    return {(tenant_id, number): dict(name) for tenant_id, number, name in rows}


def desk_funnel(actor: Actor) -> schemas.FunnelOut:
    """The levels and modules of the tenants that the agent serves, with where each leads: never into a queue that is
    switched off."""
    with scope_of(actor.narrowed("desk.use")):
        rows = list(FunnelLevel.objects.select_related("queue").order_by("tenant_id", "number"))
        modules = business_modules()
    levels: Levels = defaultdict(list)
    for row in rows:
        if row.queue is None or row.queue.is_active:
            levels[row.tenant_id].append(_level(row))
    return schemas.FunnelOut(
        levels=[
            schemas.FunnelLevelChoice(
                tenant_id=row.tenant_id,
                number=row.number,
                name=row.name,
                queue_id=row.queue_id,
                next_queue_id=_queue_after(levels[row.tenant_id], row),
            )
            for row in rows
        ],
        modules=[
            schemas.FunnelModuleChoice(
                module_id=UUID(module.module_id),
                tenant_id=UUID(module.tenant_id),
                name=Names(**module.name),
                grade=module.grade,
                starts_in_queue_id=_queue_id(starting_level(levels[UUID(module.tenant_id)], module.grade)),
            )
            for module in modules
        ],
    )


def _level(row: FunnelLevel) -> Level:
    return Level(number=row.number, queue_id=str(row.queue_id) if row.queue_id else None)


def _queue_after(levels: list[Level], row: FunnelLevel) -> UUID | None:
    """Where what this level could not solve goes; nowhere from self-service and from the last."""
    return _queue_id(starting_level(levels, row.number + 1)) if row.queue_id else None


def _queue_id(level: Level | None) -> UUID | None:
    return UUID(level.queue_id) if level is not None and level.queue_id is not None else None


funnel_level_records = Reads(
    FunnelLevel, schemas.FunnelLevelOut.from_orm, search=("number", "name__zh", "name__en"), order=("number", "id")
)
