"""Which days and intervals a horizon has: calendar days, or intervals in which calls are to be expected."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from hotline.planning.forecast.calendar import Calendar
from hotline.planning.forecast.errors import ForecastInvalidError
from hotline.planning.forecast.history import Bools, Integers, Series
from hotline.planning.forecast.openings import Openings

LONGEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Horizon:
    """So many calendar days or so many intervals. Raises ForecastInvalidError beyond 1 to 400 days."""

    days: int | None = None
    intervals: int | None = None

    def __post_init__(self) -> None:
        if self.days is not None and not 1 <= self.days <= LONGEST_DAYS:
            raise ForecastInvalidError(problem=f"the horizon must be 1 to {LONGEST_DAYS} days; give one of these")
        if self.intervals is not None and self.intervals < 1:
            raise ForecastInvalidError(problem="the horizon must be 1 interval or more; give such a number")


def days_ahead(horizon: Horizon, series: Series, hours: Openings, calendar: Calendar) -> list[date]:
    """The open days of the horizon, with the last day of the history when that breaks off; one at least.

    Raises ForecastInvalidError when nothing is open, or not enough, within 400 days."""
    found: list[date] = []
    begin = 0 if series.partial_from is not None else 1
    number, intervals = begin, 0
    while number <= LONGEST_DAYS:
        day = series.dates[-1] + timedelta(days=number)
        if horizon.days is not None and number > horizon.days and found:
            return found
        if hours.is_open(day, calendar, series.key.queue):
            found.append(day)
            is_whole = _counted(hours.hours_on(day), series)
            intervals += int(is_whole[(series.partial_from or 0) if number == 0 else 0 :].sum())
        if horizon.intervals is not None and intervals >= horizon.intervals:
            return found
        number += 1
    if not found or horizon.intervals is not None:
        raise ForecastInvalidError(
            problem=f"{series.key.label()} is not open so long within {LONGEST_DAYS} days; ask for less"
        )
    return found


def first_intervals(has_calls: Bools, series: Series, begin: int, number: int) -> Bools:
    """Of days × intervals, those up to the so-manieth that counts, from `begin` of the first day on."""
    is_counted = np.stack([_counted(day, series) for day in has_calls])
    is_counted[0, :begin] = False
    before: Integers = np.cumsum(is_counted.ravel()).reshape(is_counted.shape) - is_counted
    return np.asarray(before < number, dtype=np.bool_)


def _counted(hours: Bools, series: Series) -> Bools:
    return hours if series.is_whole is None else hours & series.is_whole
