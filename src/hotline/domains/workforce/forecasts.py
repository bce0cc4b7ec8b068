"""Forecasts asked for, accepted, and changed by planners."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.utils import timezone

from hotline.domains.routing import queries as routing
from hotline.domains.setup_records import UnknownReferenceError
from hotline.domains.workforce import forecast_errors as errors
from hotline.domains.workforce import forecast_uploads, planning_runs
from hotline.domains.workforce.forecast_content import content_of, days_of, override_of, plain_curve, touches
from hotline.domains.workforce.models import Forecast, ForecastChange
from hotline.domains.workforce.planned_people import time_zone
from hotline.domains.workforce.planning_runs import PERMISSION
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, StaleVersionError
from hotline.foundation.tenancy import scope_of
from hotline.planning.forecast.calendar import parse_calendar
from hotline.planning.forecast.horizon import LONGEST_DAYS

KIND: Final = "forecast"
_OBJECT: Final = Forecast.object_type


class LikeAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A queue to come that is like another one, at a share of it; none: the share seen so far."""

    queue_id: UUID
    other_id: UUID
    share: float | None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be forecast. `calendar` are lines of CSV: billing days, campaigns, closed days. `country` of public
    holidays beside the tenant's own; empty: as the history shows."""

    name: str
    first_day: date
    last_day: date
    interval_min: int = 15
    country: str = ""
    calendar: str = ""
    likes: tuple[LikeAsked, ...] = ()


def ask(actor: Actor, tenant_id: UUID | None, asked: Asked, upload: bytes | None = None) -> UUID:
    """The id of a new forecast, which the worker makes.

    Raises ForecastDaysError, PlanningRunOpenError, CalendarInvalidError, and what `forecast_uploads.uploaded`
    raises."""
    planner = actor.narrowed(PERMISSION)
    if not 0 <= (asked.last_day - asked.first_day).days < LONGEST_DAYS:
        raise errors.ForecastDaysError(most=LONGEST_DAYS)
    parse_calendar(asked.calendar.splitlines()) if asked.calendar.strip() else None
    with scope_of(planner):
        tenant = planner.tenant_or_only(tenant_id)
        _require_queues(tenant, asked.likes)
        series = forecast_uploads.uploaded(upload, 60 * asked.interval_min, tenant) if upload is not None else []
        with transaction.atomic():
            forecast = Forecast(
                tenant_id=tenant,
                name=asked.name,
                first_day=asked.first_day,
                last_day=asked.last_day,
                interval_min=asked.interval_min,
            )
            question = {"forecast_id": str(forecast.pk), "asked": msgspec.to_builtins(asked), "upload": series}
            forecast.run_id = planning_runs.ask(planner, tenant, KIND, question)
            forecast.save()
            told = msgspec.to_builtins(asked) | {"has_file": upload is not None}
            audit.record(planner, "forecast.asked", _OBJECT, forecast.pk, tenant, told)
    return UUID(str(forecast.pk))


def _require_queues(tenant: UUID, likes: tuple[LikeAsked, ...]) -> None:
    known = {queue.queue_id for queue in routing.planned_queues(tenant)}
    for like in likes:
        for queue_id in (like.queue_id, like.other_id):
            if str(queue_id) not in known:
                raise UnknownReferenceError(field="likes", value=str(queue_id))


# --- accepting and changing ------------------------------------------------------------------------------------------


def accept(actor: Actor, forecast_id: UUID, version: int) -> None:
    """Make it the one that staffing is made from. Raises NotFoundError, StaleVersionError, ForecastNotReadyError."""
    planner = actor.narrowed(PERMISSION)
    with scope_of(planner), transaction.atomic():
        forecast = _ready(_locked(forecast_id, version))
        forecast.accepted_at, forecast.accepted_by = timezone.now(), planner.name
        forecast.version += 1
        forecast.save(update_fields=["accepted_at", "accepted_by", "version", "updated_at"])
        audit.record(planner, "forecast.accepted", _OBJECT, forecast.pk, forecast.tenant_id, {"name": forecast.name})


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Intervals that begin from `begins_at` up to, not including, `ends_at`, of a queue or of all: times `factor`, or
    `calls` in each. Times without a zone are the tenant's."""

    queue_id: UUID | None
    begins_at: datetime
    ends_at: datetime
    factor: float | None
    calls: float | None
    reason: str


def change(actor: Actor, forecast_id: UUID, version: int, wanted: Change) -> UUID:
    """The id of the change made to the forecast, after those made before.

    Raises NotFoundError, StaleVersionError, ForecastNotReadyError, ForecastChangeValueError,
    ForecastChangeOutsideError, ForecastInvalidError."""
    planner = actor.narrowed(PERMISSION)
    if (wanted.factor is None) == (wanted.calls is None):
        raise errors.ForecastChangeValueError
    with scope_of(planner), transaction.atomic():
        forecast = _ready(_locked(forecast_id, version))
        zone = time_zone(forecast.tenant_id)
        made = ForecastChange(
            tenant_id=forecast.tenant_id,
            forecast=forecast,
            made_by=planner.name,
            queue_id=wanted.queue_id,
            begins_at=_at(wanted.begins_at, zone),
            ends_at=_at(wanted.ends_at, zone),
            factor=wanted.factor,
            calls=wanted.calls,
            reason=wanted.reason,
        )
        _require_touching(forecast, made)
        made.save()
        forecast.version += 1
        forecast.save(update_fields=["version", "updated_at"])
        audit.record(planner, "forecast.changed", _OBJECT, forecast.pk, forecast.tenant_id, _audited(made))
    return UUID(str(made.pk))


def _at(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def withdraw_change(actor: Actor, forecast_id: UUID, change_id: UUID, version: int) -> None:
    """Take the change back. Raises NotFoundError, StaleVersionError."""
    planner = actor.narrowed(PERMISSION)
    with scope_of(planner), transaction.atomic():
        forecast = _locked(forecast_id, version)
        made = ForecastChange.objects.filter(pk=change_id, forecast=forecast).first()
        if made is None:
            raise NotFoundError(object_type=ForecastChange.object_type, object_id=str(change_id))
        told = _audited(made)
        made.delete()
        forecast.version += 1
        forecast.save(update_fields=["version", "updated_at"])
        audit.record(planner, "forecast.change_withdrawn", _OBJECT, forecast.pk, forecast.tenant_id, told)


def _require_touching(forecast: Forecast, made: ForecastChange) -> None:
    override = override_of(made)  # refuses times backwards, and an empty reason
    content = content_of(forecast)
    assert content is not None
    days = days_of(forecast, content)
    touched = [plain_curve(one, days) for one in content.series if touches(made, one)]
    if not any(curve.between(override.begin, override.end).any() for curve in touched):
        raise errors.ForecastChangeOutsideError(first=forecast.first_day, last=forecast.last_day)


def _audited(made: ForecastChange) -> dict[str, Any]:
    return {
        "change_id": str(made.pk),
        "queue_id": str(made.queue_id) if made.queue_id else None,
        "begins_at": made.begins_at.isoformat(),
        "ends_at": made.ends_at.isoformat(),
        "factor": made.factor,
        "calls": made.calls,
        "reason": made.reason,
    }


def _locked(forecast_id: UUID, version: int) -> Forecast:
    found = Forecast.objects.select_for_update().filter(pk=forecast_id).first()
    if found is None:
        raise NotFoundError(object_type=_OBJECT, object_id=str(forecast_id))
    if found.version != version:
        raise StaleVersionError(version=found.version)
    return found


def _ready(forecast: Forecast) -> Forecast:
    if not forecast.content:
        raise errors.ForecastNotReadyError
    return forecast
