"""What a change of a roster does to the cover of its intervals. Pure.

Covered is the maximum flow from people on duty to the demand of skills, here as the least cut: over sets of skills, the
demand inside plus the people who know a skill outside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from hotline.domains.workforce.skill_sets import filled_by

_MOST_SKILLS: Final = 10  # sets of them are tried; where more are in demand, people count for all


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One person at work: minutes from the roster's first midnight, without breaks, and the skills they serve."""

    pieces: tuple[tuple[int, int], ...]
    breaks: tuple[tuple[int, int], ...]
    skill_ids: frozenset[str]

    def is_on(self, first: int, last: int) -> bool:
        """Whether the person works all of these minutes."""
        works = any(begin <= first and last <= end for begin, end in self.pieces)
        return works and not any(begin < last and first < end for begin, end in self.breaks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """People wanted in the interval of that number, and covered of them."""

    interval: int
    wanted: int
    before: int
    after: int


def effect(
    demand: Mapping[str, list[int]], interval_min: int, before: Iterable[Duty], after: Iterable[Duty]
) -> list[Cover]:
    """The intervals in which the covered demand changes."""
    was, will = _filling(before, demand), _filling(after, demand)
    found = []
    for interval in _touched(interval_min, was, will):
        wanted = {skill: numbers[interval] for skill, numbers in demand.items() if _is_wanted(numbers, interval)}
        first, last = interval * interval_min, (interval + 1) * interval_min
        one = covered(wanted, [duty.skill_ids for duty in was if duty.is_on(first, last)])
        other = covered(wanted, [duty.skill_ids for duty in will if duty.is_on(first, last)])
        if one != other:
            found.append(Cover(interval=interval, wanted=sum(wanted.values()), before=one, after=other))
    return found


def _filling(duties: Iterable[Duty], demand: Mapping[str, list[int]]) -> list[Duty]:
    """The duties with what they fill in place of what is known: skills, and sets of them."""
    return [replace(duty, skill_ids=filled_by(duty.skill_ids, demand)) for duty in duties]


def _is_wanted(numbers: list[int], interval: int) -> bool:
    return interval < len(numbers) and numbers[interval] > 0


def _touched(interval_min: int, was: list[Duty], will: list[Duty]) -> list[int]:
    changed = [*_without(was, will), *_without(will, was)]
    touched: set[int] = set()
    for duty in changed:
        for begin, end in duty.pieces:
            touched |= set(range(max(0, begin // interval_min), -(-end // interval_min)))
    return sorted(touched)


def _without(these: list[Duty], those: list[Duty]) -> list[Duty]:
    left = list(those)
    found = []
    for duty in these:
        if duty in left:
            left.remove(duty)
        else:
            found.append(duty)
    return found


def covered(wanted: Mapping[str, int], here: Iterable[frozenset[str]]) -> int:
    """How much of the demand these people cover, each with the skills they serve."""
    people = list(here)
    if len(wanted) > _MOST_SKILLS:
        return min(sum(wanted.values()), sum(not skills.isdisjoint(wanted) for skills in people))
    skills = frozenset(wanted)
    able = [served & skills for served in people]
    return min(
        sum(wanted[skill] for skill in inside) + sum(not served <= set(inside) for served in able)
        for size in range(len(skills) + 1)
        for inside in combinations(sorted(skills), size)
    )
