"""Groups' sizes made right by simulation: agents added where a target is missed, taken away where none is.

After M. T. Cezik and P. L'Ecuyer, Staffing multiskill call centers via linear programming and simulation, Management
Science 54(2), 2008: a program first, then simulation where it was too hopeful. All plans meet the same chance (one
seed), so that a difference between two is the plans' own. What came out is mended under another seed, and judged by the
caller under a third."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hotline.planning.roster.cpu_budget import Budget
from hotline.planning.staffing.pools import served
from hotline.planning.staffing.problem import Problem
from hotline.planning.staffing.trials import Simulator, Trial, is_too_busy, shortfall

_MOST_ADDING_ROUNDS = 25
_MOST_TAKING_ROUNDS = 30
_STEP = 0.15  # of an interval's agents at the most, added at once where a target is missed widely
_WIDELY = 0.1
MENDING_SEED_STEP = 500_009

Sizes = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Progress:
    """Told after each trial: how many there were, agent-intervals planned, how many intervals miss a target."""

    trials: int
    agents: int
    missed: int


@dataclass(slots=True)
class _Search:
    problem: Problem
    simulate: Simulator
    seed: int
    replications: int
    budget: Budget
    tell: Callable[[Progress], None]
    limits: Sequence[int | None]  # all groups together, by interval
    skills: Sequence[frozenset[str]]
    trials: int = 0

    def try_out(self, sizes: Sizes) -> Trial:
        """The trial of these sizes, counted and told."""
        trial = self.simulate(self.problem, sizes, self.seed, self.replications)
        self.trials += 1
        agents = sum(map(sum, sizes.values()))
        self.tell(Progress(self.trials, agents, len(missed_intervals(self.problem, trial))))
        return trial


@dataclass(frozen=True, slots=True)
class Corrected:
    """Agents of each group by interval, how many trials it took, and whether the search came to its own end."""

    sizes: Sizes
    trials: int
    is_finished: bool


def corrected(
    problem: Problem,
    start: Mapping[str, Sequence[int]],
    simulate: Simulator,
    budget: Budget,
    *,
    seed: int = 1,
    replications: int = 20,
    mending_replications: int | None = None,
    limits: Sequence[int | None] | None = None,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> Corrected:
    """Sizes near the fewest with which the simulation keeps all targets in every interval.

    `limits`: never more agents together than this (seats). When the budget ends, the best so far: targets may then be
    missed, or agents too many."""
    caps = list(limits) if limits is not None else [None] * problem.intervals
    skills = served(problem.groups, problem.borrowing)
    search = _Search(problem, simulate, seed, replications, budget, tell, caps, skills)
    sizes: Sizes = {id: list(counts) for id, counts in start.items()}
    trial, has_added = _add(search, sizes)
    has_taken = _take_away(search, sizes, trial)
    # Agents were taken away until targets just held, with luck's help: other chance tells who is missed after all.
    search.seed, search.replications = seed + MENDING_SEED_STEP, mending_replications or 2 * replications
    _, has_mended = _add(search, sizes)
    return Corrected(sizes, search.trials, has_added and has_taken and has_mended)


def missed_intervals(problem: Problem, trial: Trial) -> list[int]:
    """The intervals in which some queue misses a target, or all agents together are too busy."""
    return [n for n in range(problem.intervals) if is_too_busy(trial, n, problem) or _missed_queues(problem, trial, n)]


def _missed_queues(problem: Problem, trial: Trial, interval: int) -> dict[str, float]:
    found = {}
    for queue in problem.queues:
        by = shortfall(trial.intervals[queue.id][interval], problem.targets_of(queue))
        if by > 0:
            found[queue.id] = by
    return found


# --- adding ---------------------------------------------------------------------------------------------------------


def _add(search: _Search, sizes: Sizes) -> tuple[Trial, bool]:
    trial = search.try_out(sizes)
    for _ in range(_MOST_ADDING_ROUNDS):
        missed = missed_intervals(search.problem, trial)
        changed = [_add_in(search, sizes, trial, n) for n in missed]
        if not any(changed):
            return trial, True
        trial = search.try_out(sizes)
        if search.budget.left_s() <= 0:
            return trial, False
    return trial, False


def _add_in(search: _Search, sizes: Sizes, trial: Trial, interval: int) -> bool:
    """Agents for one interval, group by group, until every queue that misses a target has got help; whether any."""
    missing = _missed_queues(search.problem, trial, interval)
    if not missing and is_too_busy(trial, interval, search.problem):
        missing = {queue.id: 1e-6 for queue in search.problem.queues if queue.calls[interval]}
    has_added = False
    while missing:
        group = _most_useful(search, sizes, missing, interval)
        if group is None:
            return has_added
        helped = {q.id for q in search.problem.queues if q.id in missing and q.needs in search.skills[group]}
        id = search.problem.groups[group].id
        worst = max(missing[queue] for queue in helped)
        many = max(1, int(_STEP * sum(counts[interval] for counts in sizes.values()))) if worst > _WIDELY else 1
        sizes[id][interval] += min(many, _room(search, sizes, group, interval))
        has_added = True
        missing = {queue: by for queue, by in missing.items() if queue not in helped}
    return has_added


def _room(search: _Search, sizes: Sizes, group: int, interval: int) -> int:
    """How many more agents of the group there may be in the interval."""
    given = search.problem.groups[group]
    rooms = [1_000_000]
    if given.most is not None:
        rooms.append(given.most - sizes[given.id][interval])
    limit = search.limits[interval]
    if limit is not None:
        rooms.append(limit - sum(counts[interval] for counts in sizes.values()))
    return max(0, min(rooms))


def _most_useful(search: _Search, sizes: Sizes, missing: Mapping[str, float], interval: int) -> int | None:
    """The group that helps most missing customers for its cost; the one with fewer skills between equals."""
    best, found = 0.0, None
    for number, group in enumerate(search.problem.groups):
        if not _room(search, sizes, number, interval):
            continue
        worth = sum(
            by * queue.calls[interval]
            for queue in search.problem.queues
            if (by := missing.get(queue.id, 0.0)) and queue.needs in search.skills[number]
        )
        worth /= group.cost * (1 + 0.01 * len(search.skills[number]))
        if worth > best * (1 + 1e-9):
            best, found = worth, number
    return found


# --- taking away ----------------------------------------------------------------------------------------------------


def _take_away(search: _Search, sizes: Sizes, trial: Trial) -> bool:
    """One agent less at a time, in intervals that are no neighbours, where all targets still hold; whether the search
    ended by itself. A plan that misses targets already (seats, `most`) is not made smaller there."""
    refused: set[tuple[int, int]] = set()
    bad = set(missed_intervals(search.problem, trial))
    for _ in range(_MOST_TAKING_ROUNDS):
        if search.budget.left_s() <= 0:
            return False
        tries = _candidates(search, sizes, trial, refused, bad)
        if not tries:
            return True
        for interval, group in tries.items():
            sizes[search.problem.groups[group].id][interval] -= 1
        after = search.try_out(sizes)
        worse = set(missed_intervals(search.problem, after)) - bad
        for interval, group in tries.items():
            # An agent who is missing now may be missed in the next interval, too: its callers wait on.
            if {interval, interval + 1} & worse:
                sizes[search.problem.groups[group].id][interval] += 1
                refused.add((interval, group))
        if not worse:
            trial = after
    return False


def _candidates(
    search: _Search, sizes: Sizes, trial: Trial, refused: set[tuple[int, int]], bad: set[int]
) -> dict[int, int]:
    """Interval → group that may lose an agent: the dearest whose queues have most to spare; every third interval."""
    open_to = [
        (n, group)
        for n in range(search.problem.intervals)
        if n not in bad
        for group in _by_slack(search, trial, n)
        if sizes[search.problem.groups[group].id][n] > 0 and (n, group) not in refused
    ]
    found: dict[int, int] = {}
    for interval, group in open_to:
        if not {interval - 2, interval - 1, interval} & set(found):
            found[interval] = group
    return found


def _by_slack(search: _Search, trial: Trial, interval: int) -> list[int]:
    def slack(group: int) -> tuple[float, float]:
        levels = []
        for queue in search.problem.queues:
            figure = trial.intervals[queue.id][interval]
            target = search.problem.targets_of(queue).service_level
            if figure is not None and queue.needs in search.skills[group]:
                levels.append(figure.service_level - (target or 0.0))
        return search.problem.groups[group].cost, min(levels, default=1.0)

    return sorted(range(len(search.problem.groups)), key=slack, reverse=True)
