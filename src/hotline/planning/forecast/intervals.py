"""Prediction intervals from the backtest's own errors: what happened as often as promised, times the spread expected.

An interval of n expected calls is taken to vary by √(n·φ + (c·n)²): chance by φ, the level and shape by c. Both come
from the backtest; the share that they leave is corrected by the quantiles of the errors (split conformal)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hotline.planning.forecast.history import Floats

_POISSON = 1.0
_DEFAULT_CV = 0.12
_LEAST_ERRORS = 60
_DEFAULT_LEVEL_CV = 0.05
_LEAST_LEVEL_CV = 0.005


@dataclass(frozen=True, slots=True)
class Spread:
    """How far counts lie from forecasts: the standard deviation is √(n + (cv·n)²), low and high are multiples of it."""

    cv: float
    low: float
    high: float

    def bounds(self, forecast: Floats) -> tuple[Floats, Floats]:
        """Lower and upper bound, calls, of each interval; nothing can be less than 0."""
        deviation = _deviation(forecast, self.cv)
        return np.maximum(forecast + self.low * deviation, 0.0), np.maximum(forecast + self.high * deviation, 0.0)


def spread(actual: Sequence[Floats], forecast: Sequence[Floats], coverage: float) -> Spread:
    """The spread whose bounds hold `coverage` (0–1) of the errors of a backtest; a cautious one without errors."""
    outside = (1.0 - coverage) / 2
    if not forecast:
        return _cautious(outside)
    came, expected = np.concatenate([a.ravel() for a in actual]), np.concatenate([f.ravel() for f in forecast])
    is_open = expected > 0
    came, expected = came[is_open], expected[is_open]
    if len(came) < _LEAST_ERRORS:
        return _cautious(outside)
    squares = (came - expected) ** 2
    beyond = float((squares - _POISSON * expected).sum() / np.maximum((expected**2).sum(), 1e-9))
    cv = float(np.sqrt(max(beyond, 0.0)))
    ratios = (came - expected) / _deviation(expected, cv)
    edge = 1.0 / (len(ratios) + 1)
    low, high = np.quantile(ratios, [max(outside - edge, 0.0), min(1.0 - outside + edge, 1.0)])
    return Spread(cv, min(float(low), 0.0), max(float(high), 0.0))


def level_cv(actual: Sequence[Floats], forecast: Sequence[Floats]) -> float:
    """How far a day's total lies from its forecast, as a share (root mean square); 0.05 without a backtest."""
    if not forecast:
        return _DEFAULT_LEVEL_CV
    came = np.concatenate([a.sum(axis=1) for a in actual])
    expected = np.concatenate([f.sum(axis=1) for f in forecast])
    ratios = came[expected > 0] / expected[expected > 0] - 1.0
    return max(float(np.sqrt(np.mean(ratios**2))), _LEAST_LEVEL_CV) if len(ratios) else _DEFAULT_LEVEL_CV


def _cautious(outside: float) -> Spread:
    # The normal quantile by a rational form (Abramowitz & Stegun 26.2.22), right to .003.
    root = np.sqrt(-2.0 * np.log(outside))
    sigmas = float(root - (2.30753 + 0.27061 * root) / (1 + 0.99229 * root + 0.04481 * root**2))
    return Spread(_DEFAULT_CV, -sigmas, sigmas)


def _deviation(forecast: Floats, cv: float) -> Floats:
    return np.sqrt(np.maximum(forecast, 0.25) + (cv * forecast) ** 2)
