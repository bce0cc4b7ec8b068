"""Groups' sizes made right by simulation: agents added where a target is missed, taken away where none is.

After M. T. Cezik and P. L'Ecuyer, Staffing multiskill call centers via linear programming and simulation, Management
Science 54(2), 2008: a program first, then simulation where it was too hopeful. All plans meet the same chance (one
seed), so that a difference between two is the plans' own. What came out is mended under another seed, and judged by the
caller under a third."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hotline.planning.roster.cpu_budget import Budget
from hotline.planning.staffing.adding import add
from hotline.planning.staffing.pools import reached
from hotline.planning.staffing.problem import Problem
from hotline.planning.staffing.searching import Progress, Search, Sizes
from hotline.planning.staffing.trials import Simulator
from hotline.planning.staffing.trimming import trim

MENDING_SEED_STEP = 500_009
_SEARCHING = 0.75  # of the budget; the rest is kept for mending


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
    skills = reached(problem)
    early = budget.part(_SEARCHING * budget.left_s())
    search = Search(problem, simulate, seed, replications, early, tell, caps, skills)
    sizes: Sizes = {id: list(counts) for id, counts in start.items()}
    trial, has_added = add(search, sizes)
    has_taken = trim(search, sizes, trial)
    # Agents were taken away until targets just held, with luck's help: other chance tells who is missed after all.
    search.seed, search.replications = seed + MENDING_SEED_STEP, mending_replications or 2 * replications
    search.budget = budget
    _, has_mended = add(search, sizes)
    return Corrected(sizes, search.trials, has_added and has_taken and has_mended)
