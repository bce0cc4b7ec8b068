"""How alike two days are expected to be: the covariance of a Gaussian process over days, part by part.

Each part is a variance of logarithms (0.0009: three per cent of calls). Source: docs/planning.md
(Rasmussen & Williams, Gaussian Processes for Machine Learning, 2006)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hotline.planning.forecast.days import DayTable
from hotline.planning.forecast.history import Floats, Integers

_YEAR_DAYS = 365.25
_LEAST_YEAR_SPAN_DAYS = 400.0
_YEAR_WIDTH = 0.35
_HOLIDAY_WIDTH_DAYS = 1.0


@dataclass(frozen=True, slots=True)
class Variances:
    """Variance of each part, and lengths: places in days, levels in calendar days."""

    weekday: float
    workday: float
    working_place: float
    month_place: float
    rest: float
    second: float
    eve: float
    slow_level: float
    fast_level: float
    trend: float
    year: float
    holiday: float
    effect: float
    noise: float
    place_days: float = 2.0
    slow_days: float = 60.0
    fast_days: float = 5.0
    trend_days: float = 500.0


def covariance(table: DayTable, v: Variances) -> Floats:
    """Days × days, known and future, without noise and without the constant."""
    total = np.zeros((len(table.dates), len(table.dates)))
    for part in _parts(table, v):
        total += part
    return total


def _parts(table: DayTable, v: Variances) -> Iterator[Floats]:
    yield v.weekday * _same(table.weekday)
    yield v.working_place * _near(table.working_place, v.place_days)
    yield v.month_place * _near(table.place_in_month, v.place_days)
    apart = np.abs(table.age_days[:, None] - table.age_days[None])
    yield v.slow_level * np.exp(-apart / v.slow_days)
    yield v.fast_level * np.exp(-apart / v.fast_days)
    span = float(table.age_days[table.known - 1]) if table.known else 0.0
    if span > _LEAST_YEAR_SPAN_DAYS:
        yield v.trend * np.exp(-apart / v.trend_days)
        yield v.year * np.exp(-0.5 * (np.sin(np.pi * apart / _YEAR_DAYS) / _YEAR_WIDTH) ** 2)
    linear = ((v.workday, table.is_workday), (v.rest, table.rest_excess), (v.second, table.second_excess))
    for variance, values in (*linear, (v.eve, table.is_eve), *((v.effect, e.values) for e in table.effects)):
        if values.any():
            yield variance * np.outer(values, values)
    yield from _holidays(table, v)


def _holidays(table: DayTable, v: Variances) -> Iterator[Floats]:
    """Public holidays on which calls are taken: alike among all, more so under the same name (lunar ones move)."""
    is_holiday = np.array([bool(name) for name in table.holiday], dtype=np.float64)
    if not is_holiday.any():
        return
    yield v.holiday * np.outer(is_holiday, is_holiday)
    numbers = {name: number for number, name in enumerate(sorted(set(table.holiday)))}
    names = np.array([numbers[name] for name in table.holiday])
    place = _place_in_holiday(table)
    yield v.holiday * _same(names) * np.outer(is_holiday, is_holiday)
    yield v.holiday * _same(names) * np.outer(is_holiday, is_holiday) * _near(place, _HOLIDAY_WIDTH_DAYS)


def _place_in_holiday(table: DayTable) -> Integers:
    """0 on a holiday's first day, 1 on its second, ..."""
    place = np.zeros(len(table.dates), dtype=np.int64)
    for row in range(1, len(place)):
        follows = table.holiday[row] and table.age_days[row] - table.age_days[row - 1] == 1
        if follows and table.holiday[row] == table.holiday[row - 1]:
            place[row] = place[row - 1] + 1
    return place


def _same(values: Integers) -> Floats:
    return np.asarray(values[:, None] == values[None], dtype=np.float64)


def _near(places: Integers, width: float) -> Floats:
    apart = (places[:, None] - places[None]) / width
    return np.asarray(np.exp(-0.5 * apart**2), dtype=np.float64)
