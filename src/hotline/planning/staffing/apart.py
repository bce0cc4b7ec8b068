"""Problems taken apart where nobody serves queues of both sides: each part is planned alone, only seats join them."""

from collections.abc import Iterator, Sequence

import msgspec

from hotline.formulas.shares import shares
from hotline.planning.staffing.plan import Effort, Plan, plan
from hotline.planning.staffing.pools import reached
from hotline.planning.staffing.problem import Group, Problem, Queue
from hotline.planning.staffing.trials import Simulator

_FREE = 0.6  # of the effort for what is wanted without a limit, where there is one


def components(skill_sets: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The skills that hang together by sets that have several of them, in the order of the sets."""
    found: list[frozenset[str]] = []
    for held in skill_sets:
        touching = [one for one in found if one & held]
        found = [one for one in found if not one & held] + [held.union(*touching)]
    return found


def parts_of(problem: Problem) -> list[Problem]:
    """First, in one problem without groups, the queues whose people serve nothing else and may be as many as are
    needed, and those that nobody calls; then each pool of queues that share people."""
    own = reached(problem)
    held = components(own)
    pools, alone = [], []
    for skills in held:
        queues = [queue for queue in problem.queues if queue.needs in skills]
        groups = [group for group, reach in zip(problem.groups, own, strict=True) if reach <= skills]
        is_waited_for = any(one.after_s for one in problem.borrowing if one.skill in skills)
        is_free = len(queues) == 1 and not is_waited_for and all(group.most is None for group in groups)
        if is_free or not any(sum(queue.calls) for queue in queues):
            alone += queues
        else:
            pools.append(_part(problem, queues, groups))
    strangers = frozenset[str]().union(*held)
    alone += [queue for queue in problem.queues if queue.needs not in strangers]
    in_order = [queue for queue in problem.queues if queue in alone]
    return [*([_part(problem, in_order, [])] if in_order else []), *pools]


def plan_parts(
    parts: Sequence[Problem], effort: Effort, simulate: Simulator, limits: Sequence[int | None]
) -> list[Plan]:
    """Each part's plan. Where all together want more than the limits, each has its share in proportion to its wish.

    Raises UnreachableTargetError, StaffingProblemError."""
    is_limited = any(limit is not None for limit in limits)
    free = list(_planned(parts, effort, simulate, _FREE if is_limited else 1.0))
    caps = _caps([one.wanted for one in free], limits)
    if caps is None:
        return free
    found = []
    for number, (part, row, begin) in enumerate(zip(parts, caps, free, strict=True)):
        own = _effort(effort, 1.0 / (len(parts) - number))
        found.append(plan(part, own, simulate, within=row, begin=begin))
    return found


def _part(problem: Problem, queues: list[Queue], groups: list[Group]) -> Problem:
    """Queues without groups are reckoned by formula, which knows of no overflow."""
    names = {group.id for group in groups}
    return msgspec.structs.replace(
        problem,
        queues=queues if groups else [without_overflow(queue) for queue in queues],
        groups=groups,
        borrowing=[one for one in problem.borrowing if one.group in names],
        seats=None,
        work=[],
        headcount=None,
    )


def without_overflow(queue: Queue) -> Queue:
    """The queue whose customers wait where they are."""
    return msgspec.structs.replace(queue, overflows=[], most_waiting=None, full_queue=None)


def _planned(parts: Sequence[Problem], effort: Effort, simulate: Simulator, share: float) -> Iterator[Plan]:
    for number, part in enumerate(parts):
        yield plan(part, _effort(effort, share / (len(parts) - number)), simulate)


def _effort(effort: Effort, share: float) -> Effort:
    budget = effort.budget.part(share * effort.budget.left_s())
    return Effort(budget, effort.seed, effort.replications, effort.check_replications, effort.tell)


def _caps(wanted: Sequence[Sequence[int]], limits: Sequence[int | None]) -> list[list[int | None]] | None:
    """Each part's limits in proportion to its wish; None where there is enough for all.

    Where it is scarce once it is shared in every interval: who still waits from before may wish for more."""
    caps: list[list[int | None]] = [[None] * len(limits) for _ in wanted]
    is_short = False
    for n, limit in enumerate(limits):
        wishes = [row[n] for row in wanted]
        if limit is not None:
            is_short = is_short or sum(wishes) > limit
            for row, share in zip(caps, shares(wishes, limit), strict=True):
                row[n] = share
    return caps if is_short else None
