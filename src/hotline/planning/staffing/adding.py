"""Agents added where the simulation misses a target."""

import math
from collections.abc import Mapping

from hotline.planning.staffing.searching import Search, Sizes, missed_intervals, missed_queues, room_for
from hotline.planning.staffing.trials import Trial, is_too_busy

_MOST_ROUNDS = 25
# Near its target a queue's service level gains about a quarter ÷ √agents by one agent more (Erlang C, 80-90 %); a
# little more is supposed here, so that few are added too many.
_LEVEL_PER_AGENT = 0.35


def add(search: Search, sizes: Sizes) -> tuple[Trial, bool]:
    """Agents added to `sizes` until no interval misses a target, or nobody may be added.

    The last trial, and whether that end was reached."""
    trial = search.try_out(sizes)
    for _ in range(_MOST_ROUNDS):
        missed = missed_intervals(search.problem, trial)
        changed = [_add_in(search, sizes, trial, n) for n in missed]
        if not any(changed):
            return trial, True
        trial = search.try_out(sizes)
        if search.budget.left_s() <= 0:
            return trial, False
    return trial, False


def _add_in(search: Search, sizes: Sizes, trial: Trial, interval: int) -> bool:
    """Agents for one interval, group by group, until every queue that misses a target has got help; whether any."""
    missing = missed_queues(search.problem, trial, interval)
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
        many = max(1, int(worst * math.sqrt(search.team(sizes, helped, interval)) / _LEVEL_PER_AGENT))
        sizes[id][interval] += min(many, room_for(search, sizes, group, interval))
        has_added = True
        missing = {queue: by for queue, by in missing.items() if queue not in helped}
    return has_added


def _most_useful(search: Search, sizes: Sizes, missing: Mapping[str, float], interval: int) -> int | None:
    """The group that helps most missing customers for its cost; the one with fewer skills between equals."""
    best, found = 0.0, None
    for number, group in enumerate(search.problem.groups):
        if not room_for(search, sizes, number, interval):
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
