"""The rest of a day: what is expected of it now, how many people that takes, and how many are there. Pure.

A day is its quarters of an hour as they pass: 96, or 92 and 100 where the clocks change."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from hotline.domains.workforce.adherence import Segment
from hotline.formulas import erlang_a, staffing
from hotline.planning.forecast.intervals import Spread
from hotline.planning.forecast.intraday import level_factor, rest_of_day

QUARTER: Final = timedelta(minutes=15)
QUARTER_S: Final = 900
PATIENCE_S: Final = 180.0  # mean, of callers in effects: with endless patience a shortage has no figures at all
LEAST_CALLS: Final = 0.01  # below, nobody is needed
_SPREAD: Final = Spread(0.12, -1.64, 1.64)  # nine tenths, where the forecast brings no spread of its own
_LEVEL_CV: Final = 0.12
USUAL_HANDLE_S: Final = 180.0


@dataclass(frozen=True, slots=True)
class QueueTargets:
    """What a queue wants: a share (0–1) answered within seconds, and at most so busy people."""

    service_level: float
    threshold_s: float
    occupancy: float | None = None


@dataclass(slots=True)
class QueueDay:
    """One queue by quarters: expected before the day (`planned`) and now (`calls`, `low`, `high`), and what came."""

    queue_id: str
    targets: QueueTargets
    planned: list[float]
    handle_s: list[float]
    actual: list[int | None]
    calls: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    level: float = 1.0  # by what the rest of the day was changed
    required: list[int] = field(default_factory=list)
    present: list[float] = field(default_factory=list)

    @property
    def known(self) -> int:
        """How many quarters are over and counted."""
        return next((at for at, count in enumerate(self.actual) if count is None), len(self.actual))


@dataclass(frozen=True, slots=True)
class Crew:
    """Somebody's plan, and the queues they can serve."""

    agent_id: str
    queue_ids: frozenset[str]
    segments: tuple[Segment, ...]


def reforecast(queue: QueueDay) -> None:
    """Expect the rest of the day anew from what came so far. Source: docs/planning.md, rest of the day."""
    planned = np.array(queue.planned, dtype=np.float64)
    so_far = np.array([count for count in queue.actual if count is not None], dtype=np.float64)
    calls, low, high = rest_of_day(planned, so_far, _SPREAD, _LEVEL_CV)
    queue.level, _ = level_factor(float(planned[: len(so_far)].sum()), float(so_far.sum()), _LEVEL_CV)
    queue.calls, queue.low, queue.high = ([round(float(value), 3) for value in values] for values in (calls, low, high))
    queue.required = [required(queue.targets, n, s) for n, s in zip(queue.calls, queue.handle_s, strict=True)]


def required(targets: QueueTargets, calls: float, handle_s: float) -> int:
    """People at work who reach the targets in a quarter of an hour with so many calls."""
    if calls < LEAST_CALLS or handle_s <= 0:
        return 0
    wanted = staffing.Targets(
        service_level=targets.service_level, threshold_s=targets.threshold_s, occupancy=targets.occupancy
    )
    return staffing.fewest_agents(calls * handle_s / QUARTER_S, handle_s, wanted)


def level_with(targets: QueueTargets, calls: float, handle_s: float, people: float) -> float:
    """The service level, 0–1, of so many people; callers have patience. Between whole people in proportion."""
    if calls < LEAST_CALLS or handle_s <= 0:
        return 1.0
    load = calls * handle_s / QUARTER_S
    low = math.floor(people)
    part = people - low

    def level(agents: int) -> float:
        if agents < 1:
            return 0.0
        return erlang_a.service_level(load, agents, handle_s, PATIENCE_S, targets.threshold_s)

    return level(low) if part == 0 else level(low) * (1 - part) + level(low + 1) * part


def count_present(queues: Sequence[QueueDay], crews: Iterable[Crew], begins: datetime) -> None:
    """Say of each queue how many people work for it in each quarter by plan.

    Who can serve several queues is divided among them by what these need just then; evenly where nothing is needed."""
    if not queues:
        return
    number = len(queues[0].planned)
    by_profile: dict[frozenset[str], list[float]] = {}
    for crew in crews:
        if crew.queue_ids:
            totals = by_profile.setdefault(crew.queue_ids, [0.0] * number)
            _add_work(totals, crew.segments, begins)
    for queue in queues:
        queue.present = [0.0] * number
    for profile, totals in by_profile.items():
        served = [queue for queue in queues if queue.queue_id in profile]
        for at, people in enumerate(totals):
            _share_out(served, at, people)
    for queue in queues:
        queue.present = [round(value, 2) for value in queue.present]


def _share_out(served: Sequence[QueueDay], at: int, people: float) -> None:
    wanted = sum(queue.required[at] for queue in served)
    for queue in served:
        share = queue.required[at] / wanted if wanted else 1 / len(served)
        queue.present[at] += people * share


def _add_work(totals: list[float], segments: Iterable[Segment], begins: datetime) -> None:
    for segment in segments:
        if segment.kind != "work":
            continue
        first = max(0.0, (segment.begins - begins) / QUARTER)
        last = min(float(len(totals)), (segment.ends - begins) / QUARTER)
        for at in range(math.floor(first), math.ceil(last)):
            totals[at] += min(last, at + 1) - max(first, at)


def handle_times(by_quarter: Mapping[int, tuple[int, int]], number: int) -> list[float]:
    """Handle time in seconds of each quarter from (milliseconds, interactions) by quarter: the mean of all of them."""
    total_ms = sum(ms for ms, _ in by_quarter.values())
    interactions = sum(count for _, count in by_quarter.values())
    mean_s = total_ms / 1000 / interactions if interactions else USUAL_HANDLE_S
    return [round(mean_s, 1)] * number
