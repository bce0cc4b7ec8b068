"""Going home earlier because there are more people than needed: who can, in which order, and what it makes of a shift.
Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.domains.workforce.intraday import QUARTER, Crew, QueueDay

LEAST_LEFT: Final = timedelta(minutes=30)  # for less nobody is sent home
_ROUNDED: Final = 0.01  # as exact as present people are kept
Minutes = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody on shift then: until when they would work, and how often they were let go in the year."""

    crew: Crew
    ends: datetime
    granted: int
    name: str


@dataclass(frozen=True, slots=True)
class Shortened:
    """What is left of a shift; `excused_min` of it is let off without pay."""

    pieces: tuple[Minutes, ...]
    breaks: tuple[Minutes, ...]
    paid_min: int
    excused_min: int


def fair_order(leavers: Iterable[Leaver]) -> list[Leaver]:
    """Whoever was let go the fewest times comes first; of those, who would have to stay the longest."""
    return sorted(leavers, key=lambda one: (one.granted, -one.ends.timestamp(), one.name, one.crew.agent_id))


def keeps_cover(queues: Sequence[QueueDay], crew: Crew, since: datetime, begins: datetime) -> bool:
    """Whether no queue that they serve has too few people, after `since`, without them; `present` counts them."""
    return all(
        queue.present[at] - part >= queue.required[at] - _ROUNDED
        for queue, at, part in _parts(queues, crew, since, begins)
    )


def without(queues: Sequence[QueueDay], crew: Crew, since: datetime, begins: datetime) -> None:
    """Count them out of who is present after `since`."""
    for queue, at, part in list(_parts(queues, crew, since, begins)):
        queue.present[at] -= part


def most_together(queues: Sequence[QueueDay], leavers: Iterable[Leaver], since: datetime, begins: datetime) -> int:
    """How many of them, in this order, can leave together; afterwards they are counted out."""
    number = 0
    for one in leavers:
        if keeps_cover(queues, one.crew, since, begins):
            without(queues, one.crew, since, begins)
            number += 1
    return number


def shortened(
    pieces: Iterable[Sequence[int]], breaks: Iterable[Sequence[int]], paid_min: int, minute: int, *, is_paid: bool
) -> Shortened:
    """The shift when it ends at the minute. Without pay, paid minutes go down with the work between breaks."""
    before, pauses = list(pieces), list(breaks)
    kept = tuple((begin, min(end, minute)) for begin, end in before if begin < minute)
    rests = tuple((begin, min(end, minute)) for begin, end in pauses if begin < minute)
    whole, left = _length(before) - _length(pauses), _length(kept) - _length(rests)
    paid = paid_min if is_paid or whole <= 0 else round(paid_min * left / whole)
    return Shortened(kept, rests, paid, paid_min - paid)


def _length(spans: Iterable[Sequence[int]]) -> int:
    return sum(end - begin for begin, end in spans)


def _parts(
    queues: Sequence[QueueDay], crew: Crew, since: datetime, begins: datetime
) -> Iterable[tuple[QueueDay, int, float]]:
    """What of the person counts as present for each queue and quarter of the day after `since`."""
    served = [queue for queue in queues if queue.queue_id in crew.queue_ids]
    for at, part in _work_after(crew, since, begins).items():
        wanted = sum(queue.required[at] for queue in served if at < len(queue.required))
        for queue in served:
            if at < len(queue.present):
                yield queue, at, part * (queue.required[at] / wanted if wanted else 1 / len(served))


def _work_after(crew: Crew, since: datetime, begins: datetime) -> Mapping[int, float]:
    found: dict[int, float] = {}
    for segment in crew.segments:
        if segment.kind != "work" or segment.ends <= since:
            continue
        first = (max(segment.begins, since) - begins) / QUARTER
        last = (segment.ends - begins) / QUARTER
        for at in range(math.floor(first), math.ceil(last)):
            found[at] = found.get(at, 0.0) + min(last, at + 1) - max(first, at)
    return found
