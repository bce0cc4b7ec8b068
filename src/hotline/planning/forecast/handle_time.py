"""Handle time by interval: the level of the last days times the shape of the day, both weighted by calls."""

import numpy as np

from hotline.planning.forecast.days import DayTable
from hotline.planning.forecast.history import Floats, Integers, Series

_LEVEL_HALF_LIFE_DAYS = 14.0
_SHAPE_HALF_LIFE_DAYS = 84.0
_TRUST_CALLS = 200.0  # so many calls before an interval's own mean counts for half


def handle_times(series: Series, table: DayTable, rows: Integers) -> Floats | None:
    """Mean handle time, seconds, for each day asked for (days × intervals); None when the history has none."""
    if series.handle_s is None:
        return None
    ahead = len(table.dates) - table.known
    handle, calls = series.handle_s[rows], np.where(np.isnan(series.handle_s[rows]), 0.0, table.counts)
    work = np.nan_to_num(handle) * calls
    if calls.sum() <= 0:
        return None
    age = table.age_days[table.known - 1] - table.age_days[: table.known]
    recent, lasting = 0.5 ** (age / _LEVEL_HALF_LIFE_DAYS), 0.5 ** (age / _SHAPE_HALF_LIFE_DAYS)
    level = float((work.sum(axis=1) * recent).sum() / max((calls.sum(axis=1) * recent).sum(), 1e-9))
    overall = float((work.sum(axis=1) * lasting).sum() / max((calls.sum(axis=1) * lasting).sum(), 1e-9))
    number, seconds = (calls * lasting[:, None]).sum(axis=0), (work * lasting[:, None]).sum(axis=0)
    shape = (seconds + _TRUST_CALLS * overall) / (number + _TRUST_CALLS) / overall
    return np.tile(level * shape, (ahead, 1))
