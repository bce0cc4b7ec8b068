"""Routes of flows: their records, drafts, checks, publishing and going back. Translates only."""

from typing import Any
from uuid import UUID

from hotline.domains.channels import flow_actions, flow_queries, queries, rules, schemas, trial_calls
from hotline.domains.setup_routes import Resource, mount
from hotline.flows import flow_schema
from hotline.foundation.http import ActorRequest, Router
from hotline.foundation.language import language_of

router = Router(tags=["flows"])
_CONFIGURE = "admin.configure"

mount(router, Resource("flows", queries.flow_records, flow_actions.flows, schemas.FlowIn, schemas.FlowOut))


@router.get("/flow-schema", permission=_CONFIGURE, response=dict[str, Any])
def read_flow_schema(request: ActorRequest) -> dict[str, Any]:
    """The JSON schema of a flow's definition, for editors."""
    return flow_schema()


@router.put("/flows/{flow_id}/draft", permission=_CONFIGURE, response=schemas.FlowVersionOut)
def save_draft(request: ActorRequest, flow_id: UUID, payload: schemas.FlowDraftIn) -> schemas.FlowVersionOut:
    """Keep a draft, finished or not; the answer lists what publishing would refuse."""
    layout = None if payload.layout is None else {step: place.dict() for step, place in payload.layout.items()}
    number = flow_actions.save_draft(request.actor, flow_id, payload.version, payload.definition, payload.note, layout)
    return flow_queries.flow_version(request.actor, flow_id, number, language_of(request))


@router.post("/flows/{flow_id}/check", permission=_CONFIGURE, response=list[schemas.ProblemOut])
def check_flow(request: ActorRequest, flow_id: UUID, payload: schemas.CheckIn) -> list[schemas.ProblemOut]:
    """What is wrong with a definition; nothing is kept."""
    return flow_queries.checked(request.actor, flow_id, payload.definition, language_of(request))


@router.post("/flows/{flow_id}/trial-call", permission=_CONFIGURE, response=schemas.TrialCallOut)
def try_flow(request: ActorRequest, flow_id: UUID, payload: schemas.TrialCallIn) -> schemas.TrialCallOut:
    """What a caller would meet with a definition in place of that flow; nothing is kept and nobody is called."""
    with flow_queries.refusals_in(language_of(request)):
        return trial_calls.tried(request.actor, flow_id, payload)


@router.post("/flows/{flow_id}/publish", permission=_CONFIGURE, response=schemas.FlowOut)
def publish_flow(request: ActorRequest, flow_id: UUID, payload: schemas.ChooseVersionIn) -> schemas.FlowOut:
    """Make a draft what callers hear from now on; calls in progress finish the version they began with."""
    with flow_queries.refusals_in(language_of(request)):
        flow_actions.publish(request.actor, flow_id, payload.version, payload.number)
    return queries.flow_records.one(request.actor, flow_id)


@router.post("/flows/{flow_id}/roll-back", permission=_CONFIGURE, response=schemas.FlowOut)
def roll_back_flow(request: ActorRequest, flow_id: UUID, payload: schemas.ChooseVersionIn) -> schemas.FlowOut:
    """Publish again what an earlier version said, under a new number."""
    with flow_queries.refusals_in(language_of(request)):
        flow_actions.roll_back(request.actor, flow_id, payload.version, payload.number)
    return queries.flow_records.one(request.actor, flow_id)


@router.get("/flows/{flow_id}/versions/{number}", permission=_CONFIGURE, response=schemas.FlowVersionOut)
def read_flow_version(request: ActorRequest, flow_id: UUID, number: int) -> schemas.FlowVersionOut:
    """One version with its definition and what is wrong with it now."""
    return flow_queries.flow_version(request.actor, flow_id, number, language_of(request))


@router.post("/flows/{flow_id}/difference", permission=_CONFIGURE, response=schemas.FlowDifferenceOut)
def compare_with_published(request: ActorRequest, flow_id: UUID, payload: schemas.CheckIn) -> rules.FlowDifference:
    """What publishing a definition would change for callers; nothing is kept."""
    return flow_queries.compared_with_published(request.actor, flow_id, payload.definition)


@router.get(
    "/flows/{flow_id}/versions/{before}/difference/{after}",
    permission=_CONFIGURE,
    response=schemas.FlowDifferenceOut,
)
def compare_flow_versions(request: ActorRequest, flow_id: UUID, before: int, after: int) -> rules.FlowDifference:
    """What changed from one version to another."""
    return flow_queries.compared(request.actor, flow_id, before, after)
