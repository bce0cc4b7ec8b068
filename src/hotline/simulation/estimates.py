"""Estimates with confidence intervals from independent observations of a ratio: replications, or batches of one run."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hotline.simulation.student import quantile

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its confidence interval; the bounds are None where one observation tells nothing of chance."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def within(self, least: float, greatest: float) -> "Estimate":
        """The same, with the interval cut to what is possible."""
        if self.low is None or self.high is None:
            return self
        return Estimate(self.value, max(self.low, least), min(self.high, greatest))


def half_width(deviation: float, observations: float, level: float, degrees: float) -> float:
    """Half a confidence interval for a mean: standard error times Student's t."""
    return deviation / math.sqrt(observations) * quantile((1 + level) / 2, degrees)


def mean(values: Floats, level: float) -> Estimate:
    """The mean of independent observations."""
    known = values[~np.isnan(values)]
    many = len(known)
    if not many:
        return Estimate(None)
    centre = float(known.mean())
    if many < 2:
        return Estimate(centre)
    half = half_width(float(known.std(ddof=1)), many, level, many - 1)
    return Estimate(centre, centre - half, centre + half)


def ratio(parts: Floats, wholes: Floats, level: float) -> Estimate:
    """Sum of parts over sum of wholes; its error by the jackknife over the observations.

    Source: Efron, The Jackknife, the Bootstrap and Other Resampling Plans (1982), chapter 3."""
    whole = float(wholes.sum())
    if whole == 0:
        return Estimate(None)
    value = float(parts.sum()) / whole
    many = len(parts)
    others = whole - wholes
    if many < 2 or not np.all(others != 0):
        return Estimate(value)
    without = (parts.sum() - parts) / others
    pseudo = many * value - (many - 1) * without
    half = half_width(float(pseudo.std(ddof=1)), many, level, many - 1)
    return Estimate(value, value - half, value + half)
