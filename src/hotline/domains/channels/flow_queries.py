"""Reading flows for their editors: one version, its problems, the difference between two."""

from typing import Any
from uuid import UUID

from hotline.domains.channels import errors, queries, rules, schemas
from hotline.domains.channels.models import Flow, FlowVersion
from hotline.flows import InvalidFlowError, Problem, read_flow
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.tenancy import scope_of


def flow_version(actor: Actor, flow_id: UUID, number: int) -> schemas.FlowVersionOut:
    """One version with its definition and what is wrong with it now. Raises NotFoundError."""
    with scope_of(actor.narrowed("admin.configure")):
        found = _version(flow_id, number)
        line = schemas.FlowVersionLine.from_orm(found)
        problems = problems_of(found.definition, found.tenant_id)
        return schemas.FlowVersionOut(**line.dict(), definition=found.definition, problems=_shown(problems))


def checked(actor: Actor, flow_id: UUID, definition: dict[str, Any]) -> list[schemas.ProblemOut]:
    """Everything that keeps a definition from being published in place of that flow; nothing is kept."""
    with scope_of(actor.narrowed("admin.configure")):
        flow = Flow.objects.filter(pk=flow_id).first()
        if flow is None:
            raise NotFoundError(object_type="flow", object_id=str(flow_id))
        return _shown(problems_of(definition, flow.tenant_id))


def compared(actor: Actor, flow_id: UUID, before: int, after: int) -> rules.FlowDifference:
    """What changed between two versions of a flow."""
    with scope_of(actor.narrowed("admin.configure")):
        return rules.flow_difference(_version(flow_id, before).definition, _version(flow_id, after).definition)


def problems_of(definition: dict[str, Any], tenant_id: UUID) -> tuple[Problem, ...]:
    """What is wrong with a definition, given what the tenant has; needs a scope."""
    try:
        read_flow(definition, queries.flow_references(tenant_id))
    except InvalidFlowError as error:
        return error.problems
    return ()


def _version(flow_id: UUID, number: int) -> FlowVersion:
    if not Flow.objects.filter(pk=flow_id).exists():
        raise NotFoundError(object_type="flow", object_id=str(flow_id))
    found = FlowVersion.objects.filter(flow_id=flow_id, number=number).first()
    if found is None:
        raise errors.FlowVersionUnknownError(number=number)
    return found


def _shown(problems: tuple[Problem, ...]) -> list[schemas.ProblemOut]:
    return [schemas.ProblemOut.from_orm(problem) for problem in problems]
