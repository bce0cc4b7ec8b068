"""Reading flows for their editors: one version, its problems, the difference between two."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from hotline.domains.channels import errors, queries, rules, schemas
from hotline.domains.channels.models import Flow, FlowVersion
from hotline.flows import InvalidFlowError, Problem, read_flow
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.tenancy import scope_of
from hotline.foundation.text import data_in, sentence_by_code


def flow_version(actor: Actor, flow_id: UUID, number: int, language: str) -> schemas.FlowVersionOut:
    """One version with its definition and what is wrong with it now. Raises NotFoundError."""
    with scope_of(actor.narrowed("admin.configure")):
        found = _version(flow_id, number)
        line = schemas.FlowVersionLine.from_orm(found)
        problems = problems_of(found.definition, flow_id, found.tenant_id)
        return schemas.FlowVersionOut(
            **line.dict(),
            definition=found.definition,
            layout=found.layout,
            problems=told(problems, language),
        )


def checked(actor: Actor, flow_id: UUID, definition: dict[str, Any], language: str) -> list[schemas.ProblemOut]:
    """Everything that keeps a definition from being published in place of that flow; nothing is kept."""
    with scope_of(actor.narrowed("admin.configure")):
        return told(problems_of(definition, flow_id, tenant_of(flow_id)), language)


def compared(actor: Actor, flow_id: UUID, before: int, after: int) -> rules.FlowDifference:
    """What changed between two versions of a flow."""
    with scope_of(actor.narrowed("admin.configure")):
        return rules.flow_difference(_version(flow_id, before).definition, _version(flow_id, after).definition)


def compared_with_published(actor: Actor, flow_id: UUID, definition: dict[str, Any]) -> rules.FlowDifference:
    """What publishing the definition would change; without a published version everything is new."""
    with scope_of(actor.narrowed("admin.configure")):
        tenant_of(flow_id)
        published = FlowVersion.objects.filter(flow_id=flow_id, state=FlowVersion.State.PUBLISHED).first()
        return rules.flow_difference(published.definition if published else {}, definition)


def problems_of(definition: dict[str, Any], flow_id: UUID, tenant_id: UUID) -> tuple[Problem, ...]:
    """What keeps a definition from taking the place of that flow, given what the tenant has; needs a scope."""
    try:
        read_flow(definition, queries.references_to_publish(flow_id, tenant_id, definition))
    except InvalidFlowError as error:
        return error.problems
    return ()


def tenant_of(flow_id: UUID) -> UUID:
    """Whose flow it is; needs a scope. Raises NotFoundError."""
    flow = Flow.objects.filter(pk=flow_id).first()
    if flow is None:
        raise NotFoundError(object_type="flow", object_id=str(flow_id))
    return flow.tenant_id


def _version(flow_id: UUID, number: int) -> FlowVersion:
    if not Flow.objects.filter(pk=flow_id).exists():
        raise NotFoundError(object_type="flow", object_id=str(flow_id))
    found = FlowVersion.objects.filter(flow_id=flow_id, number=number).first()
    if found is None:
        raise errors.FlowVersionUnknownError(number=number)
    return found


@contextmanager
def refusals_in(language: str) -> Iterator[None]:
    """Context in which a refused flow says what to mend in the reader's language, as `hotline.flows` itself cannot."""
    try:
        yield
    except InvalidFlowError as error:
        problems = [problem.dict() for problem in told(error.problems, language)]
        error.data = {"count": len(problems), "first": problems[0]["sentence"], "problems": problems}
        raise


def told(problems: tuple[Problem, ...], language: str) -> list[schemas.ProblemOut]:
    """The problems with their sentences in the reader's language."""
    return [_told(problem, language) for problem in problems]


def _told(problem: Problem, language: str) -> schemas.ProblemOut:
    data = data_in(problem.data, language)
    sentence = sentence_by_code(problem.code, data, language, otherwise=problem.sentence)
    return schemas.ProblemOut(code=problem.code, step_id=problem.step_id, sentence=sentence, data=problem.data)
