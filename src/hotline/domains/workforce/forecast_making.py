"""A forecast's run in the worker: what its player is asked, and what is kept of the answer."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import numpy as np
from django.db import transaction
from django.utils import timezone

from hotline.domains.enterprise import queries as enterprise
from hotline.domains.routing import queries as routing
from hotline.domains.workforce import forecast_errors as errors
from hotline.domains.workforce import forecast_history, forecast_parts, forecast_uploads
from hotline.domains.workforce.forecast_content import Content, QueueParts, SeriesContent
from hotline.domains.workforce.forecasts import Asked
from hotline.domains.workforce.models import Forecast
from hotline.domains.workforce.planned_people import time_zone
from hotline.domains.workforce.planning_kinds import Done, Kind
from hotline.domains.workforce.planning_runs import packed
from hotline.planning.forecast.calendar import parse_calendar
from hotline.planning.forecast.forecasting import COVERAGE
from hotline.planning.forecast.history import Floats
from hotline.planning.forecast.horizon import LONGEST_DAYS


def prepare(tenant_id: UUID, question: dict[str, Any]) -> dict[str, Any]:
    """What the player is asked: histories up to the day before the first one wanted, and the calendar."""
    asked = msgspec.convert(question["asked"], Asked)
    zone = str(time_zone(tenant_id))
    last = min(forecast_history.local_yesterday(timezone.now(), zone), asked.first_day - timedelta(days=1))
    history = forecast_history.merged(tenant_id, question["upload"], last, zone, 60 * asked.interval_min)
    if (asked.last_day - history.last).days > LONGEST_DAYS:
        raise errors.ForecastTooFarError(last=history.last, most=LONGEST_DAYS)
    return {
        "interval_s": history.interval_s,
        "history_from": history.first,
        "history_to": history.last,
        "is_simulated": history.is_simulated,
        "first_day": asked.first_day,
        "last_day": asked.last_day,
        "country": asked.country,
        "notes": _notes(tenant_id, asked, history.first),
        "series": [_series(history, key) for key in sorted(history.counts)],
        "likes": [
            {"queue": str(like.queue_id), "other": str(like.other_id), "share": like.share} for like in asked.likes
        ],
        "parts": _parts(tenant_id, question["upload"], history.last, zone),
        "coverage": COVERAGE,
    }


def _notes(tenant_id: UUID, asked: Asked, first: date) -> list[dict[str, Any]]:
    """The planner's calendar, and the holidays and make-up workdays of the tenant's own."""
    days = enterprise.exceptional_days(tenant_id, first, asked.last_day)
    own = [
        {"day": day.day, "until": day.day, "kind": day.kind, "name": day.name.get("en", ""), "queue": "", "value": 1.0}
        for day in days
        if day.kind in ("holiday", "workday")
    ]
    given = parse_calendar(asked.calendar.splitlines()).notes if asked.calendar.strip() else ()
    by_word = forecast_history.queues_by_word(tenant_id)
    notes: list[dict[str, Any]] = msgspec.to_builtins(list(given))
    for note in notes:
        note["queue"] = by_word.get(note["queue"].strip().lower(), note["queue"]) if note["queue"] else ""
    said = {(note["day"], note["kind"]) for note in notes}
    return notes + [note for note in own if (note["day"], note["kind"]) not in said]


def _parts(tenant_id: UUID, upload: Sequence[dict[str, Any]], last: date, zone: str) -> list[dict[str, Any]]:
    """The parts that were counted; those of the file where it tells of more contacts."""
    sources = forecast_parts.parts(tenant_id, last, zone), forecast_uploads.parts_of(upload, last)
    found: dict[tuple[str, str], tuple[float, list[dict[str, Any]]]] = {}
    for source in sources:
        by_cut: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for part in source:
            by_cut.setdefault((part["queue"], part["cut"]), []).append(part)
        for key, parts in by_cut.items():
            contacts = float(np.sum([part["counts"] for part in parts]))
            if contacts > found.get(key, (0.0, []))[0]:
                found[key] = contacts, parts
    return [part for _contacts, parts in found.values() for part in parts]


def _series(history: forecast_history.History, key: tuple[str, str]) -> dict[str, Any]:
    handle_s = history.handle_s[key]
    return {
        "queue": key[0],
        "brand": key[1],
        "first_day": history.first,
        "counts": _rows(history.counts[key]),
        "handle_s": None if np.isnan(handle_s).all() else _rows(handle_s),
        "skipped": history.skipped,
    }


def _rows(values: Floats) -> list[list[float | None]]:
    kept = np.where(np.isnan(values), None, np.round(values, 3))  # type: ignore[call-overload]
    rows: list[list[float | None]] = kept.tolist()
    return rows


def store(done: Done) -> dict[str, Any]:
    """Keep the curves and their errors; again after a crash, the same."""
    asked = msgspec.convert(done.question["asked"], Asked)
    series = msgspec.convert(done.answer["series"], list[SeriesContent])
    fixed = forecast_history.brands_of_queues(done.tenant_id)
    series = [msgspec.structs.replace(one, brand=one.brand or fixed.get(one.queue, "")) for one in series]
    known = {one.queue for one in series}
    content = Content(
        interval_s=60 * asked.interval_min,
        coverage=COVERAGE,
        is_simulated=bool(done.answer.get("is_simulated")),
        series=series,
        parts=msgspec.convert(done.answer["parts"], list[QueueParts]),
        left_out=[one.queue_id for one in routing.planned_queues(done.tenant_id) if one.queue_id not in known],
    )
    with transaction.atomic():
        forecast = Forecast.objects.select_for_update().get(pk=done.question["forecast_id"])
        forecast.content = packed(content)
        forecast.errors = [row for one in series for row in _errors(one)]
        forecast.history_from, forecast.history_to = (
            date.fromisoformat(done.answer[name]) for name in ("history_from", "history_to")
        )
        forecast.version += 1
        forecast.save()
    return {"forecast_id": str(forecast.pk), "series": len(series), "calls": round(_calls(series))}


def _errors(one: SeriesContent) -> list[dict[str, Any]]:
    """A line for each horizon: what was chosen and its errors beside those of the baseline."""
    found = []
    for horizon, told in one.horizons.items():
        chosen: Mapping[str, Any] = next((row for row in told["tried"] if row["model"] == told["model"]), {})
        found.append(
            {
                "queue": one.queue,
                "brand": one.brand,
                "horizon": horizon,
                "days": told["days"],
                "origins": told["origins"],
                "model": told["model"],
                **{name: chosen.get(name) for name in ("wape", "mase", "bias", "day_wape")},
                "baseline": told["baseline"],
                "by_days_ahead": told["by_days_ahead"],
            }
        )
    return found


def _calls(series: list[SeriesContent]) -> float:
    return sum(sum(map(sum, one.calls)) for one in series)


FORECASTING: Final = Kind(prepare=prepare, store=store)
