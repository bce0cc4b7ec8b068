"""Staffing plans: people required per skill and interval, made from an accepted forecast."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction

from hotline.domains.workforce import forecast_errors as errors
from hotline.domains.workforce import planning_runs
from hotline.domains.workforce.models import Forecast, StaffingPlan, WorkforceSettings
from hotline.domains.workforce.planned_people import settings_of, time_zone
from hotline.domains.workforce.planning_runs import PERMISSION
from hotline.domains.workforce.staffing_basis import (
    AskedWork,
    StaffGroup,
    check_groups,
    live_parts,
    usual_groups,
    usual_ways,
    work_of,
)
from hotline.domains.workforce.staffing_demand import parts_of
from hotline.domains.workforce.staffing_rings import Way
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.tenancy import scope_of

KIND: Final = "staffing"
_OBJECT: Final = StaffingPlan.object_type
_MOST_DAYS: Final = 100


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be staffed, with targets that replace each queue's own. Shares are hundredths of a per cent.

    `hours` a person is paid a day and `growth` of contacts are those of the question how much the people there are can
    serve. `queues` say what kind of work some of them are; `is_pooled`: queues share the people of `groups` (none: as
    the tenant's people hold skills), found by simulation within `cpu_limit_s`. `has_overflow`: customers who wait too
    long go to other queues in it as they are set up."""

    name: str
    forecast_id: UUID
    first_day: date
    last_day: date
    interval_min: int = 30
    service_level: int | None = None
    within_s: int | None = None
    abandoned: int | None = None
    occupancy: int | None = None
    average_wait_s: int | None = None
    patience_s: int | None = None
    seats: int | None = None
    hours: float = 8.0
    growth: int = 0
    queues: list[AskedWork] = []
    is_pooled: bool = False
    groups: list[StaffGroup] | None = None
    cpu_limit_s: int = 300
    has_overflow: bool = True


def ask(actor: Actor, asked: Asked) -> UUID:
    """The id of a new plan, which the worker makes.

    Raises NotFoundError, ForecastNotAcceptedError, StaffingDaysError, PlanningRunOpenError, and what `staffing_basis`
    raises of kinds of work and groups."""
    planner = actor.narrowed(PERMISSION)
    with scope_of(planner), transaction.atomic():
        forecast = accepted_forecast(asked.forecast_id, asked.first_day, asked.last_day)
        settings = settings_of(forecast.tenant_id)
        plan = StaffingPlan(
            tenant_id=forecast.tenant_id,
            name=asked.name,
            forecast=forecast,
            first_day=asked.first_day,
            last_day=asked.last_day,
            interval_min=asked.interval_min,
            targets=_targets_told(asked, settings),
            shrinkage=dict(settings.shrinkage),
            basis=_basis(asked, forecast.tenant_id),
        )
        question = {"plan_id": str(plan.pk), "asked": msgspec.to_builtins(asked)}
        plan.run_id = planning_runs.ask(planner, forecast.tenant_id, KIND, question)
        plan.save()
        audit.record(planner, "staffing_plan.asked", _OBJECT, plan.pk, plan.tenant_id, msgspec.to_builtins(asked))
    return UUID(str(plan.pk))


def accepted_forecast(forecast_id: UUID, first: date, last: date) -> Forecast:
    """The forecast, which staffing of these days is made from; needs a scope.

    Raises NotFoundError, ForecastNotAcceptedError, StaffingDaysError."""
    forecast = Forecast.objects.filter(pk=forecast_id).first()
    if forecast is None:
        raise NotFoundError(object_type=Forecast.object_type, object_id=str(forecast_id))
    if forecast.accepted_at is None:
        raise errors.ForecastNotAcceptedError
    is_within = forecast.first_day <= first <= last <= forecast.last_day
    if not is_within or (last - first).days >= _MOST_DAYS:
        raise errors.StaffingDaysError(first=forecast.first_day, last=forecast.last_day, most=_MOST_DAYS)
    return forecast


def _basis(asked: Asked, tenant_id: UUID) -> dict[str, Any]:
    """The plan's kinds of work and groups, as asked for or as is usual."""
    parts = parts_of(tenant_id, asked.forecast_id, asked.first_day, asked.last_day, asked.interval_min)
    work = work_of(tenant_id, parts, asked.queues, asked.interval_min)
    groups: list[StaffGroup] = []
    ways: list[Way] = []
    if asked.is_pooled:
        live = live_parts(parts, work)
        groups = usual_groups(tenant_id, live, asked.first_day) if asked.groups is None else asked.groups
        check_groups(groups, parts, work)
        ways = usual_ways(tenant_id, groups, parts, work) if asked.has_overflow else []
    zone = str(time_zone(tenant_id))
    told = {"queues": work, "groups": groups, "ways": ways}
    return {"zone": zone} | {name: msgspec.to_builtins(value) for name, value in told.items()}


def _targets_told(asked: Asked, settings: WorkforceSettings) -> dict[str, Any]:
    """The targets of all queues; None where each queue has its own."""
    return {
        "service_level": asked.service_level,
        "within_s": asked.within_s,
        "abandoned": settings.abandoned_target if asked.abandoned is None else asked.abandoned,
        "occupancy": settings.occupancy_target if asked.occupancy is None else asked.occupancy,
        "average_wait_s": asked.average_wait_s,
        "patience_s": asked.patience_s,
        "seats": asked.seats,
    }
