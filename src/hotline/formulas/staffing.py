"""How many agents reach several targets together, and how much load a given number carries.

With a finite patience the queue is Erlang A and the service level counts abandoned customers as not served in time;
with an infinite one it is Erlang C. Loads in erlangs, times in seconds, shares 0–1."""

import math
from dataclasses import dataclass

from hotline.formulas import erlang_a, erlang_c
from hotline.formulas.errors import (
    MOST_AGENTS,
    InvalidParameterError,
    UnreachableTargetError,
    require_count,
    require_inner_ratio,
    require_load,
    require_not_negative,
    require_positive,
)
from hotline.formulas.roots import fewest

_LARGEST_LOAD = 1e9
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Targets:
    """What must hold together; None is no target. At least one is needed.

    Service level: least share served within the threshold. Abandoned, occupancy: greatest shares. Average wait: the
    greatest mean in seconds over all customers. Raises InvalidParameterError when made of impossible values."""

    service_level: float | None = None
    threshold_s: float = 20.0
    abandon_probability: float | None = None
    average_wait_s: float | None = None
    occupancy: float | None = None

    def __post_init__(self) -> None:
        require_not_negative("threshold_s", self.threshold_s)
        for name in ("service_level", "abandon_probability", "occupancy"):
            if (share := getattr(self, name)) is not None:
                require_inner_ratio(name, share)
        if self.average_wait_s is not None:
            require_positive("average_wait_s", self.average_wait_s)
        if all(t is None for t in (self.service_level, self.abandon_probability, self.average_wait_s, self.occupancy)):
            raise InvalidParameterError(name="targets", value="empty", rule="a service level, or another target")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one staffing comes to: shares 0–1, mean wait in seconds over all customers, mean number waiting."""

    agents: int
    load_erlangs: float
    service_level: float
    wait_probability: float
    abandon_probability: float
    average_wait_s: float
    mean_queue: float
    occupancy: float


def figures(
    load_erlangs: float, agents: int, handle_time_s: float, threshold_s: float, patience_mean_s: float = math.inf
) -> Figures:
    """All figures of Erlang A, or of Erlang C when patience is infinite.

    Raises UnstableQueueError when patience is infinite and agents <= load_erlangs, InvalidParameterError."""
    found = erlang_a.outcome(load_erlangs, agents, handle_time_s, patience_mean_s)
    return Figures(
        agents=agents,
        load_erlangs=load_erlangs,
        service_level=erlang_a.service_level(load_erlangs, agents, handle_time_s, patience_mean_s, threshold_s),
        wait_probability=found.wait_probability,
        abandon_probability=found.abandon_probability,
        average_wait_s=found.average_wait_s,
        mean_queue=found.mean_queue,
        occupancy=found.occupancy,
    )


def fewest_agents(
    load_erlangs: float, handle_time_s: float, targets: Targets, patience_mean_s: float = math.inf
) -> int:
    """The fewest agents who reach all targets. Raises InvalidParameterError, UnreachableTargetError."""
    require_load("load_erlangs", load_erlangs)
    require_positive("handle_time_s", handle_time_s)
    others = (targets.abandon_probability, targets.average_wait_s, targets.occupancy)
    is_only_service_level = all(other is None for other in others)
    if is_only_service_level and targets.service_level is not None and patience_mean_s == math.inf:
        return erlang_c.fewest_agents(load_erlangs, handle_time_s, targets.threshold_s, targets.service_level)

    def reaches(agents: int) -> bool:
        return are_met(load_erlangs, agents, handle_time_s, targets, patience_mean_s)

    least = math.floor(load_erlangs) + 1 if patience_mean_s == math.inf else 1
    guess = math.ceil(load_erlangs / (targets.occupancy or 1.0) + 0.25 * math.sqrt(load_erlangs))
    found = fewest(reaches, least, guess, MOST_AGENTS)
    if found is None:
        raise UnreachableTargetError(agents=MOST_AGENTS)
    return found


def are_met(
    load_erlangs: float, agents: int, handle_time_s: float, targets: Targets, patience_mean_s: float = math.inf
) -> bool:
    """Whether all targets hold; a queue that grows without end meets none. Raises InvalidParameterError."""
    if patience_mean_s == math.inf and load_erlangs >= agents:
        return False
    found = erlang_a.outcome(load_erlangs, agents, handle_time_s, patience_mean_s)
    limits = (
        (found.abandon_probability, targets.abandon_probability),
        (found.average_wait_s, targets.average_wait_s),
        (found.occupancy, targets.occupancy),
    )
    if any(limit is not None and value > limit for value, limit in limits):
        return False
    if targets.service_level is None:
        return True
    level = erlang_a.service_level(load_erlangs, agents, handle_time_s, patience_mean_s, targets.threshold_s)
    return level >= targets.service_level


def largest_load(agents: int, handle_time_s: float, targets: Targets, patience_mean_s: float = math.inf) -> float:
    """The largest load in erlangs at which so many agents still meet all targets; 0 when none does.

    Raises InvalidParameterError, UnreachableTargetError where no load is too much for the targets."""
    require_count("agents", agents)
    require_positive("handle_time_s", handle_time_s)
    low, high = 0.0, float(agents)
    while are_met(high, agents, handle_time_s, targets, patience_mean_s):
        low, high = high, 2.0 * high
        if high > _LARGEST_LOAD:
            raise InvalidParameterError(name="targets", value=low, rule="targets that a greater load can miss")
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if are_met(middle, agents, handle_time_s, targets, patience_mean_s) else (low, middle)
        )
    return low
