"""Routes of queues and of the routing set-up as a whole. Translates only."""

from collections.abc import Mapping
from typing import Any

from hotline.domains.routing import actions, queries, rules, schemas
from hotline.domains.setup_routes import Resource, mount
from hotline.foundation.http import ActorRequest, Router

router = Router(tags=["routing"])
desk_router = Router(tags=["desk"])


def _queue_values(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body with its skills as the action reads them."""
    if "skills" not in values:
        return values
    skills = [actions.SkillLevel(skill_id=str(row["skill_id"]), level=row.get("level", 1)) for row in values["skills"]]
    return {**values, "skills": skills}


mount(
    router,
    Resource(
        "queues",
        queries.queue_records,
        actions.queues,
        schemas.QueueIn,
        schemas.QueueOut,
        schemas.QueueFilter,
        values=_queue_values,
    ),
)


@router.get("/routing/findings", permission="admin.configure", response=list[schemas.FindingOut])
def list_findings(request: ActorRequest) -> list[rules.Finding]:
    """What is wrong with the routing set-up as a whole: errors keep it from the switch, warnings do not."""
    return queries.findings(request.actor)


@desk_router.get("/transfer-targets", permission="desk.use", response=schemas.TransferTargets)
def list_transfer_targets(request: ActorRequest) -> dict[str, Any]:
    """The queues and agents to which an agent can transfer."""
    return {"queues": queries.queue_names(request.actor), "agents": queries.transfer_agents(request.actor)}


routers = [("/admin", router), ("/desk", desk_router)]
