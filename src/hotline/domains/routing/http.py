"""Routes of queues, priorities, ladders, the pool, and of the routing set-up as a whole. Translates only."""

from typing import Any
from uuid import UUID

from ninja import Status

from hotline.domains.routing import (
    actions,
    findings,
    funnel,
    pools,
    queries,
    schemas,
    version_rules,
    versions,
    what_if_http,
)
from hotline.domains.setup_routes import Resource, mount
from hotline.foundation.http import ActorRequest, Page, Router

router = Router(tags=["routing"])
desk_router = Router(tags=["desk"])


mount(
    router,
    Resource(
        "queues",
        queries.queue_records,
        actions.queues,
        schemas.QueueIn,
        schemas.QueueOut,
        schemas.QueueFilter,
        values=actions.with_parts,
    ),
)
mount(
    router,
    Resource(
        "ladders",
        queries.ladder_records,
        actions.ladders,
        schemas.LadderIn,
        schemas.LadderOut,
        schemas.LadderFilter,
        values=actions.with_parts,
    ),
)
mount(
    router,
    Resource(
        "priority-rules",
        queries.priority_rule_records,
        actions.priority_rules,
        schemas.PriorityRuleIn,
        schemas.PriorityRuleOut,
        schemas.PriorityRuleFilter,
    ),
)


mount(
    router,
    Resource(
        "funnel-levels",
        funnel.funnel_level_records,
        actions.funnel_levels,
        schemas.FunnelLevelIn,
        schemas.FunnelLevelOut,
    ),
)


mount(
    router,
    Resource(
        "shared-pools",
        pools.shared_pool_records,
        actions.shared_pools,
        schemas.SharedPoolIn,
        schemas.SharedPoolOut,
        schemas.SharedPoolFilter,
    ),
)
mount(
    router,
    Resource(
        "pool-uses",
        pools.pool_use_records,
        actions.pool_uses,
        schemas.PoolUseIn,
        schemas.PoolUseOut,
        fixed=frozenset({"pool_id"}),
    ),
)


@router.get("/offered-pools", permission="admin.configure", response=list[schemas.OfferedPoolOut])
def list_offered_pools(request: ActorRequest) -> list[pools.OfferedPool]:
    """The pools that other tenants offer to this one, accepted or not."""
    return pools.offered_pools(request.actor)


@router.get("/routing/pool", permission="admin.configure", response=schemas.PoolOut)
def read_routing_pool(request: ActorRequest) -> schemas.PoolOut:
    """What holds for all tenants that share the staff pool."""
    return queries.pool(request.actor)


@router.put("/routing/pool", permission="admin.tenants", response=schemas.PoolOut)
def change_routing_pool(request: ActorRequest, payload: schemas.PoolChange) -> schemas.PoolOut:
    """Change it; installation administrators only, because it touches every tenant."""
    values = payload.dict()
    actions.change_pool(request.actor, values.pop("version"), values)
    return queries.pool(request.actor)


@router.get("/routing/findings", permission="admin.configure", response=list[schemas.FindingOut])
def list_findings(request: ActorRequest) -> list[findings.Finding]:
    """What is wrong with the routing set-up as a whole: errors keep it from the switch, warnings do not."""
    return queries.findings(request.actor)


@router.get("/routing/versions", permission="admin.configure", response=Page[schemas.RoutingVersionOut])
def list_routing_versions(
    request: ActorRequest, tenant_id: UUID | None = None, cursor: str | None = None, limit: int = 20
) -> dict[str, Any]:
    """Each set-up that the switch was given, newest first, with who made it and what had changed."""
    items, following = versions.versions_page(request.actor, tenant_id, cursor, limit)
    return {"items": items, "next_cursor": following}


@router.get(
    "/routing/versions/{number}/difference",
    permission="admin.configure",
    response=list[schemas.RoutingChangeOut],
)
def compare_routing_version(
    request: ActorRequest, number: int, tenant_id: UUID | None = None
) -> list[version_rules.Change]:
    """What going back to that version would change, and what is other but would stay as it is (`stays`)."""
    return versions.difference(request.actor, tenant_id, number)


@router.post("/routing/versions/{number}/restore", permission="admin.configure", response={204: None})
def restore_routing_version(request: ActorRequest, number: int, tenant_id: UUID | None = None) -> Status[None]:
    """Set queues, priorities, ladders, the funnel and what skills stand for as they were in that version. Agents with
    their skills and teams, sites, the catalogue, shared pools and the settings of the whole pool stay as they are.
    Nobody who waits or talks is dropped."""
    versions.go_back(request.actor, tenant_id, number)
    return Status(204, None)


@desk_router.get("/transfer-targets", permission="desk.use", response=schemas.TransferTargets)
def list_transfer_targets(request: ActorRequest) -> dict[str, Any]:
    """The queues and agents to which an agent can transfer."""
    return {"queues": queries.queue_names(request.actor), "agents": queries.transfer_agents(request.actor)}


@desk_router.get("/funnel", permission="desk.use", response=schemas.FunnelOut)
def read_funnel(request: ActorRequest) -> schemas.FunnelOut:
    """The levels of the funnel with the queue after each, and the modules that matters are filed under."""
    return funnel.desk_funnel(request.actor)


routers = [("/admin", router), ("/admin", what_if_http.router), ("/desk", desk_router)]
