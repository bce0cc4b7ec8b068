"""Routes of queues, priorities, ladders, the pool, and of the routing set-up as a whole. Translates only."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from hotline.domains.routing import actions, findings, funnel, queries, schemas
from hotline.domains.setup_routes import Resource, mount
from hotline.foundation.http import ActorRequest, Router

router = Router(tags=["routing"])
desk_router = Router(tags=["desk"])


# The parts of a body as the actions take them.
_PARTS: Final[dict[str, Any]] = {
    "skills": list[actions.SkillLevel],
    "preferred": list[actions.SkillLevel],
    "rings": list[actions.Ring],
    "overflows": list[actions.Overflow],
    "tiers": list[actions.Tier],
}


def _with_parts(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body with its lists of parts as the actions take them."""
    plain = {name: msgspec.to_builtins(values[name]) for name in _PARTS if name in values}
    return {**values, **{name: msgspec.convert(value, _PARTS[name]) for name, value in plain.items()}}


mount(
    router,
    Resource(
        "queues",
        queries.queue_records,
        actions.queues,
        schemas.QueueIn,
        schemas.QueueOut,
        schemas.QueueFilter,
        values=_with_parts,
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
        values=_with_parts,
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


@desk_router.get("/transfer-targets", permission="desk.use", response=schemas.TransferTargets)
def list_transfer_targets(request: ActorRequest) -> dict[str, Any]:
    """The queues and agents to which an agent can transfer."""
    return {"queues": queries.queue_names(request.actor), "agents": queries.transfer_agents(request.actor)}


@desk_router.get("/funnel", permission="desk.use", response=schemas.FunnelOut)
def read_funnel(request: ActorRequest) -> schemas.FunnelOut:
    """The levels of the funnel with the queue after each, and the modules that matters are filed under."""
    return funnel.desk_funnel(request.actor)


routers = [("/admin", router), ("/desk", desk_router)]
