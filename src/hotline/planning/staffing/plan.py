"""The whole plan of a problem: agents for every queue or group, other work, people to roster, seats."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from hotline.formulas.shares import shares
from hotline.planning.roster.cpu_budget import Budget
from hotline.planning.staffing import movable, pools
from hotline.planning.staffing.absence import Absence, absence_of
from hotline.planning.staffing.correcting import Corrected, corrected
from hotline.planning.staffing.movable import Placed
from hotline.planning.staffing.problem import Group, Problem
from hotline.planning.staffing.requirement import Need, demand_of, needs
from hotline.planning.staffing.searching import Progress
from hotline.planning.staffing.trials import Simulator, Trial

_MOST_PASSES = 12
_CHECK_SEED_STEP = 1_000_003
_ENOUGH_CALLS = 200_000
Sizes = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much simulation there may be: chance, CPU seconds, and at most so many replications of a trial of the search
    and of the final check (fewer of large days: `replications_for`)."""

    budget: Budget
    seed: int = 1
    replications: int = 20
    check_replications: int = 50
    tell: Callable[[Progress], None] = lambda progress: None


@dataclass(frozen=True, slots=True)
class Plan:
    """`alone` is each queue with a team of its own; `sizes` agents of each group (or of each queue's team) by interval;
    `wanted` all of them together without a limit of seats, `limits` what seats allow; `stretch` is what simulation
    found ÷ what the cuts say. `trial` is the final check, by
    another seed than the search's; None: not simulated."""

    problem: Problem
    alone: dict[str, list[Need]]
    sizes: Sizes
    wanted: list[int]
    limits: list[int | None]
    placed: Placed | None
    absence: Absence
    search: Corrected | None
    trial: Trial | None
    stretch: float = 1.0

    def agents(self) -> list[int]:
        """All who take calls, by interval."""
        return [sum(counts[n] for counts in self.sizes.values()) for n in range(self.problem.intervals)]

    def at_work(self) -> list[int]:
        """All who take calls or do other work, by interval."""
        beside = self.placed.people if self.placed else [0] * self.problem.intervals
        return [agents + more for agents, more in zip(self.agents(), beside, strict=True)]


def replications_for(problem: Problem, most: int) -> int:
    """So many replications tell enough: `most` of a small day, and of a large one as many as have 200,000 calls, 2 at
    least."""
    calls = math.fsum(math.fsum(queue.calls) for queue in problem.queues)
    return max(min(most, 2), min(most, int(_ENOUGH_CALLS / max(1.0, calls))))


def plan(
    problem: Problem,
    effort: Effort,
    simulate: Simulator | None = None,
    *,
    is_checked: bool = False,
    within: Sequence[int | None] | None = None,
    begin: Plan | None = None,
) -> Plan:
    """The fewest agents that were found to keep the targets. Groups that share queues need `simulate`.

    `is_checked`: teams of single queues are simulated, too. `within`: not more agents than this in each interval, in
    place of what the problem's seats allow; `begin` is then what was found without. Raises UnreachableTargetError,
    StaffingProblemError."""
    if simulate is not None and not problem.groups and any(queue.leads_to for queue in problem.queues):
        problem = with_own_teams(problem)  # no formula knows of overflow: it is played
    absence = absence_of(problem.shrinkage)
    most = None if problem.seats is None else absence.most_agents(problem.seats)
    limits = [most] * problem.intervals if within is None else list(within)
    search, stretch = None, 1.0
    free = {queue.id: needs(demand_of(problem, queue)) for queue in problem.queues}
    if problem.groups and simulate is not None:
        alone = free
        start, _ = pools.least_sizes(problem)
        free_search = begin.search if begin is not None else None
        sizes, wanted, search = _in_groups(problem, start, limits, effort, simulate, free_search)
        stretch = sum(wanted) / max(1, sum(map(sum, start.values())))
    else:
        alone = _within(problem, free, limits)
        sizes = {id: [need.agents for need in found] for id, found in alone.items()}
        wanted = [sum(found[n].required for found in alone.values()) for n in range(problem.intervals)]
    trial = None
    if simulate is not None and problem.queues and (search is not None or is_checked):
        played = problem if search is not None else with_own_teams(problem)
        many = replications_for(problem, effort.check_replications)
        trial = simulate(played, sizes, effort.seed + _CHECK_SEED_STEP, many)
    taken = [sum(counts[n] for counts in sizes.values()) for n in range(problem.intervals)]
    beside = movable.placed(problem, taken, limits) if problem.work else None
    return Plan(problem, alone, sizes, wanted, limits, beside, absence, search, trial, stretch)


def with_own_teams(problem: Problem) -> Problem:
    """The same queues, each with a team that serves nothing else."""
    queues = [msgspec.structs.replace(queue, skill=queue.id) for queue in problem.queues]
    groups = [Group(id=queue.id, skills=[queue.id]) for queue in problem.queues]
    return msgspec.structs.replace(problem, queues=queues, groups=groups, borrowing=[])


def _within(problem: Problem, free: dict[str, list[Need]], limits: Sequence[int | None]) -> dict[str, list[Need]]:
    """The queues' needs where all together may not be more than the limits: scarce seats are shared in proportion to
    what each queue needs then, backlog included."""
    found, before = free, None
    demands = {queue.id: demand_of(problem, queue) for queue in problem.queues}
    for _ in range(_MOST_PASSES):
        there: dict[str, list[int | None]] = {id: [None] * problem.intervals for id in found}
        for n, limit in enumerate(limits):
            wanted = [found[id][n].required for id in found]
            if limit is not None and sum(wanted) > limit:
                for id, share in zip(found, shares(wanted, limit), strict=True):
                    there[id][n] = share
        if there == before or all(one is None for row in there.values() for one in row):
            return found
        found, before = {id: needs(demands[id], there[id]) for id in found}, there
    return found


def _in_groups(
    problem: Problem,
    start: Sizes,
    limits: Sequence[int | None],
    effort: Effort,
    simulate: Simulator,
    free: Corrected | None,
) -> tuple[Sizes, list[int], Corrected]:
    """Sizes within the limits, and the total wanted without them (`free`, where that was found before)."""

    def search(begin: Sizes, within: Sequence[int | None] | None) -> Corrected:
        return corrected(
            problem,
            begin,
            simulate,
            effort.budget,
            seed=effort.seed,
            replications=replications_for(problem, effort.replications),
            mending_replications=replications_for(problem, effort.check_replications),
            limits=within,
            tell=effort.tell,
        )

    found = free or search(start, None)
    wanted = [sum(counts[n] for counts in found.sizes.values()) for n in range(problem.intervals)]
    if all(limit is None or want <= limit for want, limit in zip(wanted, limits, strict=True)):
        return found.sizes, wanted, found
    found = search(_cut(found.sizes, wanted, limits), limits)
    return found.sizes, wanted, found


def _cut(sizes: Sizes, wanted: Sequence[int], limits: Sequence[int | None]) -> Sizes:
    """The sizes, made smaller in proportion where they are beyond the limit."""
    cut = {id: list(counts) for id, counts in sizes.items()}
    for n, (want, limit) in enumerate(zip(wanted, limits, strict=True)):
        if limit is not None and want > limit:
            for id, share in zip(cut, shares([counts[n] for counts in sizes.values()], limit), strict=True):
                cut[id][n] = share
    return cut
