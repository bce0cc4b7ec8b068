"""Routes of planning runs. Translates only."""

from typing import Any
from uuid import UUID

import msgspec
from ninja import Status

from hotline.domains.workforce import planning_runs
from hotline.domains.workforce.planning_run_schemas import PlanningRunDetail, PlanningRunOut, RunKind
from hotline.foundation.http import ActorRequest, Page, Router
from hotline.foundation.language import language_of
from hotline.foundation.text import sentence_by_code

router = Router(tags=["workforce"])


@router.get("/runs", permission=planning_runs.PERMISSION, response=Page[PlanningRunOut])
def list_planning_runs(
    request: ActorRequest,
    tenant_id: UUID | None = None,
    kind: RunKind | None = None,
    cursor: str | None = None,
    limit: int = 20,
) -> dict[str, Any]:
    """Forecasts, staffing plans and rosters being made, and those that were, newest first."""
    runs, following = planning_runs.page(request.actor, tenant_id, kind, cursor, limit)
    return {"items": [shown(request, run) for run in runs], "next_cursor": following}


@router.get("/runs/{uuid:run_id}", permission=planning_runs.PERMISSION, response=PlanningRunDetail)
def read_planning_run(request: ActorRequest, run_id: UUID) -> dict[str, Any]:
    """How far it is, the best so far, and what came of it."""
    return shown(request, planning_runs.one(request.actor, run_id))


@router.post("/runs/{uuid:run_id}/cancel", permission=planning_runs.PERMISSION, response={204: None})
def cancel_planning_run(request: ActorRequest, run_id: UUID) -> Status[None]:
    """Drop it with what it has found; one that has ended stays as it is."""
    planning_runs.cancel(request.actor, run_id)
    return Status(204, None)


@router.post("/runs/{uuid:run_id}/stop", permission=planning_runs.PERMISSION, response={204: None})
def stop_planning_run(request: ActorRequest, run_id: UUID) -> Status[None]:
    """Let it end soon with the best it has found."""
    planning_runs.stop(request.actor, run_id)
    return Status(204, None)


def shown(request: ActorRequest, run: planning_runs.Run) -> dict[str, Any]:
    """The run as the API shows it, its failure in the reader's language."""
    failure = run.failure
    values = msgspec.structs.asdict(run) | {"failure_code": None, "sentence": None}
    if failure:
        language = language_of(request)
        sentence = sentence_by_code(failure["code"], failure["data"], language, otherwise=failure["sentence"])
        values |= {"failure_code": failure["code"], "sentence": sentence}
    return values
