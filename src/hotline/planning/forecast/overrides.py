"""What planners change in a forecast, with the reason, and afterwards whether that was for the better."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import numpy as np

from hotline.planning.forecast.curve import Curve, MomentCurve
from hotline.planning.forecast.errors import ForecastInvalidError
from hotline.planning.forecast.history import Bools, Floats

C = TypeVar("C", bound=Curve | MomentCurve)


@dataclass(frozen=True, slots=True)
class Override:
    """Intervals that begin from `begin` up to, not including, `end`: times `factor`, or set to `calls` each.

    Raises ForecastInvalidError without a reason, for an empty span, or unless exactly one of the two is given."""

    begin: datetime
    end: datetime
    reason: str
    by: str
    factor: float | None = None
    calls: float | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ForecastInvalidError(problem="an override needs a reason; say why")
        if self.begin >= self.end:
            raise ForecastInvalidError(problem="an override ends before it begins; correct the times")
        values = [value for value in (self.factor, self.calls) if value is not None]
        if len(values) != 1 or not np.isfinite(values[0]) or values[0] < 0:
            raise ForecastInvalidError(problem="an override has either a factor or calls, from 0; give one of them")


@dataclass(frozen=True, slots=True)
class Effect:
    """What an override did, known afterwards: errors in calls over its intervals, without it and with it."""

    override: Override
    intervals: int
    actual: float
    missed_before: float
    missed_after: float

    @property
    def saved(self) -> float:
        """Calls by which the forecast came nearer; negative when the override made it worse."""
        return self.missed_before - self.missed_after


def overridden(forecast: C, overrides: Sequence[Override]) -> C:
    """The forecast with the overrides applied in their order; bounds move in proportion.

    Raises ForecastInvalidError when an override touches no interval of the forecast."""
    calls, low, high = forecast.calls.copy(), forecast.low.copy(), forecast.high.copy()
    for override in overrides:
        where = _where(forecast, override)
        changed = calls * override.factor if override.factor is not None else np.full_like(calls, override.calls)
        ratio = np.where(calls > 0, changed / np.maximum(calls, 1e-12), 0.0)
        low = np.where(where, np.where(calls > 0, low * ratio, changed), low)
        high = np.where(where, np.where(calls > 0, high * ratio, changed), high)
        calls = np.where(where, changed, calls)
    return replace(forecast, calls=calls, low=low, high=high)


def effects(forecast: Curve | MomentCurve, overrides: Sequence[Override], actual: Floats) -> list[Effect]:
    """The effect of each override, in their order, once counts are known (for each interval of the forecast; NaN: not).

    Each is judged against the forecast with the overrides before it."""
    found = []
    before: Curve | MomentCurve = forecast
    for override in overrides:
        after = overridden(before, [override])
        where = _where(forecast, override) & ~np.isnan(actual)
        came = actual[where]
        found.append(
            Effect(
                override=override,
                intervals=int(where.sum()),
                actual=float(came.sum()),
                missed_before=float(np.abs(before.calls[where] - came).sum()),
                missed_after=float(np.abs(after.calls[where] - came).sum()),
            )
        )
        before = after
    return found


def _where(forecast: Curve | MomentCurve, override: Override) -> Bools:
    where = forecast.between(override.begin, override.end)
    if not where.any():
        raise ForecastInvalidError(
            problem=f"{override.begin:%Y-%m-%dT%H:%M} to {override.end:%Y-%m-%dT%H:%M} lies outside the forecast; "
            "choose days that it has"
        )
    return where
