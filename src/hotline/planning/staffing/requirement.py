"""How many agents one queue needs in each interval: all targets together, and whoever still waits from before.

Per interval the greater of two: Erlang A (Erlang C without patience) in the long run, and the course of the interval
that begins with what the one before left."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hotline.formulas import staffing
from hotline.formulas.roots import fewest
from hotline.planning.staffing import carry_over
from hotline.planning.staffing.carry_over import Course, Floats, Rates
from hotline.planning.staffing.problem import Problem, Queue, Retrial, Targets

_MOST_AGENTS = 200_000
_RETRIAL_ROUNDS = 3
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Need:
    """One queue in one interval. `stationary`: agents by the formula alone; `required`: with what was carried over;
    `agents`: those there are, fewer where somebody said so. `course` is what these come to; None: closed."""

    stationary: int
    required: int
    agents: int
    course: Course | None


@dataclass(frozen=True, slots=True)
class _Left:
    """What an interval leaves to the next: who is in the system, its servers, and how many mean to ask again."""

    chances: Floats
    servers: int = 0
    orbit: float = 0.0


@dataclass(frozen=True, slots=True)
class Demand:
    """A queue made ready: rates of each interval (None: closed), servers per agent, targets."""

    rates: tuple[Rates | None, ...]
    targets: Targets
    length_s: float
    concurrency: int = 1
    retrial: Retrial | None = None


def demand_of(problem: Problem, queue: Queue, volume: float = 1.0) -> Demand:
    """The queue's demand, its volume multiplied. An interval without calls is closed."""
    patience_s = math.inf if queue.patience_s is None else queue.patience_s
    rates = tuple(
        Rates(volume * calls / problem.interval_s, queue.aht_in(n), patience_s) if calls else None
        for n, calls in enumerate(queue.calls)
    )
    return Demand(rates, problem.targets_of(queue), problem.interval_s, queue.concurrency, queue.retrial)


def formula_targets(targets: Targets) -> staffing.Targets:
    """The same targets, as the formulas take them."""
    return staffing.Targets(
        service_level=targets.service_level,
        threshold_s=targets.within_s,
        abandon_probability=targets.abandoned,
        average_wait_s=targets.average_wait_s,
        occupancy=targets.occupancy,
    )


def stationary_agents(rates: Rates | None, targets: Targets, concurrency: int = 1) -> int:
    """The fewest agents who reach all targets in the long run; 0 when closed. Raises UnreachableTargetError."""
    if rates is None:
        return 0
    wanted = formula_targets(targets)
    servers = staffing.fewest_agents(rates.load_erlangs, rates.handle_s, wanted, rates.patience_s)
    return -(-servers // concurrency)


def needs(demand: Demand, there: Sequence[int | None] | None = None) -> list[Need]:
    """Each interval's need, in order. `there`: not more agents than this (None: as many as are needed).

    At closing time nobody is left in the line: who still waits then is told in the last course before."""
    found: list[Need] = []
    left = _Left(carry_over.empty())
    for n, rates in enumerate(demand.rates):
        if rates is None:
            found.append(Need(0, 0, 0, None))
            left = _Left(carry_over.empty())
            continue
        stationary = stationary_agents(rates, demand.targets, demand.concurrency)
        required = _required(demand, left, rates, stationary)
        limit = there[n] if there is not None else None
        agents = required if limit is None else min(required, limit)
        course, left = _course(demand, left, rates, agents)
        found.append(Need(stationary, required, agents, course))
    return found


def courses(demand: Demand, agents: Sequence[int]) -> list[Course | None]:
    """What so many agents come to in each interval; None where closed."""
    found: list[Course | None] = []
    left = _Left(carry_over.empty())
    for rates, there in zip(demand.rates, agents, strict=True):
        if rates is None:
            found.append(None)
            left = _Left(carry_over.empty())
            continue
        course, left = _course(demand, left, rates, there)
        found.append(course)
    return found


def _required(demand: Demand, left: _Left, rates: Rates, stationary: int) -> int:
    def reaches(agents: int) -> bool:
        return is_met(_course(demand, left, rates, agents)[0], demand.targets)

    found = fewest(reaches, stationary, stationary, _MOST_AGENTS)
    return _MOST_AGENTS if found is None else found


def is_met(course: Course, targets: Targets) -> bool:
    """Whether the interval keeps all targets."""
    limits = (
        (course.abandoned, targets.abandoned),
        (course.average_wait_s, targets.average_wait_s),
        (course.occupancy, targets.occupancy),
    )
    if any(limit is not None and value > limit + _EPSILON for value, limit in limits):
        return False
    return targets.service_level is None or course.service_level >= targets.service_level - _EPSILON


def _course(demand: Demand, left: _Left, rates: Rates, agents: int) -> tuple[Course, _Left]:
    """The interval's course, and what it leaves.

    Those of the orbit come back at a rate that is taken as even over the interval. It is found by repetition, since
    who gives up in the interval may ask again in it."""
    servers, threshold_s = agents * demand.concurrency, demand.targets.within_s
    begin = carry_over.after_leaving(left.chances, left.servers, servers)

    def at(arrivals: float) -> Course:
        return carry_over.course(begin, replace(rates, arrivals=arrivals), servers, demand.length_s, threshold_s)

    if demand.retrial is None:
        course = at(rates.arrivals)
        return course, _Left(course.chances, servers)
    keeps_s, length_s = demand.retrial.after_s, demand.length_s
    stays = math.exp(-length_s / keeps_s)
    # Of a person who joins at an even moment of the interval, this share is back before its end.
    back = 1.0 - keeps_s / length_s * (1.0 - stays)
    course, joining = at(rates.arrivals + left.orbit * (1.0 - stays) / length_s), 0.0
    for _ in range(_RETRIAL_ROUNDS):
        joining = course.given_up * demand.retrial.probability
        course = at(rates.arrivals + (left.orbit * (1.0 - stays) + joining * back) / length_s)
    return course, _Left(course.chances, servers, left.orbit * stays + joining * (1.0 - back))
