"""Routes of teams, skills, agents and holds. Translates only."""

from uuid import UUID

import msgspec
from ninja import Status

from hotline.domains.people import actions, queries, schemas
from hotline.domains.people.changing_together import JointChange, change_together
from hotline.domains.setup_routes import Resource, mount
from hotline.foundation.http import ActorRequest, Router

router = Router(tags=["people"])
floor_router = Router(tags=["floor"])


# Before the routes of one agent, whose id might else be `changes`.
@router.post("/agents/changes", permission="admin.configure", response={204: None})
def change_agents_together(request: ActorRequest, payload: schemas.AgentsChange) -> Status[None]:
    """Give several agents a skill or a team, or take it from them: all or, where one was changed since, none."""
    change_together(request.actor, msgspec.convert(payload.dict(), JointChange))
    return Status(204, None)


mount(
    router, Resource("teams", queries.team_records, actions.teams, schemas.TeamIn, schemas.TeamOut, schemas.TeamFilter)
)
mount(
    router,
    Resource("skills", queries.skill_records, actions.skills, schemas.SkillIn, schemas.SkillOut, schemas.SkillFilter),
)
mount(
    router,
    Resource(
        "agents",
        queries.agent_records,
        actions.agents,
        schemas.AgentIn,
        schemas.AgentOut,
        schemas.AgentFilter,
        fixed=frozenset({"user_id"}),
        values=actions.agent_values,
    ),
)


@router.post("/agents/{agent_id}/holds", permission="admin.configure", response={201: schemas.AgentOut})
def place_hold(request: ActorRequest, agent_id: UUID, payload: schemas.HoldIn) -> schemas.AgentOut:
    """Keep an agent from signing in; one at work is signed out when that work ends."""
    actions.place_hold(request.actor, agent_id, payload.kind, payload.reason.dict(), payload.until)
    return queries.agent_records.one(request.actor, agent_id)


@router.delete("/agents/{agent_id}/holds/{hold_id}", permission="admin.configure", response=schemas.AgentOut)
def lift_hold(request: ActorRequest, agent_id: UUID, hold_id: UUID) -> schemas.AgentOut:
    """End a hold now."""
    actions.lift_hold(request.actor, agent_id, hold_id)
    return queries.agent_records.one(request.actor, agent_id)


@floor_router.get("/skills", permission="floor.view", response=list[schemas.SkillNameOut])
def list_floor_skills(request: ActorRequest) -> list[queries.SkillCalled]:
    """What the skills are called that the floor's explanations name by id."""
    return queries.skills_called(request.actor)


routers = [("/floor", floor_router), ("/admin", router)]
