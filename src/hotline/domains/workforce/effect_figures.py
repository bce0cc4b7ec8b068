"""What changed for people after they joined a rotation, told of groups only. Pure.

A figure is told of five people or more. What is told of several groups and of all together must not tell of fewer by
subtraction either: the figure of all is withheld when those whose own groups are withheld are fewer than five."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

LEAST_PEOPLE: Final = 5


class Side(NamedTuple):
    """One person's sum and number before or after joining: scores and answers, or sick days and days planned."""

    total: int
    number: int


@dataclass(frozen=True, slots=True)
class Change:
    """One person on both sides of their joining."""

    person: str
    before: Side
    after: Side

    @property
    def is_known(self) -> bool:
        """Whether there is something to divide by on both sides: only then are the same people compared."""
        return self.before.number > 0 and self.after.number > 0


@dataclass(frozen=True, slots=True)
class Effect:
    """The group's figure before and after, as (sum, count) over its people; none where they are fewer than five."""

    people: int | None
    before: Side | None = None
    after: Side | None = None


WITHHELD: Final = Effect(None)


def effect_of(changes: Iterable[Change]) -> Effect:
    """The figure of a group; withheld where it speaks of fewer than five people."""
    known = [change for change in changes if change.is_known]
    if len({change.person for change in known}) < LEAST_PEOPLE:
        return WITHHELD
    before, after = (_summed(side) for side in zip(*((one.before, one.after) for one in known), strict=True))
    return Effect(len({change.person for change in known}), before, after)


def effects_of(groups: Mapping[str, Sequence[Change]]) -> tuple[dict[str, Effect], Effect]:
    """The figure of each group, and that of all together where it cannot be used to tell of fewer than five."""
    told = {name: effect_of(changes) for name, changes in groups.items()}
    hidden = {
        change.person
        for name, changes in groups.items()
        if told[name].people is None
        for change in changes
        if change.is_known
    }
    if 0 < len(hidden) < LEAST_PEOPLE:
        return told, WITHHELD
    return told, effect_of(change for changes in groups.values() for change in changes)


def share_of(people: Iterable[tuple[str, bool]]) -> Side | None:
    """Those to whom it happened, of how many; none of fewer than five."""
    known = dict(people)
    return Side(sum(known.values()), len(known)) if len(known) >= LEAST_PEOPLE else None


def _summed(sides: Iterable[Side]) -> Side:
    listed = list(sides)
    return Side(sum(side.total for side in listed), sum(side.number for side in listed))
