"""Which level of the funnel solves what, and which one comes next. Pure: no Django, no clock."""

from collections.abc import Sequence

import msgspec


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """A level and its queue; self-service has none."""

    number: int
    queue_id: str | None


def level_of(levels: Sequence[Level], queue_id: str | None) -> Level | None:
    """The level whose queue that is."""
    return next((level for level in levels if queue_id is not None and level.queue_id == queue_id), None)


def starting_level(levels: Sequence[Level], grade: int) -> Level | None:
    """The lowest level with a queue that can solve a matter of that grade; None when no level can."""
    return next(iter(levels_from(levels, grade)), None)


def levels_from(levels: Sequence[Level], grade: int) -> list[Level]:
    """Every level with a queue that can solve a matter of that grade, the lowest first."""
    able = [level for level in levels if level.queue_id is not None and level.number >= grade]
    return sorted(able, key=lambda level: level.number)


def self_service_level(levels: Sequence[Level]) -> Level | None:
    """The lowest level, if it has no queue: what is solved there never asked for a person. A higher one without a queue
    is one whose queue is still to come."""
    lowest = min(levels, key=lambda level: level.number, default=None)
    return lowest if lowest is not None and lowest.queue_id is None else None
