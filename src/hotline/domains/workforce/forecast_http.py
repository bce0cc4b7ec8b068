"""Routes of forecasts. Translates only."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import pydantic
from django.http import HttpResponse
from ninja import File, Form, Status
from ninja.errors import ValidationError
from ninja.files import UploadedFile

from hotline.domains.workforce import forecast_queries, forecasts
from hotline.domains.workforce import forecast_schemas as schemas
from hotline.domains.workforce.forecast_uploads import MOST_BYTES
from hotline.domains.workforce.planning_run_http import shown as shown_run
from hotline.domains.workforce.planning_runs import PERMISSION
from hotline.foundation.http import ActorRequest, Page, Router

router = Router(tags=["workforce"])


@router.post("/forecasts", permission=PERMISSION, response={202: schemas.ForecastOut})
def ask_forecast(request: ActorRequest, payload: schemas.ForecastIn) -> Status[dict[str, Any]]:
    """Forecast contacts and handle time by queue and brand from the centre's own history. The worker does it; read the
    forecast to see how far it is."""
    return _asked(request, payload, None)


@router.post("/forecasts/from-file", permission=PERMISSION, response={202: schemas.ForecastOut})
def ask_forecast_from_file(
    request: ActorRequest,
    details: Annotated[str, Form(max_length=100_000)],
    file: Annotated[UploadedFile, File()],
) -> Status[dict[str, Any]]:
    """The same with a history in CSV (start,calls and maybe queue,brand,channel,site,aht_s; at most 20 MB) of the time
    before the centre's own. `details` is the JSON that the route without a file takes."""
    # One byte beyond the limit is enough to refuse: the rest of a huge upload is not read into memory.
    return _asked(request, _details(details), file.read(MOST_BYTES + 1))


@router.get("/forecasts", permission=PERMISSION, response=Page[schemas.ForecastBrief])
def list_forecasts(
    request: ActorRequest, tenant_id: UUID | None = None, cursor: str | None = None, limit: int = 20
) -> dict[str, Any]:
    """The forecasts, newest first."""
    found, following = forecast_queries.page(request.actor, tenant_id, cursor, limit)
    return {"items": [_shown(request, one) for one in found], "next_cursor": following}


@router.get("/forecasts/{uuid:forecast_id}", permission=PERMISSION, response=schemas.ForecastOut)
def read_forecast(request: ActorRequest, forecast_id: UUID) -> dict[str, Any]:
    """A forecast with its series, errors by horizon, marks and changes."""
    return _shown(request, forecast_queries.one(request.actor, forecast_id))


@router.get("/forecasts/{uuid:forecast_id}/curve", permission=PERMISSION, response=schemas.ForecastCurveOut)
def read_forecast_curve(
    request: ActorRequest,
    forecast_id: UUID,
    queue_id: UUID | None = None,
    brand: str | None = None,
    channel: str | None = None,
    site: str | None = None,
    day: date | None = None,
) -> dict[str, Any]:
    """Expected contacts beside those that came: by day, or by interval of one `day`; of a queue or all, and of these
    one brand's, one channel's or one site's (its id; empty: those of which it is not known)."""
    choice = forecast_queries.Choice(queue_id=queue_id, brand=brand, channel=channel, site=site)
    return forecast_queries.curve(request.actor, forecast_id, choice, day)


@router.get("/forecasts/{uuid:forecast_id}/accuracy", permission=PERMISSION, response=list[schemas.ForecastAccuracyRow])
def read_forecast_accuracy(request: ActorRequest, forecast_id: UUID) -> list[dict[str, Any]]:
    """How right it was over the days gone by, beside the last same weekday: all queues first."""
    return forecast_queries.accuracy(request.actor, forecast_id)


@router.get(
    "/forecasts/{uuid:forecast_id}/part-accuracy",
    permission=PERMISSION,
    response=list[schemas.ForecastPartAccuracyRow],
)
def read_forecast_part_accuracy(request: ActorRequest, forecast_id: UUID) -> list[dict[str, Any]]:
    """How right it was over the days gone by for each channel and site that has counts of its own, also by days
    ahead."""
    return forecast_queries.part_accuracy(request.actor, forecast_id)


@router.get("/forecasts/{uuid:forecast_id}/export.csv", permission=PERMISSION, response={200: str})
def export_forecast(request: ActorRequest, forecast_id: UUID, by: schemas.PartKind | None = None) -> HttpResponse:
    """The forecast as a file that can be sent again as a history: by queue and brand, or `by` channel or site."""
    lines = forecast_queries.csv_lines(request.actor, forecast_id, by)
    headers = {"Content-Disposition": 'attachment; filename="forecast.csv"', "Cache-Control": "no-store"}
    return HttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@router.post("/forecasts/{uuid:forecast_id}/accept", permission=PERMISSION, response=schemas.ForecastOut)
def accept_forecast(request: ActorRequest, forecast_id: UUID, payload: schemas.VersionIn) -> dict[str, Any]:
    """Make it the one that staffing and the day's plan are made from."""
    forecasts.accept(request.actor, forecast_id, payload.version)
    return read_forecast(request, forecast_id)


@router.post("/forecasts/{uuid:forecast_id}/changes", permission=PERMISSION, response={201: schemas.ForecastOut})
def change_forecast(
    request: ActorRequest, forecast_id: UUID, payload: schemas.ForecastChangeIn
) -> Status[dict[str, Any]]:
    """Change what is expected, with the reason. What the change did is told once its time is over."""
    wanted = forecasts.Change(**payload.dict(exclude={"version"}))
    forecasts.change(request.actor, forecast_id, payload.version, wanted)
    return Status(201, read_forecast(request, forecast_id))


@router.post(
    "/forecasts/{uuid:forecast_id}/changes/{uuid:change_id}/withdraw",
    permission=PERMISSION,
    response=schemas.ForecastOut,
)
def withdraw_forecast_change(
    request: ActorRequest, forecast_id: UUID, change_id: UUID, payload: schemas.VersionIn
) -> dict[str, Any]:
    """Take a change back."""
    forecasts.withdraw_change(request.actor, forecast_id, change_id, payload.version)
    return read_forecast(request, forecast_id)


def _details(text: str) -> schemas.ForecastIn:
    try:
        return schemas.ForecastIn.model_validate_json(text)
    except pydantic.ValidationError as error:
        raise ValidationError(
            [{**one, "loc": ("form", "details", *one["loc"])} for one in error.errors(include_context=False)]
        ) from error


def _asked(request: ActorRequest, payload: schemas.ForecastIn, upload: bytes | None) -> Status[dict[str, Any]]:
    values = payload.dict(exclude={"tenant_id", "likes"})
    likes = tuple(forecasts.LikeAsked(**like.dict()) for like in payload.likes)
    asked = forecasts.Asked(**values, likes=likes)
    forecast_id = forecasts.ask(request.actor, payload.tenant_id, asked, upload)
    return Status(202, read_forecast(request, forecast_id))


def _shown(request: ActorRequest, forecast: dict[str, Any]) -> dict[str, Any]:
    run = forecast["run"]
    return forecast | {"run": None if run is None else shown_run(request, run)}
