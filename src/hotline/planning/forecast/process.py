"""Calendar process: a Gaussian process over the days' logarithms for the level, another for the shape of the day.

One factorisation serves all cuts of a backtest: the leading part of a Cholesky factor is the factor of the days
before the cut, so a forecast from any day is one product."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hotline.planning.forecast.covariance import Variances, covariance
from hotline.planning.forecast.days import DayTable
from hotline.planning.forecast.history import Floats
from hotline.planning.forecast.models import Cut

# Found by marginal likelihood and backtests on half-hours of a bank; relative to noise they hold for other queues.
BY_WORKING_DAY = Variances(
    weekday=0.003, workday=0.02, working_place=0.002, month_place=0.0001, rest=0.006, second=0.005, eve=0.0006,
    slow_level=0.0009, fast_level=0.0009, trend=0.01, year=0.005, holiday=0.01, effect=0.01, noise=0.0004,
)  # fmt: skip
BY_DATE = replace(BY_WORKING_DAY, working_place=0.0001, month_place=0.002)
SHAPE = Variances(
    weekday=0.0135, workday=0.01, working_place=0.0006, month_place=0.0001, rest=0.002, second=0.0, eve=0.002,
    slow_level=0.0009, fast_level=0.0001, trend=0.002, year=0.0005, holiday=0.004, effect=0.002, noise=0.003,
    slow_days=40.0, fast_days=4.0,
)  # fmt: skip
_CONSTANT = 1.0
_SHAPE_CONSTANT = 0.1
_WAVES = 12
_PIECES = 28.0  # the shape's variances are those of the parts of a day cut into so many
_LIKE = 0.1  # share of the day's calls that may lie elsewhere for two weekdays to have one shape of the day
_LEAST_OWN_DAYS = 3
_OUTLIER_SIGMAS = 3.5
_OUTLIER_DOUBT = 25.0


class CalendarProcess:
    """Level from the calendar and the last days' residuals, shape of the day likewise."""

    def __init__(self, name: str, level: Variances) -> None:
        self.name, self._level = name, level
        self.least_days = 6

    def forecasts(self, table: DayTable, cuts: Sequence[Cut]) -> list[Floats]:
        """Calls expected, for each cut."""
        first = min(begin for begin, _end in cuts)
        levels = _levels(table, cuts, first, self._level)
        shapes = _shapes(table, cuts, first)
        return [np.exp(level)[:, None] * shape for level, shape in zip(levels, shapes, strict=True)]


def _levels(table: DayTable, cuts: Sequence[Cut], first: int, v: Variances) -> list[Floats]:
    """Logarithm of each day's total, for each cut."""
    totals = table.totals()
    y = np.log(totals + 0.5)
    centre = float(np.median(y[:first]))
    noise = table.doubt * (v.noise + 1.0 / np.maximum(totals, 0.3 * np.median(totals[:first]) + 1.0))
    between = covariance(table, v) + _CONSTANT
    answers = _conditional(between, noise, (y - centre)[:, None], cuts)
    result: list[Floats] = []
    for answer, (begin, _end) in zip(answers, cuts, strict=True):
        result.append(answer[:, 0] + (centre + _smearing(noise, begin)))
    return result


def _smearing(noise: Floats, begin: int) -> float:
    """Half the chance variance of a day: the mean of calls lies above the exponential of the mean logarithm."""
    return float(np.median(noise[:begin])) / 2


def _shapes(table: DayTable, cuts: Sequence[Cut], first: int) -> list[Floats]:
    """Share of each interval in its day's total, for each cut: reference of the weekday, bent by smooth waves."""
    totals = table.totals()
    shares = table.counts / np.maximum(totals, 1e-9)[:, None]
    reference = _reference(table, shares, totals, first)
    basis, weights = _waves(reference[table.weekday[:first]].mean(axis=0))
    known = reference[table.weekday[: table.known]]
    bends = np.where(known > 0, shares / np.maximum(known, 1e-12) - 1.0, 0.0)
    coefficients = (bends * weights) @ basis
    noise = table.doubt * (SHAPE.noise + _PIECES / np.maximum(totals, 0.3 * np.median(totals[:first]) + 1.0))
    between = covariance(table, SHAPE) + _SHAPE_CONSTANT
    answers = _conditional(between, noise, coefficients, cuts)
    result: list[Floats] = []
    for answer, (begin, end) in zip(answers, cuts, strict=True):
        bend = 1.0 + (answer @ basis.T) / np.maximum(weights, 1e-9)
        shape = reference[table.weekday[begin:end]] * np.maximum(bend, 0.05)
        result.append(shape / np.maximum(shape.sum(axis=1, keepdims=True), 1e-12))
    return result


def _reference(table: DayTable, shares: Floats, totals: Floats, first: int) -> Floats:
    """Mean shares for each weekday (7 × intervals): that of all days alike, or its own where its hours are others."""
    known = shares[:first][totals[:first] > 0]
    weekdays = table.weekday[:first][totals[:first] > 0]
    common = np.median([known[weekdays == w].mean(axis=0) for w in np.unique(weekdays)], axis=0)
    own = {w: known[weekdays == w].mean(axis=0) for w in range(7) if (weekdays == w).sum() >= _LEAST_OWN_DAYS}
    alike = [w for w, mean in own.items() if np.abs(mean - common).sum() / 2 <= _LIKE]
    shared = known[np.isin(weekdays, alike)].mean(axis=0) if alike else known.mean(axis=0)
    return np.stack([own[w] if w in own and w not in alike else shared for w in range(7)])


def _waves(share: Floats) -> tuple[Floats, Floats]:
    """Smooth curves over the day, orthonormal when weighted by calls; and the weights' roots."""
    roots = np.sqrt(share / share.sum())
    is_open = roots > 0
    number = max(1, min(_WAVES, int(is_open.sum()) // 2))
    place = np.cumsum(is_open) / is_open.sum()
    curves = np.cos(np.pi * place[:, None] * np.arange(number)[None])
    basis, _rest = np.linalg.qr(curves * roots[:, None])
    return np.asarray(basis, dtype=np.float64), roots


def _conditional(between: Floats, noise: Floats, values: Floats, cuts: Sequence[Cut]) -> list[Floats]:
    """Expected values of the rows of each cut, given the values (known days × columns) before it."""
    known = len(noise)
    with_noise = between.copy()
    with_noise[np.arange(known), np.arange(known)] += noise
    rest = np.arange(known, len(between))
    with_noise[rest, rest] += float(np.median(noise))
    factor = np.linalg.cholesky(with_noise)
    surprise = np.linalg.solve(factor[:known, :known], values)
    return [np.asarray(factor[begin:end, :begin] @ surprise[:begin], dtype=np.float64) for begin, end in cuts]


def with_doubt(table: DayTable, v: Variances = BY_WORKING_DAY) -> DayTable:
    """The table in which days unlike what all other days say are doubted: little is learnt from them."""
    if table.known < 2 * _LEAST_OWN_DAYS:
        return table
    totals, known = table.totals(), table.known
    y = np.log(totals + 0.5)
    chance = v.noise + 1.0 / np.maximum(totals, 0.3 * np.median(totals) + 1.0)
    between = covariance(table, v)[:known, :known] + _CONSTANT
    doubt = np.ones(known)
    for _round in range(2):
        inverse = np.linalg.inv(between + np.diag(doubt * chance))
        left_out = (inverse @ (y - np.median(y))) / np.diag(inverse)
        sigmas = np.abs(left_out) * np.sqrt(np.diag(inverse))
        usual = max(float(np.median(sigmas)) / 0.6745, 1e-9)
        doubt = np.where(sigmas / usual > _OUTLIER_SIGMAS, _OUTLIER_DOUBT, 1.0)
    return replace(table, doubt=doubt)
