"""The rest of a day from its forecast and the counts so far, again every quarter of an hour if need be.

The day's level is taken to be gamma distributed about the forecast; the counts so far say more about it the more
calls they hold (the gamma distribution is conjugate to chance by Poisson)."""

import numpy as np

from hotline.planning.forecast.errors import ForecastInvalidError
from hotline.planning.forecast.history import Floats
from hotline.planning.forecast.intervals import Spread

_OVERDISPERSION = 3.0  # of counts within a day, as variance ÷ mean


def level_factor(expected: float, came: float, level_cv: float) -> tuple[float, float]:
    """By what to multiply the rest of the day, and the coefficient of variation that is left of its level."""
    prior = 1.0 / level_cv**2
    evidence = expected / _OVERDISPERSION
    factor = (prior + came / _OVERDISPERSION) / (prior + evidence)
    return factor, 1.0 / float(np.sqrt(prior + evidence))


def rest_of_day(forecast: Floats, so_far: Floats, spread: Spread, level_cv: float) -> tuple[Floats, Floats, Floats]:
    """Calls, low and high for each interval of the day: as counted until now, as to be expected from here on.

    `forecast`: calls by interval of the whole day; `so_far`: counts of its first intervals. `level_cv`: how far a
    day's total lies from its forecast, as a share. Raises ForecastInvalidError for more counts than intervals, or
    counts that cannot be."""
    known = len(so_far)
    if known > len(forecast):
        raise ForecastInvalidError(problem=f"{known} counts are given for {len(forecast)} intervals; give one each")
    if known and not (np.isfinite(so_far).all() and (so_far >= 0).all()):
        raise ForecastInvalidError(problem="a count of the day so far is not a number from 0; correct it")
    factor, left_cv = level_factor(float(forecast[:known].sum()), float(so_far.sum()), level_cv)
    calls = np.concatenate([so_far, forecast[known:] * factor])
    narrower = float(np.sqrt(max(spread.cv**2 - level_cv**2 + left_cv**2, 0.0)))
    low, high = Spread(narrower, spread.low, spread.high).bounds(calls)
    low[:known], high[:known] = so_far, so_far
    is_closed = forecast <= 0
    low[known:][is_closed[known:]], high[known:][is_closed[known:]] = 0.0, 0.0
    return calls, low, high
