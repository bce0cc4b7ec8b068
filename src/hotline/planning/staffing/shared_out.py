"""Which queue a group's people count for, where they serve several: whoever plans by skill needs whole people."""

from collections.abc import Mapping, Sequence

from hotline.formulas.shares import shares
from hotline.planning.staffing.problem import Borrowing, Group, Queue


def shared_out(
    groups: Sequence[Group],
    sizes: Mapping[str, int],
    queues: Sequence[Queue],
    needs: Mapping[str, int],
    borrowing: Sequence[Borrowing] = (),
) -> dict[str, int]:
    """Agents by queue, of one interval; together as many as the groups' `sizes`.

    Those with fewest skills first, each group in proportion to what its queues still lack of `needs` (agents of a team
    of their own), or to the needs themselves when nothing lacks."""
    lent = {group.id: [one.skill for one in borrowing if one.group == group.id] for group in groups}
    lacking = dict(needs)
    found = dict.fromkeys(needs, 0)
    for group in sorted(groups, key=lambda one: len(one.skills)):
        served = [queue.id for queue in queues if queue.needs in {*group.skills, *lent.get(group.id, ())}]
        weights = [max(0, lacking[id]) for id in served]
        if not any(weights):
            weights = [needs[id] for id in served]
        if not any(weights):
            weights = [1] * len(served)
        for id, many in zip(served, shares(weights, sizes[group.id]), strict=True):
            found[id] += many
            lacking[id] -= many
    return found
