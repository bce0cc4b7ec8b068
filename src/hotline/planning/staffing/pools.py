"""Groups that share queues: the fewest agents of each group by interval, before anything is simulated.

For any set of queues, all agents who can serve one of them must be at least as many as one pool would need that served
these queues together: pooling is never worse (Smith and Whitt 1981). These cuts and whole numbers of agents make a
small program for each interval: its answer is where the simulation begins, and bounds the number of agents below."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from hotline.planning.staffing.carry_over import Rates
from hotline.planning.staffing.problem import Borrowing, Group, Problem, Queue, Targets
from hotline.planning.staffing.programs import Program, solve
from hotline.planning.staffing.requirement import stationary_agents

_DEARER_PER_SKILL = 1e-3  # between equals the group with fewer skills is taken: training costs too
_LOOSEST = {"service_level": min, "abandoned": max, "occupancy": max, "average_wait_s": max}


@dataclass(frozen=True, slots=True)
class Cut:
    """Queues that only these groups can serve."""

    queues: tuple[int, ...]
    groups: frozenset[int]


def served(groups: Sequence[Group], borrowing: Sequence[Borrowing]) -> list[frozenset[str]]:
    """The skills that each group answers, borrowed ones included."""
    lent = {group.id: {one.skill for one in borrowing if one.group == group.id} for group in groups}
    return [frozenset(group.skills) | lent[group.id] for group in groups]


def reached(problem: Problem) -> list[frozenset[str]]:
    """The skills whose customers each group may have in the end: its own, and those of queues that overflow to such."""
    by_id = {queue.id: queue.needs for queue in problem.queues}
    found = []
    for held in map(set, served(problem.groups, problem.borrowing)):
        size = -1
        while size < len(held):
            size = len(held)
            held |= {queue.needs for queue in problem.queues if any(by_id[one] in held for one in queue.leads_to)}
        found.append(frozenset(held))
    return found


def cuts_of(problem: Problem, skills: Sequence[frozenset[str]]) -> list[Cut]:
    """The cuts that say something: of those about the same groups the one with most queues, and none that falls apart
    into two about strangers."""
    able = [frozenset(g for g, held in enumerate(skills) if queue.needs in held) for queue in problem.queues]
    found: dict[frozenset[int], tuple[int, ...]] = {}
    for many in range(1, len(able) + 1):
        for queues in combinations(range(len(able)), many):
            groups = frozenset[int]().union(*(able[q] for q in queues))
            if groups and groups not in found and _hangs_together([able[q] for q in queues]):
                found[groups] = tuple(q for q, who in enumerate(able) if who <= groups)
    return [Cut(queues, groups) for groups, queues in found.items()]


def _hangs_together(sets: list[frozenset[int]]) -> bool:
    reached, rest = sets[0], sets[1:]
    while rest:
        touching = [one for one in rest if one & reached]
        if not touching:
            return False
        reached = reached.union(*touching)
        rest = [one for one in rest if not one & reached]
    return True


def pooled_rates(queues: Sequence[Queue], interval: int, length_s: float, volume: Mapping[str, float]) -> Rates | None:
    """All these queues as one, None when closed. Agents' seconds are added: a chat counts its share of an agent."""
    calls = {queue.id: queue.calls[interval] * volume.get(queue.id, 1.0) for queue in queues}
    total = math.fsum(calls.values())
    if not total:
        return None
    work = math.fsum(calls[q.id] * q.aht_in(interval) / q.concurrency for q in queues)
    patient = [(calls[q.id], q.patience_s) for q in queues if calls[q.id]]
    # Customers who never give up are kept in the pool's hardest form: one of them makes the whole pool endless.
    is_endless = any(patience_s is None for _, patience_s in patient)
    leave = 0.0 if is_endless else math.fsum(many / (patience_s or 1.0) for many, patience_s in patient) / total
    return Rates(total / length_s, work / total, math.inf if is_endless else 1.0 / leave)


def pooled_targets(problem: Problem, queues: Sequence[Queue]) -> Targets:
    """The loosest of their targets, so that the pool's need stays a bound; those that not all have are dropped."""
    all_of = [problem.targets_of(queue) for queue in queues]
    given: dict[str, float] = {"within_s": max(targets.within_s for targets in all_of)}
    for name, loosest in _LOOSEST.items():
        values = [getattr(targets, name) for targets in all_of]
        if None not in values:
            given[name] = loosest(values)
    return Targets(**given)


def required_of_cuts(
    problem: Problem, cuts: Sequence[Cut], volume: Mapping[str, float] | None = None
) -> list[list[int]]:
    """`[interval][cut]`: the agents that the cut's queues need as one pool. `volume` multiplies calls, by queue."""
    found = []
    for interval in range(problem.intervals):
        row = []
        for cut in cuts:
            queues = [problem.queues[q] for q in cut.queues]
            rates = pooled_rates(queues, interval, problem.interval_s, volume or {})
            targets = pooled_targets(problem, queues)
            has_target = targets != Targets(within_s=targets.within_s)
            row.append(stationary_agents(rates, targets) if has_target else _load(rates))
        found.append(row)
    return found


def _load(rates: Rates | None) -> int:
    return math.ceil(rates.load_erlangs) if rates else 0


def least_sizes(problem: Problem) -> tuple[dict[str, list[int]], list[bool]]:
    """Agents of each group in each interval who satisfy the cuts at least cost, and where `most` made that impossible:
    there every group that could help is full."""
    skills = reached(problem)
    cuts = cuts_of(problem, skills)
    sizes: dict[str, list[int]] = {group.id: [] for group in problem.groups}
    is_short = []
    known: dict[tuple[int, ...], tuple[list[int], bool]] = {}
    for row in required_of_cuts(problem, cuts):
        key = tuple(row)
        if key not in known:
            known[key] = _cheapest(problem.groups, skills, cuts, row)
        found, short = known[key]
        is_short.append(short)
        for group, count in zip(problem.groups, found, strict=True):
            sizes[group.id].append(count)
    return sizes, is_short


def _cheapest(
    groups: Sequence[Group], skills: Sequence[frozenset[str]], cuts: Sequence[Cut], row: Sequence[int]
) -> tuple[list[int], bool]:
    program = Program()
    columns = [
        program.column(group.cost * (1 + _DEARER_PER_SKILL * (len(held) - 1)), group.most, is_whole=True)
        for group, held in zip(groups, skills, strict=True)
    ]
    missing = program.column(1e3 * max(group.cost for group in groups))
    for cut, required in zip(cuts, row, strict=True):
        program.at_least({missing: 1.0} | {columns[g]: 1.0 for g in sorted(cut.groups)}, required)
    best = solve(program)
    if best is None:
        raise AssertionError("the missing agents make every program solvable")
    return [round(best.values[column]) for column in columns], best.values[missing] > 1e-6
