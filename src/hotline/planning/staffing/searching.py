"""What the steps of a search for groups' sizes share: its trials, who is missed, how many more there may be."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from hotline.planning.roster.cpu_budget import Budget
from hotline.planning.staffing.problem import Problem
from hotline.planning.staffing.trials import Simulator, Trial, is_too_busy, shortfall

Sizes = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Progress:
    """Told after each trial: how many there were, agent-intervals planned, how many intervals miss a target."""

    trials: int
    agents: int
    missed: int


@dataclass(slots=True)
class Search:
    """What all steps of one search share. `limits`: all groups together, by interval; `skills` of each group."""

    problem: Problem
    simulate: Simulator
    seed: int
    replications: int
    budget: Budget
    tell: Callable[[Progress], None]
    limits: Sequence[int | None]
    skills: Sequence[frozenset[str]]
    trials: int = 0

    def try_out(self, sizes: Sizes) -> Trial:
        """The trial of these sizes, counted and told."""
        trial = self.simulate(self.problem, sizes, self.seed, self.replications)
        self.trials += 1
        agents = sum(map(sum, sizes.values()))
        self.tell(Progress(self.trials, agents, len(missed_intervals(self.problem, trial))))
        return trial

    def team(self, sizes: Sizes, queues: Set[str], interval: int) -> int:
        """All who serve one of these queues in the interval."""
        needed = {queue.needs for queue in self.problem.queues if queue.id in queues}
        pairs = zip(self.problem.groups, self.skills, strict=True)
        return sum(sizes[group.id][interval] for group, held in pairs if held & needed)


def missed_intervals(problem: Problem, trial: Trial) -> list[int]:
    """The intervals in which some queue misses a target, or all agents together are too busy."""
    return [n for n in range(problem.intervals) if is_too_busy(trial, n, problem) or missed_queues(problem, trial, n)]


def missed_queues(problem: Problem, trial: Trial, interval: int) -> dict[str, float]:
    """How far each queue misses its worst target in the interval; those that keep all are left out."""
    found = {}
    for queue in problem.queues:
        by = shortfall(trial.intervals[queue.id][interval], problem.targets_of(queue))
        if by > 0:
            found[queue.id] = by
    return found


def room_for(search: Search, sizes: Sizes, group: int, interval: int, free: int = 0) -> int:
    """How many more agents of the group there may be in the interval, when so many seats of others become free."""
    given = search.problem.groups[group]
    rooms = [1_000_000]
    if given.most is not None:
        rooms.append(given.most - sizes[given.id][interval])
    limit = search.limits[interval]
    if limit is not None:
        rooms.append(free + limit - sum(counts[interval] for counts in sizes.values()))
    return max(0, min(rooms))
