"""Whether forecasts and planners' changes were right, once that is known."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction

from hotline.domains.workforce import forecast_history
from hotline.domains.workforce.forecast_content import (
    Content,
    SeriesContent,
    content_of,
    curves_of,
    on_every_day,
    override_of,
    plain_curve,
    touches,
)
from hotline.domains.workforce.models import Forecast, ForecastChange
from hotline.domains.workforce.planned_people import time_zone
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.planning.forecast.curve import Curve
from hotline.planning.forecast.errors import ForecastInvalidError
from hotline.planning.forecast.history import Floats
from hotline.planning.forecast.overrides import effects


def judge_changes(now: datetime, limit: int) -> int:
    """Note for changes whose time is over by how many calls each was nearer the truth, at most `limit`; how many."""
    judged = 0
    for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            rows = ForecastChange.objects.filter(tenant_id=tenant_id, effect__isnull=True, ends_at__lt=now)
            for made in list(rows.select_related("forecast").order_by("ends_at")[: max(0, limit - judged)]):
                effect = effect_of(made)
                with transaction.atomic():
                    ForecastChange.objects.filter(pk=made.pk).update(effect=effect)
                judged += 1
    return judged


def effect_of(made: ForecastChange) -> dict[str, Any]:
    """Intervals counted, contacts that came in them, and contacts missed without and with the change; needs a scope.

    It is judged against the forecast with the changes made before it."""
    forecast = made.forecast
    content = content_of(forecast)
    zone = time_zone(forecast.tenant_id)
    sums = {"intervals": 0, "actual": 0.0, "missed_before": 0.0, "missed_after": 0.0}
    if content is None:
        return sums
    earlier = list(forecast.changes.filter(pk__lte=made.pk).order_by("pk"))
    actual = _actual_by_queue(forecast, content, zone)
    for queue_id, curve in _by_queue(content, [one for one in content.series if touches(made, one)]).items():
        mine = [one for one in earlier if one.queue_id is None or str(one.queue_id) == queue_id]
        try:
            found = effects(curve, [override_of(one, zone) for one in mine], actual[queue_id])[-1]
        except ForecastInvalidError:  # closed just then
            continue
        sums["intervals"] += found.intervals
        for name in ("actual", "missed_before", "missed_after"):
            sums[name] = round(sums[name] + getattr(found, name), 2)
    return sums


def _by_queue(content: Content, series: list[SeriesContent]) -> dict[str, Curve]:
    """The curves as forecast, brands added up: contacts are counted by queue."""
    found: dict[str, Curve] = {}
    for one in series:
        days = [day for other in content.series if other.queue == one.queue for day in other.days]
        curve = on_every_day(plain_curve(one, content.interval_s), min(days), max(days)) if days else None
        if curve is None:
            continue
        known = found.get(one.queue)
        found[one.queue] = curve if known is None else _added(known, curve)
    return found


def _added(one: Curve, other: Curve) -> Curve:
    return Curve(
        interval_s=one.interval_s,
        dates=one.dates,
        calls=one.calls + other.calls,
        low=one.low + other.low,
        high=one.high + other.high,
        handle_s=None,
    )


def _actual_by_queue(forecast: Forecast, content: Content, zone: ZoneInfo) -> dict[str, Floats]:
    found = forecast_history.actual_counts(
        forecast.tenant_id, forecast.first_day, forecast.last_day, str(zone), content.interval_s
    )
    curves = _by_queue(content, content.series)
    tables = {}
    for queue_id, curve in curves.items():
        known = found.get(queue_id)
        rows = [(day - forecast.first_day).days for day in curve.dates]
        tables[queue_id] = np.full(curve.calls.shape, np.nan) if known is None else known[rows]
    return tables


def added_up(curves: list[Curve], first: date, last: date, interval_s: int) -> Curve:
    """The sum of curves that all have these days; handle time weighted by calls. Bounds of the sum are those of parts
    that miss independently."""
    shape = ((last - first).days + 1, 86_400 // interval_s)
    calls, below, above, work = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape)
    has_handle = bool(curves) and all(curve.handle_s is not None for curve in curves)
    for curve in curves:
        calls += curve.calls
        below += (curve.calls - curve.low) ** 2
        above += (curve.high - curve.calls) ** 2
        if curve.handle_s is not None:
            work += curve.calls * curve.handle_s
    return Curve(
        interval_s=interval_s,
        dates=tuple(first + timedelta(days=number) for number in range(shape[0])),
        calls=calls,
        low=np.maximum(calls - np.sqrt(below), 0),
        high=calls + np.sqrt(above),
        handle_s=np.divide(work, calls, out=np.zeros(shape), where=calls > 0) if has_handle else None,
    )


def accuracy(forecast: Forecast, content: Content) -> list[dict[str, Any]]:
    """Errors over the days gone by of all queues and of each, beside those of the last same weekday; needs a scope."""
    zone = str(time_zone(forecast.tenant_id))
    first, last = forecast.first_day, forecast.last_day
    changed = curves_of(content, list(forecast.changes.order_by("pk")), ZoneInfo(zone))
    by_queue: dict[str, list[Curve]] = {}
    for each in changed:
        by_queue.setdefault(each.queue_id, []).append(on_every_day(each.curve, first, last))
    expected = {queue: added_up(each, first, last, content.interval_s).calls for queue, each in by_queue.items()}
    actual = forecast_history.actual_counts(forecast.tenant_id, first, last, zone, content.interval_s)
    learnt_to = forecast.history_to or first - timedelta(days=1)
    week = forecast_history.actual_counts(
        forecast.tenant_id, learnt_to - timedelta(days=6), learnt_to, zone, content.interval_s
    )
    rows = []
    sums: list[tuple[Floats, Floats, Floats]] = []
    for queue, calls in expected.items():
        came = actual.get(queue, np.full(calls.shape, np.nan))
        known = week.get(queue, np.full((7, calls.shape[1]), np.nan))
        # Of the week's seven days, the row that has the same weekday.
        baseline = known[[((first - learnt_to).days - 1 + row) % 7 for row in range(len(calls))]]
        sums.append((calls, came, baseline))
        rows.append(_row(queue, calls, came, baseline))
    if not sums:
        return []
    total = [np.asarray(sum(tables[1:], tables[0])) for tables in map(list, zip(*sums, strict=True))]
    return [_row(None, *total), *rows]


def _row(queue: str | None, calls: Floats, came: Floats, baseline: Floats) -> dict[str, Any]:
    is_known = ~np.isnan(came)
    whole = is_known.all(axis=1)
    return {
        "queue_id": queue,
        "days": int(whole.sum()),
        "expected": round(float(calls[is_known].sum()), 1),
        "actual": round(float(came[is_known].sum()), 1),
        "wape": _wape(calls[is_known], came[is_known]),
        "day_wape": _wape(calls[whole].sum(axis=1), came[whole].sum(axis=1)),
        "bias": _share(float((calls[is_known] - came[is_known]).sum()), float(came[is_known].sum())),
        "baseline_wape": _wape(baseline[is_known], came[is_known]),
        "baseline_day_wape": _wape(baseline[whole].sum(axis=1), came[whole].sum(axis=1)),
    }


def _wape(expected: Floats, came: Floats) -> float | None:
    return _share(float(np.abs(expected - came).sum()), float(came.sum()))


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 5) if whole > 0 and not np.isnan(part) else None
