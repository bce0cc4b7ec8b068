"""People on duty given to the skills that want them, so that most of the demand is covered (maximum flow)."""

from collections import Counter, defaultdict
from collections.abc import Sequence

Flow = dict[tuple[int, int], int]


def spread(groups: Counter[int], wanted: Sequence[int]) -> Flow:
    """People on duty, counted by skill mask, given to skills so that most is covered: (mask, skill) to people.

    Augmenting paths over the few groups: a group's surplus may push another group on to a skill that still wants."""
    flow: Flow = defaultdict(int)
    missing = list(wanted)
    free = dict(groups)
    for mask in sorted(groups, key=lambda m: (m.bit_count(), m)):
        _give(mask, flow, missing, free)
        while free[mask] and _augment(mask, flow, missing, free):
            pass
    return flow


def _give(mask: int, flow: Flow, missing: list[int], free: dict[int, int]) -> None:
    """What the group can serve without moving anybody, all at once."""
    for skill, wanting in enumerate(missing):
        given = min(wanting, free[mask]) if mask >> skill & 1 else 0
        if given > 0:
            flow[mask, skill] += given
            missing[skill] -= given
            free[mask] -= given


def _augment(start: int, flow: Flow, missing: list[int], free: dict[int, int]) -> bool:
    """Whether one more person of the group found a skill, perhaps by moving others of other groups on."""
    came_from: dict[int, tuple[int, int]] = {}
    waiting = [start]
    seen = {start}
    while waiting:
        mask = waiting.pop()
        for skill in range(len(missing)):
            if not mask >> skill & 1 or skill in came_from:
                continue
            came_from[skill] = mask, skill
            if missing[skill] > 0:
                _move(start, skill, came_from, flow, missing, free)
                return True
            for other in free:
                if other not in seen and flow.get((other, skill), 0) > 0:
                    seen.add(other)
                    waiting.append(other)
                    came_from[-other - 1] = other, skill
    return False


def _move(
    start: int, skill: int, came_from: dict[int, tuple[int, int]], flow: Flow, missing: list[int], free: dict[int, int]
) -> None:
    missing[skill] -= 1
    mask = came_from[skill][0]
    flow[mask, skill] += 1
    while mask != start:
        left = came_from[-mask - 1][1]
        flow[mask, left] -= 1
        mask = came_from[left][0]
        flow[mask, left] += 1
    free[start] -= 1
