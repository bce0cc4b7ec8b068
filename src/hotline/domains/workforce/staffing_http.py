"""Routes of staffing plans. Translates only."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from ninja import Query, Status

from hotline.domains.workforce import staffing_plans, staffing_queries
from hotline.domains.workforce import staffing_schemas as schemas
from hotline.domains.workforce.planning_run_http import shown as shown_run
from hotline.domains.workforce.planning_runs import PERMISSION
from hotline.foundation.http import ActorRequest, Page, Router

router = Router(tags=["workforce"])


@router.post("/staffing-plans", permission=PERMISSION, response={202: schemas.StaffingOut})
def ask_staffing_plan(request: ActorRequest, payload: schemas.StaffingIn) -> Status[dict[str, Any]]:
    """How many people each skill needs in each interval, from an accepted forecast. The worker does it; read the plan
    to see how far it is."""
    plan_id = staffing_plans.ask(request.actor, msgspec.convert(payload.dict(), staffing_plans.Asked))
    return Status(202, read_staffing_plan(request, plan_id))


@router.get("/staffing-basis", permission=PERMISSION, response=schemas.StaffingBasis)
def read_staffing_basis(
    request: ActorRequest,
    forecast_id: UUID,
    first_day: date,
    last_day: date,
    interval_min: Annotated[int, Query(ge=15, le=30, multiple_of=15)] = 30,
) -> dict[str, Any]:
    """What kinds of work a plan's queues are, and who can serve them, for a plan that is to be asked for."""
    return staffing_queries.basis(request.actor, forecast_id, first_day, last_day, interval_min)


@router.get("/staffing-plans", permission=PERMISSION, response=Page[schemas.StaffingBrief])
def list_staffing_plans(
    request: ActorRequest, tenant_id: UUID | None = None, cursor: str | None = None, limit: int = 20
) -> dict[str, Any]:
    """The plans, newest first."""
    found, following = staffing_queries.page(request.actor, tenant_id, cursor, limit)
    return {"items": [_shown(request, one) for one in found], "next_cursor": following}


@router.get("/staffing-plans/{uuid:plan_id}", permission=PERMISSION, response=schemas.StaffingOut)
def read_staffing_plan(request: ActorRequest, plan_id: UUID) -> dict[str, Any]:
    """A plan with its queues and brands, skills, targets, and what the people there are can serve."""
    return _shown(request, staffing_queries.one(request.actor, plan_id))


@router.get("/staffing-plans/{uuid:plan_id}/curve", permission=PERMISSION, response=schemas.StaffingCurveOut)
def read_staffing_curve(
    request: ActorRequest,
    plan_id: UUID,
    queue: Annotated[str | None, Query(max_length=100)] = None,
    day: date | None = None,
) -> dict[str, Any]:
    """Agents by day, and by interval of one day; of one queue's part (its `id` in the plan) or of all."""
    return staffing_queries.curve(request.actor, plan_id, queue, day)


@router.get("/staffing-plans/{uuid:plan_id}/export.csv", permission=PERMISSION, response={200: str})
def export_staffing_plan(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """People wanted per skill and interval as a file."""
    lines = staffing_queries.csv_lines(request.actor, plan_id)
    headers = {"Content-Disposition": 'attachment; filename="staffing.csv"', "Cache-Control": "no-store"}
    return HttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _shown(request: ActorRequest, plan: dict[str, Any]) -> dict[str, Any]:
    run = plan["run"]
    return plan | {"run": None if run is None else shown_run(request, run)}
