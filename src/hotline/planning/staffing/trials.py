"""What a simulated plan comes to, as planning gets it from whoever simulates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hotline.planning.staffing.problem import Problem, Targets

# Tries a plan: agents of each group by interval, a seed, and how many replications.
Simulator = Callable[[Problem, Mapping[str, Sequence[int]], int, int], "Trial"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One queue in an interval, or in the whole: calls a replication, shares of all who asked, mean wait in seconds.

    `low` and `high` are the 99 % interval of the service level, None where one replication tells nothing of chance."""

    calls: float
    service_level: float
    low: float | None
    high: float | None
    abandoned: float
    average_wait_s: float


@dataclass(frozen=True, slots=True)
class Trial:
    """Figures by queue and interval (None: nobody asked), in total, and the occupancy of all agents by interval."""

    intervals: Mapping[str, Sequence[Figure | None]]
    totals: Mapping[str, Figure | None]
    occupancy: Sequence[float | None]
    replications: int


def shortfall(figure: Figure | None, targets: Targets) -> float:
    """How far the worst target is missed, as a share of 1; 0 when all are kept. Occupancy is not a queue's."""
    if figure is None:
        return 0.0
    found = [0.0]
    if targets.service_level is not None:
        found.append(targets.service_level - figure.service_level)
    if targets.abandoned is not None:
        found.append(figure.abandoned - targets.abandoned)
    if targets.average_wait_s is not None:
        found.append(min(1.0, figure.average_wait_s / targets.average_wait_s - 1.0))
    return max(found)


def is_too_busy(trial: Trial, interval: int, problem: Problem) -> bool:
    """Whether all agents together are busier in the interval than the problem's targets allow."""
    limit, occupancy = problem.targets.occupancy, trial.occupancy[interval]
    return limit is not None and occupancy is not None and occupancy > limit
