"""Queues of equal load whose agents each master one queue, or all of them, with shared waiting places.

After R. Wallace and W. Whitt 2005. Two cases have an exact form:

* one skill: each queue has its own agents, and only the waiting places are shared. Cutting off the states with too many
  waiting leaves a reversible chain reversible, so the queues' own distributions multiply;
* all skills: whoever is free serves whoever comes, and the number in the house is that of M/M/c/c+K. Who of the waiting
  is next depends on the agents' order of skills, so averages are exact and the service level has no form here.

With some skills but not all, only a simulation tells. Loads in erlangs, times in seconds."""

import math
from dataclasses import dataclass

from hotline.formulas import finite_queue
from hotline.formulas.erlang_b import inverse_blocking
from hotline.formulas.errors import (
    BeyondFormulaError,
    InvalidParameterError,
    require_count,
    require_load,
    require_positive,
)
from hotline.formulas.finite_queue import still_waiting

_MOST_QUEUES, _MOST_PLACES = 100, 2_000  # the product costs queues × places² steps
_MOST_EXPONENT = 600.0  # weights up to exp(600) still multiply without overflow


@dataclass(frozen=True, slots=True)
class BalancedSkills:
    """The layout: how many queues, erlangs offered to each, agents in all and waiting places in all.

    Raises InvalidParameterError when made of impossible values."""

    queues: int
    load_erlangs_each: float
    agents: int
    waiting_places: int
    handle_time_s: float

    def __post_init__(self) -> None:
        require_count("queues", self.queues)
        require_load("load_erlangs_each", self.load_erlangs_each)
        require_count("agents", self.agents)
        require_count("waiting_places", self.waiting_places, 0)
        require_positive("handle_time_s", self.handle_time_s)
        if self.agents % self.queues:
            raise InvalidParameterError(
                name="agents", value=self.agents, rule=f"a multiple of the {self.queues} queues, the same for each"
            )
        for name, value, most in (
            ("queues", self.queues, _MOST_QUEUES),
            ("waiting_places", self.waiting_places, _MOST_PLACES),
        ):
            if value > most:
                raise BeyondFormulaError(name=name, value=value, rule=f"{most:,} at the most")


@dataclass(frozen=True, slots=True)
class BalancedOutcome:
    """Share (0–1) of arrivals turned away; mean wait in seconds over all accepted."""

    blocking_probability: float
    average_wait_s: float


def with_one_skill(layout: BalancedSkills) -> BalancedOutcome:
    """What each queue's customers meet when every agent serves one queue only."""
    own, others = _own_and_others(layout)
    places = layout.waiting_places
    whole = _joint(own.with_free_agent + own.waiting[0], own.waiting, others)
    blocked = sum(own.waiting[mine] * others[places - mine] for mine in range(places + 1))
    queued = sum(mine * weight * sum(others[: places - mine + 1]) for mine, weight in enumerate(own.waiting))
    blocking = blocked / whole
    accepted = layout.load_erlangs_each * (1.0 - blocking)
    return BalancedOutcome(blocking, queued / whole * layout.handle_time_s / accepted)


def service_level_with_one_skill(layout: BalancedSkills, threshold_s: float) -> float:
    """Share, 0–1, of accepted arrivals served within the threshold when every agent serves one queue only."""
    own, others = _own_and_others(layout)
    places = layout.waiting_places
    at_once = own.with_free_agent * sum(others)
    # An arrival that must wait is accepted while fewer than all places are taken.
    ahead = [weight * sum(others[: places - mine]) for mine, weight in enumerate(own.waiting[:-1])]
    services = layout.agents / layout.queues * threshold_s / layout.handle_time_s
    return 1.0 - still_waiting(ahead, services) / (at_once + sum(ahead))


def with_all_skills(layout: BalancedSkills) -> BalancedOutcome:
    """What customers meet when every agent serves every queue."""
    load = layout.queues * layout.load_erlangs_each
    found = finite_queue.outcome(load, layout.agents, layout.waiting_places)
    wait_s = finite_queue.average_wait_s(load, layout.agents, layout.waiting_places, layout.handle_time_s)
    return BalancedOutcome(found.blocking_probability, wait_s)


@dataclass(frozen=True, slots=True)
class _One:
    """Weights of one queue alone: some agent free; all busy and so many waiting."""

    with_free_agent: float
    waiting: list[float]

    def by_waiting(self) -> list[float]:
        return [self.with_free_agent + self.waiting[0], *self.waiting[1:]]


def _own_and_others(layout: BalancedSkills) -> tuple[_One, list[float]]:
    """One queue's weights, and those of the number waiting in all the others together."""
    agents = layout.agents // layout.queues
    ratio = layout.load_erlangs_each / agents
    if layout.waiting_places * math.log(ratio) > _MOST_EXPONENT:
        raise BeyondFormulaError(
            name="load_erlangs_each", value=layout.load_erlangs_each, rule="a load nearer to what the agents can carry"
        )
    waiting = [ratio**number for number in range(layout.waiting_places + 1)]
    own = _One(inverse_blocking(layout.load_erlangs_each, agents) - 1.0, waiting)
    others = [1.0] + [0.0] * layout.waiting_places
    for _ in range(layout.queues - 1):
        others = _convolved(others, own.by_waiting())
    return own, others


def _convolved(one: list[float], other: list[float]) -> list[float]:
    return [sum(one[i] * other[total - i] for i in range(total + 1)) for total in range(len(one))]


def _joint(nobody: float, waiting: list[float], others: list[float]) -> float:
    rest = len(others)
    return nobody * sum(others) + sum(
        weight * sum(others[: rest - mine]) for mine, weight in enumerate(waiting) if mine
    )
