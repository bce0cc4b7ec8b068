"""A new queue without a history of its own: the profile of another one, at the level seen so far or a share given."""

from dataclasses import replace

import numpy as np

from hotline.planning.forecast.errors import ForecastInvalidError
from hotline.planning.forecast.forecasting import Forecast
from hotline.planning.forecast.history import Series, SeriesKey

LEAST_DAYS = 10
_LEVEL_CV_WITHOUT_DATA = 0.3
_DAY_CV = 0.1


def days_with_calls(series: Series) -> int:
    """How many dates of the history have calls."""
    return int((np.nansum(series.counts, axis=1) > 0).sum())


def observed_share(new: Series, like: Series) -> float:
    """Calls of the new queue ÷ those of the other one in the same intervals. Raises ForecastInvalidError: none."""
    first = max(new.dates[0], like.dates[0])
    mine = new.counts[(first - new.dates[0]).days :]
    others = like.counts[(first - like.dates[0]).days :]
    rows = min(len(mine), len(others))
    both = ~np.isnan(mine[:rows]) & ~np.isnan(others[:rows])
    total = float(others[:rows][both].sum())
    if total <= 0:
        raise ForecastInvalidError(
            problem=f"{new.key.label()} and {like.key.label()} have no interval in common; say what share to expect"
        )
    return float(mine[:rows][both].sum()) / total


def borrowed(lender: Forecast, key: SeriesKey, share: float, days: int = 0) -> Forecast:
    """The lender's forecast times a share, for the new queue; bounds are wider the fewer days the share was seen.

    Raises ForecastInvalidError unless the share is above 0."""
    if not share > 0:
        raise ForecastInvalidError(problem=f"the share of {key.label()} is {share}; give a number above 0")
    doubt = _LEVEL_CV_WITHOUT_DATA if days == 0 else _DAY_CV / float(np.sqrt(days))
    calls = lender.calls * share
    bounds = []
    for choice, rows in ((lender.next_day, slice(0, 1)), (lender.later, slice(1, len(calls)))):
        wider = replace(choice.spread, cv=float(np.hypot(choice.spread.cv, doubt)))
        bounds.append(wider.bounds(calls[rows]))
    low, high = (np.where(calls > 0, np.concatenate(side), 0.0) for side in zip(*bounds, strict=True))
    source = f"profile borrowed from {lender.key.label()}, share {share:.3f}"
    return replace(
        lender,
        key=key,
        calls=calls,
        low=low,
        high=high,
        borrowed_from=source,
        lender=lender.key,
        share=share,
        marks=(),
    )
