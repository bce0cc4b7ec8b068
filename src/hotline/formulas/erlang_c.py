"""Erlang C: agents with an endless queue of endlessly patient customers (M/M/n).

Loads are erlangs (arrivals per second × mean handle time in seconds); agents, whole numbers; times, seconds.
Sources: A. K. Erlang 1917; docs/formulas.md."""

import math

from hotline.formulas.erlang_b import inverse_blocking
from hotline.formulas.errors import (
    require_count,
    require_inner_ratio,
    require_load,
    require_not_negative,
    require_positive,
    require_stable,
)
from hotline.formulas.roots import increasing_root


def wait_probability(load_erlangs: float, agents: int) -> float:
    """Probability, 0–1, that a customer waits (Erlang C).

    Raises UnstableQueueError when agents <= load_erlangs, InvalidParameterError."""
    _check(load_erlangs, agents)
    return _wait_probability(load_erlangs, agents)


def average_wait_s(load_erlangs: float, agents: int, handle_time_s: float) -> float:
    """Mean wait in seconds over all customers, those who do not wait included. Raises as `wait_probability`."""
    _check(load_erlangs, agents, handle_time_s)
    return _wait_probability(load_erlangs, agents) * handle_time_s / (agents - load_erlangs)


def service_level(load_erlangs: float, agents: int, handle_time_s: float, threshold_s: float) -> float:
    """Share, 0–1, of customers who wait no longer than the threshold. Raises as `wait_probability`."""
    _check(load_erlangs, agents, handle_time_s)
    require_not_negative("threshold_s", threshold_s)
    late = math.exp(-(agents - load_erlangs) * threshold_s / handle_time_s)
    return 1.0 - _wait_probability(load_erlangs, agents) * late


def wait_percentile_s(load_erlangs: float, agents: int, handle_time_s: float, share: float) -> float:
    """The wait in seconds that this share, 0–1, of customers does not exceed; 0 when so many do not wait at all.

    Raises as `wait_probability`."""
    _check(load_erlangs, agents, handle_time_s)
    require_inner_ratio("share", share)
    waiting = _wait_probability(load_erlangs, agents)
    if waiting <= 1.0 - share:
        return 0.0
    return handle_time_s / (agents - load_erlangs) * math.log(waiting / (1.0 - share))


def mean_queue(load_erlangs: float, agents: int) -> float:
    """Mean number of customers who wait. Raises as `wait_probability`."""
    _check(load_erlangs, agents)
    return _wait_probability(load_erlangs, agents) * load_erlangs / (agents - load_erlangs)


def occupancy(load_erlangs: float, agents: int) -> float:
    """Share, 0–1, of an agent's time with customers: load ÷ agents. Raises as `wait_probability`."""
    _check(load_erlangs, agents)
    return load_erlangs / agents


def fewest_agents(load_erlangs: float, handle_time_s: float, threshold_s: float, service_level: float) -> int:
    """The fewest agents with whom this share, 0–1, of customers waits no longer than the threshold.

    One recursion for all candidates. Raises InvalidParameterError, also for a share of 1, which nobody reaches."""
    require_load("load_erlangs", load_erlangs)
    require_positive("handle_time_s", handle_time_s)
    require_not_negative("threshold_s", threshold_s)
    require_inner_ratio("service_level", service_level)
    return _fewest_agents(load_erlangs, threshold_s / handle_time_s, 1.0 - service_level)


def _fewest_agents(load: float, threshold: float, may_be_late: float) -> int:
    agents = int(load) + 1
    inverse = inverse_blocking(load, agents)
    per_load = 1.0 / load
    late, late_with_one_more = math.exp(-(agents - load) * threshold), math.exp(-threshold)
    while agents * late > may_be_late * ((agents - load) * inverse + load):
        late *= late_with_one_more
        agents += 1
        inverse = 1.0 + inverse * agents * per_load
    return agents


def largest_load(agents: int, handle_time_s: float, threshold_s: float, service_level: float) -> float:
    """The largest load in erlangs of which this share, 0–1, waits no longer than the threshold; 0 when none does.

    Raises InvalidParameterError."""
    require_count("agents", agents)
    require_positive("handle_time_s", handle_time_s)
    require_not_negative("threshold_s", threshold_s)
    require_inner_ratio("service_level", service_level)

    def late(load: float) -> float:
        share = _wait_probability(load, agents) * math.exp(-(agents - load) * threshold_s / handle_time_s)
        return share - (1.0 - service_level)

    return increasing_root(late, agents * 1e-9, agents * (1.0 - 1e-12))


def _wait_probability(load_erlangs: float, agents: int) -> float:
    # C = n·B / (n - a·(1 - B)) with B = 1/x; written so that nothing is subtracted but n - a.
    return agents / ((agents - load_erlangs) * inverse_blocking(load_erlangs, agents) + load_erlangs)


def _check(load_erlangs: float, agents: int, handle_time_s: float = 1.0) -> None:
    require_load("load_erlangs", load_erlangs)
    require_count("agents", agents)
    require_positive("handle_time_s", handle_time_s)
    require_stable(load_erlangs, agents)
