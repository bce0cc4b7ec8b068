"""What a stored forecast holds: a curve per queue and brand, with how it was found, and planners' changes upon it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from hotline.domains.workforce.models import Forecast, ForecastChange
from hotline.domains.workforce.planning_runs import unpacked
from hotline.planning.forecast.curve import Curve
from hotline.planning.forecast.errors import ForecastInvalidError
from hotline.planning.forecast.history import Floats
from hotline.planning.forecast.overrides import Override, overridden

NO_BRAND = ""


class SeriesContent(msgspec.Struct, frozen=True, kw_only=True):
    """One series: days × intervals of the day; days on which nothing is expected are left out. Handle time in
    seconds. `day_low` and `day_high` are bounds of the days' totals."""

    queue: str
    brand: str
    days: list[date]
    calls: list[list[float]]
    low: list[list[float]]
    high: list[list[float]]
    handle_s: list[list[float]] | None
    day_low: list[float]
    day_high: list[float]
    model: str
    borrowed_from: str  # the queue whose profile this is, at `share`
    share: float
    past: list[float | None]  # totals of the history's last days
    holidays_of: str
    horizons: dict[str, Any]
    marks: list[dict[str, Any]]


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """All series; `is_simulated` where any of what was learnt from was. `left_out`: queues without a single call."""

    interval_s: int
    coverage: float
    is_simulated: bool
    series: list[SeriesContent]
    left_out: list[str] = []


class QueueCurve(msgspec.Struct, frozen=True, kw_only=True):
    """What is expected of a queue's contacts of one brand ("": not told apart), changes included."""

    queue_id: str
    brand: str
    curve: Curve


def content_of(forecast: Forecast) -> Content | None:
    """What came of the forecast's run; None while there is nothing."""
    kept = unpacked(forecast.content)
    return None if kept is None else msgspec.convert(kept, Content)


def curves_of(content: Content, changes: Sequence[ForecastChange], zone: ZoneInfo) -> list[QueueCurve]:
    """The forecast's curves with planners' changes made in their order; of several brands each keeps its share."""
    by_queue: dict[str, list[SeriesContent]] = {}
    for one in content.series:
        by_queue.setdefault(one.queue, []).append(one)
    found = []
    for queue_id, series in by_queue.items():
        curves = [plain_curve(one, content.interval_s) for one in series]
        for change in changes:
            if change.queue_id is None or str(change.queue_id) == queue_id:
                curves = _changed(curves, override_of(change, zone))
        pairs = zip(series, curves, strict=True)
        found += [QueueCurve(queue_id=queue_id, brand=one.brand, curve=curve) for one, curve in pairs]
    return found


def plain_curve(one: SeriesContent, interval_s: int) -> Curve:
    """The series as it was forecast."""
    shape = (len(one.days), 86_400 // interval_s)

    def table(rows: list[list[float]]) -> Floats:
        return np.array(rows, dtype=np.float64).reshape(shape)

    return Curve(
        interval_s=interval_s,
        dates=tuple(one.days),
        calls=table(one.calls),
        low=table(one.low),
        high=table(one.high),
        handle_s=None if one.handle_s is None else table(one.handle_s),
    )


def touches(change: ForecastChange, one: SeriesContent) -> bool:
    """Whether the change is one of this series."""
    return change.queue_id is None or str(change.queue_id) == one.queue


def override_of(change: ForecastChange, zone: ZoneInfo) -> Override:
    """The stored change as planning reads it, in local time."""
    begin, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (change.begins_at, change.ends_at))
    return Override(begin, end, change.reason, change.made_by, factor=change.factor, calls=change.calls)


def on_every_day(curve: Curve, first: date, last: date) -> Curve:
    """The curve on every day from `first` to `last`, with zeros where nothing is expected."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    place = {day: row for row, day in enumerate(curve.dates)}

    def table(values: Floats) -> Floats:
        found = np.zeros((len(days), values.shape[1]))
        for row, day in enumerate(days):
            if day in place:
                found[row] = values[place[day]]
        return found

    return Curve(
        interval_s=curve.interval_s,
        dates=tuple(days),
        calls=table(curve.calls),
        low=table(curve.low),
        high=table(curve.high),
        handle_s=None if curve.handle_s is None else table(curve.handle_s),
    )


def _changed(curves: list[Curve], override: Override) -> list[Curve]:
    """The brands' curves of one queue with a change made to their sum."""
    if override.calls is not None and len(curves) > 1:
        return _shared_out(curves, override)
    return [_made(curve, override) for curve in curves]


def _shared_out(curves: list[Curve], override: Override) -> list[Curve]:
    days = sorted({day for curve in curves for day in curve.dates})
    if not days:
        return curves
    each = [on_every_day(curve, days[0], days[-1]) for curve in curves]
    before = sum(curve.calls for curve in each)
    after = _made(replace(each[0], calls=np.asarray(before)), override).calls
    factor = np.divide(after, before, out=np.ones_like(after), where=np.asarray(before) > 0)
    return [
        replace(curve, calls=curve.calls * factor, low=curve.low * factor, high=curve.high * factor) for curve in each
    ]


def _made(curve: Curve, override: Override) -> Curve:
    try:
        return overridden(curve, [override])
    except ForecastInvalidError:  # closed just then
        return curve
