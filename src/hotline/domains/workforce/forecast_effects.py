"""Whether forecasts and planners' changes were right, once that is known."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction

from hotline.domains.workforce import forecast_history, forecast_part_errors
from hotline.domains.workforce.forecast_content import (
    Content,
    SeriesContent,
    added_up,
    content_of,
    curves_of,
    days_of,
    override_of,
    plain_curve,
    touches,
)
from hotline.domains.workforce.models import Forecast, ForecastChange
from hotline.domains.workforce.passing_time import PassingDays, passing_days
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.planning.forecast.curve import MomentCurve
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
    """Intervals counted, contacts that came in them, and contacts missed without and with the change, in all and by
    channel and site; needs a scope.

    It is judged against the forecast with the changes made before it."""
    forecast = made.forecast
    content = content_of(forecast)
    sums = {"intervals": 0, "actual": 0.0, "missed_before": 0.0, "missed_after": 0.0}
    if content is None:
        return sums
    days = days_of(forecast, content)
    earlier = list(forecast.changes.filter(pk__lte=made.pk).order_by("pk"))
    actual = forecast_history.actual_counts(forecast.tenant_id, days)
    for queue_id, curve in _by_queue([one for one in content.series if touches(made, one)], days).items():
        mine = [one for one in earlier if one.queue_id is None or str(one.queue_id) == queue_id]
        came = actual.get(queue_id, np.full(curve.calls.shape, np.nan))
        try:
            found = effects(curve, [override_of(one) for one in mine], came)[-1]
        except ForecastInvalidError:  # an earlier change lies between two intervals
            continue
        sums["intervals"] += found.intervals
        for name in ("actual", "missed_before", "missed_after"):
            sums[name] = round(sums[name] + getattr(found, name), 2)
    return sums | {"parts": forecast_part_errors.effects(made, content, earlier, days)}


def _by_queue(series: list[SeriesContent], days: PassingDays) -> dict[str, MomentCurve]:
    """The curves as forecast, brands added up: contacts are counted by queue."""
    found: dict[str, list[MomentCurve]] = {}
    for one in series:
        found.setdefault(one.queue, []).append(plain_curve(one, days))
    return {queue: added_up(curves, days) for queue, curves in found.items()}


def accuracy(forecast: Forecast, content: Content) -> list[dict[str, Any]]:
    """Errors over the days gone by of all queues and of each, beside those of the last same weekday; needs a scope."""
    days = days_of(forecast, content)
    by_queue: dict[str, list[MomentCurve]] = {}
    for each in curves_of(content, list(forecast.changes.order_by("pk")), days):
        by_queue.setdefault(each.queue_id, []).append(each.curve)
    expected = {queue: added_up(each, days).calls for queue, each in by_queue.items()}
    actual = forecast_history.actual_counts(forecast.tenant_id, days)
    learnt_to = forecast.history_to or forecast.first_day - timedelta(days=1)
    week = passing_days(learnt_to - timedelta(days=6), learnt_to, days.interval_s, days.zone)
    counted = forecast_history.actual_counts(forecast.tenant_id, week)
    rows = []
    sums: list[tuple[Floats, Floats, Floats]] = []
    for queue, calls in expected.items():
        unknown = np.full(calls.shape, np.nan)
        came = actual.get(queue, unknown)
        baseline = _of_same_weekdays(counted[queue], week, days) if queue in counted else unknown
        sums.append((calls, came, baseline))
        rows.append(_row(queue, days, calls, came, baseline))
    if not sums:
        return []
    total = [np.asarray(sum(tables[1:], tables[0])) for tables in map(list, zip(*sums, strict=True))]
    return [_row(None, days, *total), *rows]


def _of_same_weekdays(counted: Floats, week: PassingDays, days: PassingDays) -> Floats:
    """What came in the week on the same weekday at the same time by the wall, for each interval of the days. An hour
    that the clocks jumped over that week counts as the interval before it."""
    table = week.by_the_wall(counted)
    for at in np.flatnonzero(week.times_shown() == 0).tolist():
        table.flat[at] = table.flat[at - 1]
    after = (days.first - week.last).days - 1
    rows = [(after + number) % 7 for number in range(len(days.firsts))]
    return np.asarray(table[rows][days.day, days.place], dtype=np.float64)


def _row(queue: str | None, days: PassingDays, calls: Floats, came: Floats, baseline: Floats) -> dict[str, Any]:
    is_known = ~np.isnan(came)
    totals = [days.totals(values) for values in (calls, came, baseline)]
    whole = ~np.isnan(totals[1])
    return {
        "queue_id": queue,
        "days": int(whole.sum()),
        "expected": round(float(calls[is_known].sum()), 1),
        "actual": round(float(came[is_known].sum()), 1),
        "wape": _wape(calls[is_known], came[is_known]),
        "day_wape": _wape(totals[0][whole], totals[1][whole]),
        "bias": _share(float((calls[is_known] - came[is_known]).sum()), float(came[is_known].sum())),
        "baseline_wape": _wape(baseline[is_known], came[is_known]),
        "baseline_day_wape": _wape(totals[2][whole], totals[1][whole]),
    }


def _wape(expected: Floats, came: Floats) -> float | None:
    return _share(float(np.abs(expected - came).sum()), float(came.sum()))


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 5) if whole > 0 and not np.isnan(part) else None
