"""A queue whose volume and agents change from interval to interval: who still waits is carried into the next one.

M(t)/M/c(t)+M by Kolmogorov's forward equations, from the distribution in which the interval before ended. Source:
A. Ingolfsson, E. Akhmetshina, S. Budge, Y. Li, X. Wu, A survey and experimental comparison of
service-level-approximation methods for nonstationary M(t)/M/s(t) queueing systems, INFORMS J. Computing 19(2), 2007
(there the reference that the approximations are held against). Who asks is judged by what they find: they are served by
the agents of that moment."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hotline.planning.staffing import chain_kernel

Floats = NDArray[np.float64]
_LOST = 1e-9
_REACH = 8.0  # standard deviations
_LEAST_PLACES = 20
_STEPS_PER_EVENT = 2.0
_MOST_STATES = 2_000_000
_NEGLIGIBLE = 1e-13


@dataclass(frozen=True, slots=True)
class Rates:
    """Of one interval: arrivals per second, mean handle time and patience (inf: endless) in seconds."""

    arrivals: float
    handle_s: float
    patience_s: float = math.inf

    @property
    def load_erlangs(self) -> float:
        """Erlangs offered."""
        return self.arrivals * self.handle_s


@dataclass(frozen=True, slots=True)
class Course:
    """What one interval comes to, of those who ask in it: shares 0–1, mean wait in seconds over all of them, occupancy
    of the servers. `waiting` wait at its end on average, `given_up` left in it. `chances` of each number in the system
    at its end."""

    service_level: float
    abandoned: float
    average_wait_s: float
    occupancy: float
    waiting: float
    given_up: float
    chances: Floats


def empty() -> Floats:
    """Nobody is there."""
    return np.ones(1)


def after_leaving(chances: Floats, before: int, after: int) -> Floats:
    """`chances` when of `before` servers only `after` stay: who goes home finishes the conversation, and so takes the
    customer out of the queue's sight.

    With fewer in the system than servers, those who leave are any of them: the busy among them are hypergeometric."""
    leaving = before - after
    if leaving <= 0:
        return chances
    found = np.zeros(len(chances))
    for number in range(min(before, len(chances))):
        low, high = max(0, leaving - (before - number)), min(leaving, number)
        busy = np.arange(low, high + 1)
        ways = _log_choose(number, busy) + _log_choose(before - number, leaving - busy)
        found[number - busy] += chances[number] * np.exp(ways - _log_choose(before, np.array([leaving])))
    if len(chances) > before:
        found[before - leaving : len(chances) - leaving] += chances[before:]
    return found


def _log_choose(of: int, many: NDArray[np.int64]) -> Floats:
    factorials = _log_factorials(of)
    found: Floats = factorials[of] - factorials[many] - factorials[of - many]
    return found


@cache
def _log_factorials(most: int) -> Floats:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])


def course(before: Floats, rates: Rates, servers: int, length_s: float, threshold_s: float) -> Course:
    """One interval with so many servers, beginning as the one before ended."""
    size = _size(before, rates, servers, length_s)
    while True:
        chances, mean = _advanced(before, rates, servers, length_s, size)
        if chances[-1] + mean[-1] < _LOST or size >= _MOST_STATES:
            return _course(chances, mean, rates, servers, length_s, threshold_s)
        size *= 2


def _size(before: Floats, rates: Rates, servers: int, length_s: float) -> int:
    """States that will do nearly always; a longer queue is found out afterwards."""
    load, leave = rates.load_erlangs, 1.0 / rates.patience_s
    busy = max(load, float(servers))
    excess = max(0.0, rates.arrivals - servers / rates.handle_s)
    queue = min(excess * length_s, excess / leave if leave else math.inf)
    spread = _REACH * math.sqrt(max(busy, rates.arrivals * length_s * min(1.0, excess * rates.handle_s)))
    return max(len(before), int(busy + queue + spread)) + _LEAST_PLACES


def _advanced(before: Floats, rates: Rates, servers: int, length_s: float, size: int) -> tuple[Floats, Floats]:
    chances = np.zeros(size)
    chances[: len(before)] = before
    mean = np.zeros(size)
    number = np.arange(size)
    deaths = np.minimum(number, servers) / rates.handle_s + np.maximum(number - servers, 0) / rates.patience_s
    fastest = rates.arrivals + float(deaths[-1])
    steps = max(1, math.ceil(_STEPS_PER_EVENT * fastest * length_s))
    chain_kernel.advance(chances, mean, rates.arrivals, deaths, length_s / steps, steps)
    return chances, mean


def _course(chances: Floats, mean: Floats, rates: Rates, servers: int, length_s: float, threshold_s: float) -> Course:
    waiting_at = np.maximum(np.arange(len(mean)) - servers, 0)
    in_time, gone, wait_s = found_by(servers, rates, len(mean), threshold_s)
    working = float(np.minimum(np.arange(len(mean)), servers) @ mean)
    return Course(
        service_level=float(mean @ in_time),
        abandoned=float(mean @ gone),
        average_wait_s=float(mean @ wait_s) if servers or rates.patience_s < math.inf else math.inf,
        occupancy=working / servers if servers else 0.0,
        waiting=float(waiting_at @ chances),
        given_up=float(waiting_at @ mean) / rates.patience_s * length_s,
        chances=_trimmed(chances),
    )


def _trimmed(chances: Floats) -> Floats:
    kept = np.flatnonzero(chances > _NEGLIGIBLE)
    return chances[: int(kept[-1]) + 1].copy()


def found_by(servers: int, rates: Rates, size: int, threshold_s: float) -> tuple[Floats, Floats, Floats]:
    """By the number that somebody finds in the system: chance of service within the threshold, chance of giving up,
    and mean wait in seconds.

    Who finds k waiting needs k + 1 freed places; with c servers at rate m and patience at rate t these are exponential
    at rates cm + jt, whose sum is the logarithm of a beta variate: no integral is left."""
    in_time, gone, wait_s = np.ones(size), np.zeros(size), np.zeros(size)
    if size <= servers:
        return in_time, gone, wait_s
    ahead = np.arange(size - servers)
    served, leaves = servers / rates.handle_s, 1.0 / rates.patience_s
    in_time[servers:] = _in_time(ahead, served, leaves, threshold_s)
    if not servers:
        gone[:] = 1.0 if leaves else 0.0
        wait_s[:] = rates.patience_s if leaves else 0.0
        return in_time, gone, wait_s
    gone[servers:] = (ahead + 1) * leaves / (served + (ahead + 1) * leaves)
    # Of an exponential patience the mean wait is the chance of giving up times the mean patience.
    wait_s[servers:] = gone[servers:] * rates.patience_s if leaves else (ahead + 1) / served
    return in_time, gone, wait_s


def _in_time(ahead: NDArray[np.int64], served: float, leaves: float, threshold_s: float) -> Floats:
    """Chance of being served within the threshold, with so many waiting ahead."""
    if not served or not threshold_s:
        return np.zeros(len(ahead))
    later = np.arange(1, len(ahead))
    if not leaves:
        # Fewer freed places than needed is a Poisson number.
        steps = np.concatenate([[0.0], np.cumsum(np.log(served * threshold_s / later))]) - served * threshold_s
        return np.clip(1.0 - np.cumsum(np.exp(steps)), 0.0, 1.0)
    ratio = served / leaves
    ways = np.log(-math.expm1(-leaves * threshold_s) * (later + ratio) / later)
    steps = np.concatenate([[0.0], np.cumsum(ways)]) - (served + leaves) * threshold_s
    found = ratio / (ratio + ahead + 1) * (1.0 - np.cumsum(np.exp(steps)))
    return np.clip(found, 0.0, 1.0)
