"""What could be done about the rest of the day, each with what it would come to. Pure.

A shortage is a stretch of quarters in which fewer people are present by plan than required; a surplus one in which
more are. Effects are the service level over the stretch by Erlang A, weighted by the calls expected."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from hotline.domains.workforce.intraday import QUARTER, QueueDay, level_with

Kind = Literal["move_training", "move_breaks", "overtime", "call_tier", "leave_early"]
_AHEAD: Final = 16  # quarters: four hours
_LEAST_SHORT: Final = 0.5  # people
_LEAST_SPARE: Final = 1.0
_LONGEST_OVERTIME: Final = timedelta(hours=2)
_LEAST_LEAVE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Movable:
    """A break or training that is still to come and may be elsewhere; `index` is a break's place in its shift."""

    agent_id: str
    object_id: str
    version: int
    begins: datetime
    ends: datetime
    queue_ids: frozenset[str]
    index: int | None = None


@dataclass(frozen=True, slots=True)
class ShiftEnd:
    """Whose shift ends when."""

    agent_id: str
    shift_id: str
    ends: datetime
    queue_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tier:
    """A reserve team, the queues it helps and how many people it has."""

    tier_id: str
    name: dict[str, str]
    queue_ids: frozenset[str]
    people: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing to do for a queue from one moment to the other, with so many people. Levels are shares 0–1;
    `hours`: of work more (overtime) or less (leaving early)."""

    kind: Kind
    queue_id: str
    begins: datetime
    ends: datetime
    people: int
    level_before: float
    level_after: float
    hours: float = 0.0
    movables: tuple[Movable, ...] = ()
    agent_ids: tuple[str, ...] = ()
    tier: Tier | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """What there is to act with."""

    activities: Sequence[Movable] = ()
    breaks: Sequence[Movable] = ()
    shift_ends: Sequence[ShiftEnd] = ()
    tiers: Sequence[Tier] = ()


def proposals(queues: Iterable[QueueDay], means: Means, begins: datetime, now: datetime) -> list[Proposal]:
    """What could be done now and in the next four hours, the greatest gain first; what saves hours comes last."""
    found = [one for queue in queues for one in _of_queue(queue, means, begins, now)]
    return sorted(found, key=lambda one: (one.kind == "leave_early", one.level_before - one.level_after, one.begins))


def _of_queue(queue: QueueDay, means: Means, begins: datetime, now: datetime) -> Iterator[Proposal]:
    at = max(0, -(-(now - begins) // QUARTER))  # the next quarter that begins
    upto = min(len(queue.required), at + _AHEAD)
    short = _stretch([queue.required[k] - queue.present[k] >= _LEAST_SHORT for k in range(at, upto)], at)
    if short is not None:
        yield from _against_shortage(queue, means, begins, short)
        return
    spare = _stretch([queue.present[k] - queue.required[k] >= _LEAST_SPARE for k in range(at, upto)], at)
    if spare is not None:
        yield from _leaving(queue, means, begins, spare)


def _stretch(holds: Sequence[bool], offset: int) -> tuple[int, int] | None:
    """The first stretch in which it holds, as [from, to) quarters of the day."""
    first = next((at for at, is_so in enumerate(holds) if is_so), None)
    if first is None:
        return None
    last = next((at for at in range(first, len(holds)) if not holds[at]), len(holds))
    return offset + first, offset + last


def _against_shortage(queue: QueueDay, means: Means, begins: datetime, stretch: tuple[int, int]) -> Iterator[Proposal]:
    since, until = begins + stretch[0] * QUARTER, begins + stretch[1] * QUARTER
    missing = max(queue.required[at] - queue.present[at] for at in range(*stretch))
    most = max(1, round(missing))

    def able(rows: Iterable[Movable]) -> tuple[Movable, ...]:
        return tuple(one for one in rows if queue.queue_id in one.queue_ids and one.begins < until and since < one.ends)

    kinds: tuple[tuple[Kind, tuple[Movable, ...]], ...] = (
        ("move_training", able(means.activities)[:most]),
        ("move_breaks", able(means.breaks)[:most]),
    )
    for kind, rows in kinds:
        if rows:
            gained = [_gained(rows, begins + at * QUARTER) for at in range(*stretch)]
            yield replace(_proposal(kind, queue, (since, until), stretch, gained, len(rows)), movables=rows)
    ending = [
        one for one in means.shift_ends if queue.queue_id in one.queue_ids and since - QUARTER <= one.ends < until
    ][:most]
    if ending:
        end = min(until, since + _LONGEST_OVERTIME)
        gained = [float(sum(one.ends <= begins + at * QUARTER < end for one in ending)) for at in range(*stretch)]
        agents = tuple(one.agent_id for one in ending)
        hours = sum(gained) / 4
        found = _proposal("overtime", queue, (since, end), stretch, gained, len(ending))
        yield replace(found, agent_ids=agents, hours=hours)
    for tier in means.tiers:
        if queue.queue_id in tier.queue_ids and tier.people:
            gained = [float(tier.people)] * (stretch[1] - stretch[0])
            yield replace(_proposal("call_tier", queue, (since, until), stretch, gained, tier.people), tier=tier)


def _leaving(queue: QueueDay, means: Means, begins: datetime, stretch: tuple[int, int]) -> Iterator[Proposal]:
    """Those whose shift ends within the surplus may go at its begin, as many as are to spare until then."""
    since, until = begins + stretch[0] * QUARTER, begins + stretch[1] * QUARTER
    spare = int(min(queue.present[at] - queue.required[at] for at in range(*stretch)))
    going = [
        one for one in means.shift_ends if queue.queue_id in one.queue_ids and since + _LEAST_LEAVE <= one.ends <= until
    ][: max(0, spare)]
    if not going:
        return
    lost = [-float(sum(one.ends > begins + at * QUARTER for one in going)) for at in range(*stretch)]
    hours = -sum((one.ends - since) / timedelta(hours=1) for one in going)
    agents = tuple(one.agent_id for one in going)
    found = _proposal("leave_early", queue, (since, until), stretch, lost, len(going))
    yield replace(found, agent_ids=agents, hours=hours)


def _gained(rows: Iterable[Movable], moment: datetime) -> float:
    """How many more people work in that quarter when these are elsewhere."""
    end = moment + QUARTER
    return sum(max(0.0, (min(one.ends, end) - max(one.begins, moment)) / QUARTER) for one in rows)


def _proposal(
    kind: Kind,
    queue: QueueDay,
    span: tuple[datetime, datetime],
    stretch: tuple[int, int],
    gained: Sequence[float],
    people: int,
) -> Proposal:
    plain = [0.0] * len(gained)
    levels = _level(queue, stretch, plain), _level(queue, stretch, gained)
    return Proposal(kind, queue.queue_id, *span, people, *levels)


def _level(queue: QueueDay, stretch: tuple[int, int], more: Sequence[float]) -> float:
    """The service level over the stretch with so many more people in each quarter."""
    quarters = list(zip(range(*stretch), more, strict=True))
    calls = sum(queue.calls[at] for at, _ in quarters)
    if calls <= 0:
        return 1.0
    reached = sum(
        queue.calls[at]
        * level_with(queue.targets, queue.calls[at], queue.handle_s[at], max(0.0, queue.present[at] + people))
        for at, people in quarters
    )
    return reached / calls
