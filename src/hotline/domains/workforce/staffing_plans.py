"""Staffing plans: people required per skill and interval, made from an accepted forecast."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction

from hotline.domains.workforce import forecast_errors as errors
from hotline.domains.workforce import planning_runs
from hotline.domains.workforce.models import Forecast, StaffingPlan, WorkforceSettings
from hotline.domains.workforce.planned_people import settings_of
from hotline.domains.workforce.planning_runs import PERMISSION
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
    serve."""

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


def ask(actor: Actor, asked: Asked) -> UUID:
    """The id of a new plan, which the worker makes.

    Raises NotFoundError, ForecastNotAcceptedError, StaffingDaysError, PlanningRunOpenError."""
    planner = actor.narrowed(PERMISSION)
    with scope_of(planner), transaction.atomic():
        forecast = Forecast.objects.filter(pk=asked.forecast_id).first()
        if forecast is None:
            raise NotFoundError(object_type=Forecast.object_type, object_id=str(asked.forecast_id))
        if forecast.accepted_at is None:
            raise errors.ForecastNotAcceptedError
        first, last = forecast.first_day, forecast.last_day
        is_within = first <= asked.first_day <= asked.last_day <= last
        if not is_within or (asked.last_day - asked.first_day).days >= _MOST_DAYS:
            raise errors.StaffingDaysError(first=first, last=last, most=_MOST_DAYS)
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
        )
        question = {"plan_id": str(plan.pk), "asked": msgspec.to_builtins(asked)}
        plan.run_id = planning_runs.ask(planner, forecast.tenant_id, KIND, question)
        plan.save()
        audit.record(planner, "staffing_plan.asked", _OBJECT, plan.pk, plan.tenant_id, msgspec.to_builtins(asked))
    return UUID(str(plan.pk))


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
