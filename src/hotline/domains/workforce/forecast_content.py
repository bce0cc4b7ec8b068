"""What a stored forecast holds: a curve per queue and brand, with how it was found, and planners' changes upon it.

Kept by the clock on the wall, as it was learnt; read by moments, so that a day on which clocks change has the intervals
that it really has."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date
from typing import Any

import msgspec
import numpy as np

from hotline.domains.workforce.models import Forecast, ForecastChange
from hotline.domains.workforce.passing_time import PassingDays, passing_days
from hotline.domains.workforce.planned_people import time_zone
from hotline.domains.workforce.planning_runs import unpacked
from hotline.planning.forecast.curve import MomentCurve
from hotline.planning.forecast.errors import ForecastInvalidError
from hotline.planning.forecast.history import Floats
from hotline.planning.forecast.overrides import Override, overridden

NO_BRAND = ""


class SeriesContent(msgspec.Struct, frozen=True, kw_only=True):
    """One series: days × intervals of the clock on the wall; days on which nothing is expected are left out. Handle
    time in seconds. `day_low` and `day_high` are bounds of the days' totals."""

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


class QueueParts(msgspec.Struct, frozen=True, kw_only=True):
    """A queue's contacts cut by channel or by site: of each of `names` the shares (kinds of day × hours), its handle
    time as a multiple of the queue's, and its contacts on the days of the history from `past_from` on. `kinds` are
    those of the forecast's days."""

    queue: str
    cut: str
    names: list[str]
    shares: list[list[list[float]]]
    handle: list[float]
    kinds: list[int]
    past_from: date
    past: list[list[float]]


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """All series; `is_simulated` where any of what was learnt from was. `left_out`: queues without a single call."""

    interval_s: int
    coverage: float
    is_simulated: bool
    series: list[SeriesContent]
    left_out: list[str] = []
    parts: list[QueueParts] = []


class QueueCurve(msgspec.Struct, frozen=True, kw_only=True):
    """What is expected of a queue's contacts of one brand ("": not told apart), changes included: on all days of the
    forecast, by moments."""

    queue_id: str
    brand: str
    curve: MomentCurve


def content_of(forecast: Forecast) -> Content | None:
    """What came of the forecast's run; None while there is nothing."""
    kept = unpacked(forecast.content)
    return None if kept is None else msgspec.convert(kept, Content)


def days_of(forecast: Forecast, content: Content) -> PassingDays:
    """The forecast's days as they pass in the tenant's zone."""
    zone = time_zone(forecast.tenant_id)
    return passing_days(forecast.first_day, forecast.last_day, content.interval_s, zone)


def curves_of(content: Content, changes: Sequence[ForecastChange], days: PassingDays) -> list[QueueCurve]:
    """The forecast's curves with planners' changes made in their order; of several brands each keeps its share."""
    by_queue: dict[str, list[SeriesContent]] = {}
    for one in content.series:
        by_queue.setdefault(one.queue, []).append(one)
    found = []
    for queue_id, series in by_queue.items():
        curves = [plain_curve(one, days) for one in series]
        for change in changes:
            if change.queue_id is None or str(change.queue_id) == queue_id:
                curves = _changed(curves, override_of(change))
        pairs = zip(series, curves, strict=True)
        found += [QueueCurve(queue_id=queue_id, brand=one.brand, curve=curve) for one, curve in pairs]
    return found


def added_up(curves: list[MomentCurve], days: PassingDays) -> MomentCurve:
    """The sum of curves of these days; handle time weighted by calls. Bounds of the sum are those of parts that miss
    independently."""
    calls, below, above, work = np.zeros((4, len(days.starts)))
    has_handle = bool(curves) and all(curve.handle_s is not None for curve in curves)
    for curve in curves:
        calls += curve.calls
        below += (curve.calls - curve.low) ** 2
        above += (curve.high - curve.calls) ** 2
        if curve.handle_s is not None:
            work += curve.calls * curve.handle_s
    return MomentCurve(
        interval_s=days.interval_s,
        starts=days.starts,
        calls=calls,
        low=np.maximum(calls - np.sqrt(below), 0),
        high=calls + np.sqrt(above),
        handle_s=np.divide(work, calls, out=np.zeros_like(calls), where=calls > 0) if has_handle else None,
    )


def plain_curve(one: SeriesContent, days: PassingDays) -> MomentCurve:
    """The series as it was forecast, on all of these days; zeros where nothing is expected."""

    def passed(rows: list[list[float]]) -> Floats:
        return days.passed(np.array(rows, dtype=np.float64).reshape(len(one.days), days.a_day), one.days)

    return MomentCurve(
        interval_s=days.interval_s,
        starts=days.starts,
        calls=passed(one.calls),
        low=passed(one.low),
        high=passed(one.high),
        handle_s=None if one.handle_s is None else passed(one.handle_s),
    )


def touches(change: ForecastChange, one: SeriesContent) -> bool:
    """Whether the change is one of this series."""
    return change.queue_id is None or str(change.queue_id) == one.queue


def override_of(change: ForecastChange) -> Override:
    """The stored change as planning reads it, by moments."""
    begin, end = (moment.astimezone(UTC) for moment in (change.begins_at, change.ends_at))
    return Override(begin, end, change.reason, change.made_by, factor=change.factor, calls=change.calls)


def _changed(curves: list[MomentCurve], override: Override) -> list[MomentCurve]:
    """The brands' curves of one queue with a change made to their sum."""
    if override.calls is not None and len(curves) > 1:
        return _shared_out(curves, override)
    return [_made(curve, override) for curve in curves]


def _shared_out(curves: list[MomentCurve], override: Override) -> list[MomentCurve]:
    before = np.sum([curve.calls for curve in curves], axis=0)
    after = _made(replace(curves[0], calls=before), override).calls
    factor = np.divide(after, before, out=np.ones_like(after), where=before > 0)
    return [
        replace(curve, calls=curve.calls * factor, low=curve.low * factor, high=curve.high * factor) for curve in curves
    ]


def _made(curve: MomentCurve, override: Override) -> MomentCurve:
    try:
        return overridden(curve, [override])
    except ForecastInvalidError:  # the change lies between two intervals
        return curve
