"""M/M/n+G: agents, an endless queue, and customers whose patience follows any distribution.

Exact integrals after Baccelli and Hebuterne 1981 and Zeltyn and Mandelbaum 2005. With arrivals λ, service rate nμ and
H(t) = λ·∫₀ᵗ P(patience > u) du − nμ·t, the offered wait has density λ·p(n−1)·exp(H(t)) behind a mass at zero. H is
concave, so everything is scaled by its peak and nothing overflows. Times in seconds, loads in erlangs."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from hotline.formulas.erlang_b import inverse_blocking
from hotline.formulas.errors import (
    require_count,
    require_inner_ratio,
    require_load,
    require_not_negative,
    require_positive,
)
from hotline.formulas.outcome import Outcome
from hotline.formulas.quadrature import Vector, adaptive_integral
from hotline.formulas.roots import increasing_root

_TOLERANCE = 1e-13
# exp(-50) of the peak is below what the sums can tell.
_DEPTH = 50.0


class Patience(Protocol):
    """How long customers are willing to wait."""

    @property
    def breaks_s(self) -> tuple[float, ...]:
        """Where the survival function is not smooth, in seconds."""

    def survival(self, time_s: float) -> float:
        """Share, 0–1, of customers who would still wait after so many seconds."""

    def gone(self, time_s: float) -> float:
        """1 − survival, precise where it is small."""

    def waited_s(self, time_s: float) -> float:
        """Mean of the smaller of patience and this time: the integral of the survival function."""


@dataclass(frozen=True, slots=True)
class FixedPatience:
    """Everybody waits exactly so many seconds and then gives up."""

    patience_s: float

    def __post_init__(self) -> None:
        require_positive("patience_s", self.patience_s)

    @property
    def breaks_s(self) -> tuple[float, ...]:
        return (self.patience_s,)

    def survival(self, time_s: float) -> float:
        return 1.0 if time_s < self.patience_s else 0.0

    def gone(self, time_s: float) -> float:
        return 0.0 if time_s < self.patience_s else 1.0

    def waited_s(self, time_s: float) -> float:
        return min(time_s, self.patience_s)


@dataclass(frozen=True, slots=True)
class HyperexponentialPatience:
    """Two kinds of customers, each with exponential patience: the first kind's share and both means in seconds."""

    first_probability: float
    means_s: tuple[float, float]

    def __post_init__(self) -> None:
        require_inner_ratio("patience_first_probability", self.first_probability)
        for mean in self.means_s:
            require_positive("patience_means_s", mean)

    @property
    def breaks_s(self) -> tuple[float, ...]:
        return ()

    def survival(self, time_s: float) -> float:
        first, (one, other) = self.first_probability, self.means_s
        return first * math.exp(-time_s / one) + (1.0 - first) * math.exp(-time_s / other)

    def gone(self, time_s: float) -> float:
        first, (one, other) = self.first_probability, self.means_s
        return -first * math.expm1(-time_s / one) - (1.0 - first) * math.expm1(-time_s / other)

    def waited_s(self, time_s: float) -> float:
        first, (one, other) = self.first_probability, self.means_s
        return -first * one * math.expm1(-time_s / one) - (1.0 - first) * other * math.expm1(-time_s / other)


@dataclass(frozen=True, slots=True)
class ExponentialPatience:
    """Patience without memory, with this mean in seconds (Erlang A)."""

    mean_s: float

    def __post_init__(self) -> None:
        require_positive("patience_mean_s", self.mean_s)

    @property
    def breaks_s(self) -> tuple[float, ...]:
        return ()

    def survival(self, time_s: float) -> float:
        return math.exp(-time_s / self.mean_s)

    def gone(self, time_s: float) -> float:
        return -math.expm1(-time_s / self.mean_s)

    def waited_s(self, time_s: float) -> float:
        return -self.mean_s * math.expm1(-time_s / self.mean_s)


def outcome(load_erlangs: float, agents: int, handle_time_s: float, patience: Patience) -> Outcome:
    """Waits and losses of M/M/n+G, to about 1e-11 of their size. Raises InvalidParameterError."""
    queue = _Queue.of(load_erlangs, agents, handle_time_s, patience)

    def integrand(time_s: float) -> Vector:
        density = queue.density(time_s)
        return density, patience.gone(time_s) * density, patience.waited_s(time_s) * density

    waiting, leaving, waited = queue.integral(integrand, math.inf)
    whole = queue.nobody_waits + waiting
    abandon = leaving / whole
    average_wait_s = waited / whole
    return Outcome(
        wait_probability=waiting / whole,
        abandon_probability=abandon,
        average_wait_s=average_wait_s,
        mean_queue=queue.arrivals_per_s * average_wait_s,
        occupancy=min(load_erlangs * (1.0 - abandon) / agents, 1.0),
    )


def service_level(
    load_erlangs: float, agents: int, handle_time_s: float, patience: Patience, threshold_s: float
) -> float:
    """Share, 0–1, served within the threshold ÷ all arrivals. Raises InvalidParameterError."""
    require_not_negative("threshold_s", threshold_s)
    queue = _Queue.of(load_erlangs, agents, handle_time_s, patience)
    if queue.nobody_waits == math.inf:
        return 1.0
    (waiting,) = queue.integral(lambda time_s: (queue.density(time_s),), math.inf)
    served: Vector = (0.0,)
    if threshold_s > 0.0:
        served = queue.integral(lambda time_s: (patience.survival(time_s) * queue.density(time_s),), threshold_s)
    return (queue.nobody_waits + served[0]) / (queue.nobody_waits + waiting)


@dataclass(frozen=True, slots=True)
class _Queue:
    """The exponent H and its peak; densities and the mass at zero are scaled by exp(-peak)."""

    arrivals_per_s: float
    services_per_s: float
    patience: Patience
    peak_at_s: float
    peak: float
    nobody_waits: float

    @staticmethod
    def of(load_erlangs: float, agents: int, handle_time_s: float, patience: Patience) -> "_Queue":
        require_load("load_erlangs", load_erlangs)
        require_count("agents", agents)
        require_positive("handle_time_s", handle_time_s)
        arrivals, services = load_erlangs / handle_time_s, agents / handle_time_s
        at_s = _peak_at_s(arrivals, services, patience)
        peak = arrivals * patience.waited_s(at_s) - services * at_s
        zero = inverse_blocking(load_erlangs, agents - 1) * math.exp(-peak)
        return _Queue(arrivals, services, patience, at_s, peak, zero)

    def exponent(self, time_s: float) -> float:
        return self.arrivals_per_s * self.patience.waited_s(time_s) - self.services_per_s * time_s - self.peak

    def density(self, time_s: float) -> float:
        return self.arrivals_per_s * math.exp(self.exponent(time_s))

    def integral(self, integrand: Callable[[float], Vector], end_s: float) -> Vector:
        """The integral from 0 to `end_s`, over where the density counts, cut where it is not smooth."""
        low, high = self._low_s(), min(self._high_s(), end_s)
        inner = sorted(at for at in (*self.patience.breaks_s, self.peak_at_s) if low < at < high)
        edges = [low, *inner, high] if low < high else [0.0, end_s]
        parts = [adaptive_integral(integrand, left, right, _TOLERANCE) for left, right in pairwise(edges)]
        return tuple(sum(column) for column in zip(*parts, strict=True))

    def _low_s(self) -> float:
        if self.exponent(0.0) >= -_DEPTH:
            return 0.0
        return increasing_root(lambda time_s: self.exponent(time_s) + _DEPTH, 0.0, self.peak_at_s)

    def _high_s(self) -> float:
        high = self.peak_at_s + 1.0 / self.services_per_s
        while self.exponent(high) > -_DEPTH:
            high = self.peak_at_s + 2.0 * (high - self.peak_at_s)
        return increasing_root(lambda time_s: -self.exponent(time_s) - _DEPTH, self.peak_at_s, high)


def _peak_at_s(arrivals_per_s: float, services_per_s: float, patience: Patience) -> float:
    """Where those still patient come as fast as agents take them; 0 where agents are faster from the start."""
    if arrivals_per_s <= services_per_s:
        return 0.0
    share = services_per_s / arrivals_per_s
    high = 1.0 / services_per_s
    while patience.survival(high) > share:
        high *= 2.0
    return increasing_root(lambda time_s: share - patience.survival(time_s), 0.0, high)
