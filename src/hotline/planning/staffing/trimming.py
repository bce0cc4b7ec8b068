"""Agents taken away, or two exchanged for one who can do the work of both, where all targets still hold."""

import math
from collections.abc import Iterator
from itertools import combinations

from hotline.planning.staffing.searching import Search, Sizes, missed_intervals, room_for
from hotline.planning.staffing.trials import Trial

_MOST_ROUNDS = 40
_LEVEL_PER_AGENT = 0.5  # of service level × √agents: twice what an agent brings, so that a move is seldom refused

# Group → agents more or (below 0) fewer.
Move = tuple[tuple[int, int], ...]


def trim(search: Search, sizes: Sizes, trial: Trial) -> bool:
    """One move at a time in intervals that are no neighbours; whether the search came to its own end.

    `trial` is that of `sizes`. Where targets are missed already (seats, `most`) nothing is made smaller."""
    refused: set[tuple[int, Move]] = set()
    bad = set(missed_intervals(search.problem, trial))
    for _ in range(_MOST_ROUNDS):
        if search.budget.left_s() <= 0:
            return False
        moves = _chosen(search, sizes, trial, refused, bad)
        if not moves:
            return True
        for interval, move in moves.items():
            _make(search, sizes, interval, move)
        after = search.try_out(sizes)
        worse = set(missed_intervals(search.problem, after)) - bad
        for interval, move in moves.items():
            # An agent who is missing now may be missed in the next interval, too: its callers wait on.
            if {interval, interval + 1} & worse:
                _make(search, sizes, interval, tuple((group, -by) for group, by in move))
                refused.add((interval, move))
        if not worse:
            trial = after
    return False


def _make(search: Search, sizes: Sizes, interval: int, move: Move) -> None:
    for group, by in move:
        sizes[search.problem.groups[group].id][interval] += by


def _chosen(
    search: Search, sizes: Sizes, trial: Trial, refused: set[tuple[int, Move]], bad: set[int]
) -> dict[int, Move]:
    """Interval → its most promising move that was not refused; every third interval at the most."""
    found: dict[int, Move] = {}
    for interval in range(search.problem.intervals):
        if interval in bad or {interval - 2, interval - 1} & set(found):
            continue
        fresh = (move for move in _moves(search, sizes, trial, interval) if (interval, move) not in refused)
        move = next(fresh, None)
        if move is not None:
            found[interval] = move
    return found


def _moves(search: Search, sizes: Sizes, trial: Trial, interval: int) -> Iterator[Move]:
    """Agents less, of the dearest group whose queues have most to spare first; then two less and one more."""
    there = [group for group in _by_slack(search, trial, interval) if _count(search, sizes, group, interval)]
    for group in there:
        many = _spare(search, sizes, trial, group, interval)
        while many:
            yield ((group, -many),)
            many //= 2
    for first, second in combinations(sorted(there), 2):
        for both in range(len(search.problem.groups)):
            is_other = both not in (first, second) and _replaces(search, both, first, second)
            if is_other and room_for(search, sizes, both, interval, free=2):
                yield ((first, -1), (second, -1), (both, 1))


def _spare(search: Search, sizes: Sizes, trial: Trial, group: int, interval: int) -> int:
    """So many may be too many at a guess, one at least: many in a large team far above its target."""
    queues = {queue.id for queue in search.problem.queues if queue.needs in search.skills[group]}
    guess = int(
        _slack(search, trial, group, interval) * math.sqrt(search.team(sizes, queues, interval)) / _LEVEL_PER_AGENT
    )
    return min(_count(search, sizes, group, interval), max(1, guess))


def _count(search: Search, sizes: Sizes, group: int, interval: int) -> int:
    return sizes[search.problem.groups[group].id][interval]


def _replaces(search: Search, both: int, first: int, second: int) -> bool:
    """Whether one of a group does some work of two others, for less than they cost."""
    groups, skills = search.problem.groups, search.skills
    can = bool(skills[both] & skills[first]) and bool(skills[both] & skills[second])
    return can and groups[both].cost < groups[first].cost + groups[second].cost


def _by_slack(search: Search, trial: Trial, interval: int) -> list[int]:
    def worth(group: int) -> tuple[float, float]:
        return search.problem.groups[group].cost, _slack(search, trial, group, interval)

    return sorted(range(len(search.problem.groups)), key=worth, reverse=True)


def _slack(search: Search, trial: Trial, group: int, interval: int) -> float:
    """How far the service level of the group's queues is above its target, at the least of them; 1: nobody asks."""
    levels = []
    for queue in search.problem.queues:
        figure = trial.intervals[queue.id][interval]
        target = search.problem.targets_of(queue).service_level
        if figure is not None and queue.needs in search.skills[group]:
            levels.append(figure.service_level - (target or 0.0))
    return min(levels, default=1.0)
