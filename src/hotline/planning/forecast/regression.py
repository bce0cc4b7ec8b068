"""Two calendars: regression of the days' logarithms on weekday and place in the month, once by dates and once by
working days, with a smoothed level; the day's shape is the weekday's mean of the last months."""

from collections.abc import Sequence

import numpy as np

from hotline.planning.forecast.days import DayTable
from hotline.planning.forecast.history import Floats
from hotline.planning.forecast.models import Cut

_RIDGE = 0.01
_DAMPING = 0.95
_HALF_LIFE_WEEKS = 12.0
_DATE_PLACES = ((0, 0), (1, 2), (3, 5), (6, 8), (13, 15), (-2, -1), (-5, -3))
_WORKING_PLACES = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 5), (9, 11), (-1, -1), (-2, -2), (-3, -3))


class TwoCalendars:
    """The geometric mean of two calendar regressions. `gain`: how fast the level follows the last days."""

    def __init__(self, name: str, gain: float) -> None:
        self.name, self._gain = name, gain
        self.least_days = 30

    def forecasts(self, table: DayTable, cuts: Sequence[Cut]) -> list[Floats]:
        """Calls expected, for each cut."""
        designs = [
            _design(table, table.place_in_month, _DATE_PLACES),
            _design(table, table.working_place, _WORKING_PLACES),
        ]
        y = np.log(table.totals() + 0.5)
        totals = np.maximum(table.totals(), 1e-9)
        shares = table.counts / totals[:, None]
        answers = []
        for begin, end in cuts:
            level = np.mean([self._level(design, y, begin, end) for design in designs], axis=0)
            shape = np.stack([_shape(table, shares, begin, row) for row in range(begin, end)])
            answers.append(np.exp(level)[:, None] * shape)
        return answers

    def _level(self, design: Floats, y: Floats, begin: int, end: int) -> Floats:
        known = design[:begin]
        penalty = np.eye(known.shape[1]) * _RIDGE
        weights = np.linalg.solve(known.T @ known + penalty, known.T @ y[:begin])
        level = 0.0
        for residual in (y[:begin] - known @ weights).tolist():
            level += self._gain * (residual - level)
        fading = _DAMPING ** np.arange(1, end - begin + 1)
        return np.asarray(design[begin:end] @ weights + level * fading, dtype=np.float64)


def _design(table: DayTable, places: np.typing.NDArray[np.int64], ranges: Sequence[tuple[int, int]]) -> Floats:
    columns = [np.ones(len(table.dates))]
    columns += [(table.weekday == weekday).astype(np.float64) for weekday in range(1, 7)]
    columns += [((places >= low) & (places <= high)).astype(np.float64) for low, high in ranges]
    columns += [table.rest_excess, table.is_workday, np.array([bool(name) for name in table.holiday], dtype=np.float64)]
    columns += [effect.values for effect in table.effects]
    return np.stack(columns, axis=1)


def _shape(table: DayTable, shares: Floats, begin: int, row: int) -> Floats:
    rows = np.flatnonzero(table.weekday[:begin] == table.weekday[row])
    rows = rows if len(rows) else np.arange(begin)
    weights = 0.5 ** ((table.age_days[row] - table.age_days[rows]) / 7.0 / _HALF_LIFE_WEEKS)
    mean = (shares[rows] * weights[:, None]).sum(axis=0)
    return np.asarray(mean / max(float(mean.sum()), 1e-12), dtype=np.float64)
