"""M/M/c/c+K: agents and a limited number of waiting places; who finds all taken is turned away.

Loads are erlangs, times seconds. Source: any text on queues, for example Gross and others, ch. 3; docs/formulas.md."""

import math
from dataclasses import dataclass

from hotline.formulas.erlang_b import inverse_blocking
from hotline.formulas.errors import require_count, require_load, require_not_negative, require_positive

_MOST_PLACES = 1_000_000


@dataclass(frozen=True, slots=True)
class FiniteQueueOutcome:
    """Shares (0–1, of all arrivals) turned away and accepted into the queue; mean number waiting; occupancy."""

    blocking_probability: float
    wait_probability: float
    mean_queue: float
    occupancy: float


def outcome(load_erlangs: float, agents: int, waiting_places: int) -> FiniteQueueOutcome:
    """The long run of M/M/c/c+K; the wait probability counts who is delayed and accepted ÷ all arrivals.

    Raises InvalidParameterError."""
    below, weights = _weights(load_erlangs, agents, waiting_places)
    whole = below + sum(weights)
    blocking = weights[-1] / whole
    return FiniteQueueOutcome(
        blocking_probability=blocking,
        wait_probability=sum(weights[:-1]) / whole,
        mean_queue=sum(waiting * weight for waiting, weight in enumerate(weights)) / whole,
        occupancy=min(load_erlangs * (1.0 - blocking) / agents, 1.0),
    )


def average_wait_s(load_erlangs: float, agents: int, waiting_places: int, handle_time_s: float) -> float:
    """Mean wait in seconds over all accepted arrivals (Little's law). Raises InvalidParameterError."""
    require_positive("handle_time_s", handle_time_s)
    found = outcome(load_erlangs, agents, waiting_places)
    return found.mean_queue * handle_time_s / (load_erlangs * (1.0 - found.blocking_probability))


def service_level_of_accepted(
    load_erlangs: float, agents: int, waiting_places: int, handle_time_s: float, threshold_s: float
) -> float:
    """Share, 0–1, of accepted arrivals served within the threshold, first come first served.

    Raises InvalidParameterError."""
    require_positive("handle_time_s", handle_time_s)
    require_not_negative("threshold_s", threshold_s)
    below, weights = _weights(load_erlangs, agents, waiting_places)
    late = still_waiting(weights[:-1], agents * threshold_s / handle_time_s)
    return max(1.0 - late / (below + sum(weights[:-1])), 0.0)


def still_waiting(weights_ahead: list[float], services: float) -> float:
    """Sum of weight j × probability that a Poisson number with mean `services` is at most j.

    With weight j for j customers waiting ahead and `services` the mean number of services within a threshold, this is
    the weight of those who wait longer than it."""
    if not services:
        return sum(weights_ahead)
    done = total = 0.0
    log_services = math.log(services)
    for ahead, weight in enumerate(weights_ahead):
        done += math.exp(ahead * log_services - services - math.lgamma(ahead + 1.0))
        total += weight * done
    return total


def _weights(load_erlangs: float, agents: int, waiting_places: int) -> tuple[float, list[float]]:
    """Weight of the states with a free agent, and of each number waiting; the largest of the latter is 1."""
    require_load("load_erlangs", load_erlangs)
    require_count("agents", agents)
    require_count("waiting_places", waiting_places, 0, _MOST_PLACES)
    ratio = load_erlangs / agents
    weights = _powers(ratio, waiting_places) if ratio <= 1.0 else _powers(1.0 / ratio, waiting_places)[::-1]
    inverse = inverse_blocking(load_erlangs, agents)
    return weights[0] * (inverse - 1.0) if weights[0] else 0.0, weights


def _powers(ratio: float, highest: int) -> list[float]:
    powers = [1.0]
    for _ in range(highest):
        powers.append(powers[-1] * ratio)
    return powers
