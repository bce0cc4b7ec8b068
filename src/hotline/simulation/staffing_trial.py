"""A staffing plan through the live routing rules: groups by interval against the plan's own demand.

`hotline.planning` is handed this as a function: it knows nothing of the simulation."""

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from hotline.messages.configuration import (
    OverflowConfiguration,
    QueueConfiguration,
    RingConfiguration,
    RoutingConfiguration,
)
from hotline.planning.staffing.errors import StaffingProblemError
from hotline.planning.staffing.problem import Problem, Queue
from hotline.planning.staffing.trials import Figure, Trial
from hotline.simulation import estimates, loading
from hotline.simulation import scenario as s
from hotline.simulation.counters import Counters
from hotline.simulation.draws import UNITS_PER_S
from hotline.simulation.errors import ScenarioInvalidError
from hotline.simulation.preparing import Prepared, in_ms
from hotline.simulation.running import replicate

LEVEL = 0.99
_DRAIN_S = 7200.0
_STRONGEST, _BORROWED_WEAKER = 9, 4
_TENANT = "plan"

Sizes = Mapping[str, Sequence[int]]
Ints = npt.NDArray[np.int64]


def try_plan(problem: Problem, sizes: Sizes, seed: int, replications: int) -> Trial:
    """What the plan comes to: every queue by interval and in total, with 99 % intervals over the replications.

    Raises StaffingProblemError where the live rules refuse the queues' own `settings`."""
    scenario = scenario_of(problem, sizes)
    try:
        loading.check(scenario)
    except ScenarioInvalidError as error:
        raise StaffingProblemError(where="queues.settings", problem=str(error)) from error
    thresholds = [in_ms(problem.targets_of(queue).within_s) for queue in problem.queues]
    prepared = Prepared(scenario, thresholds)
    counters = [replicate(prepared, seed, number, _DRAIN_S).counters for number in range(replications)]
    return _trial(problem, counters)


def scenario_of(problem: Problem, sizes: Sizes) -> s.Scenario:
    """The day as a scenario of the simulation. Handle times are exponential about the queue's mean of the day, nobody
    lets it ring, and agents who go home finish what they have begun."""
    queues = [_queue(problem, queue) for queue in problem.queues]
    routing = msgspec.convert(
        {"type": "RoutingConfiguration", "version": 1, "queues": queues, "agents": ()}, RoutingConfiguration
    )
    return s.Scenario(
        routing=routing,
        traffic=tuple(_traffic(problem, queue) for queue in problem.queues),
        groups=tuple(_groups(problem, sizes)),
        horizon_s=float(problem.intervals * problem.interval_s),
        interval_s=float(problem.interval_s),
        name=problem.name,
    )


def _queue(problem: Problem, queue: Queue) -> dict[str, object]:
    common = {
        "queue_id": queue.id,
        "tenant_id": _TENANT,
        "name_zh": queue.id,
        "name_en": queue.id,
        "skills": ((queue.needs, 1),),
        "wrap_up_s": 0,
        "is_wrap_up_automatic": True,
        "choice": "best_level",
        "rings": _rings(problem, queue),
        "overflows": tuple(OverflowConfiguration(after_s=one.after_s, queue_id=one.queue) for one in queue.overflows),
        "max_waiting": queue.most_waiting,
        "full_queue_id": queue.full_queue,
    }
    unknown = sorted(
        set(queue.settings) - set(QueueConfiguration.__struct_fields__) | set(queue.settings) & {"queue_id"}
    )
    if unknown:
        problem_said = f"{unknown[0]!r} is no further field of a live queue; correct or remove it."
        raise StaffingProblemError(where=f"settings of the queue {queue.id!r}", problem=problem_said)
    return {**common, **queue.settings}


def _rings(problem: Problem, queue: Queue) -> tuple[RingConfiguration, ...]:
    """Those who lend wait until the customer has waited so long; none where nobody has to."""
    lent = [one for one in problem.borrowing if one.skill == queue.needs]
    if not any(one.after_s for one in lent):
        return ()
    own = [group.id for group in problem.groups if queue.needs in group.skills]
    times = sorted({0, *(one.after_s for one in lent)})
    members = {at: [one.group for one in lent if one.after_s == at] for at in times}
    members[0] = own + members[0]
    return tuple(RingConfiguration(after_s=at, group_ids=tuple(ids)) for at, ids in members.items() if ids)


def _traffic(problem: Problem, queue: Queue) -> s.Traffic:
    retrial = queue.retrial
    after = s.Exponential(mean_s=retrial.after_s) if retrial else None
    return s.Traffic(
        queue=queue.id,
        channel=msgspec.convert(queue.channel, s.Channel),
        arrivals=s.Arrivals(counts=tuple(queue.calls), interval_s=problem.interval_s),
        talk=s.Exponential(mean_s=queue.mean_aht_s()),
        patience=None if queue.patience_s is None else s.Exponential(mean_s=queue.patience_s),
        retry=s.Retry(probability=retrial.probability, after=after) if retrial and after else None,
    )


def _groups(problem: Problem, sizes: Sizes) -> list[s.Group]:
    """One group for all who work the same hours: the first agent works whenever anybody does, the last at the peak."""
    capacity = {queue.channel: queue.concurrency for queue in problem.queues}
    found = []
    for group in problem.groups:
        skills = _levels(problem, group.id, group.skills)
        by_hours: dict[tuple[tuple[float, float], ...], int] = {}
        for number in range(max(sizes[group.id], default=0)):
            hours = _hours([size > number for size in sizes[group.id]], problem.interval_s)
            by_hours[hours] = by_hours.get(hours, 0) + 1
        for n, (hours, count) in enumerate(by_hours.items()):
            found.append(
                s.Group(
                    id=f"{group.id} {n + 1}",
                    count=count,
                    skills=skills,
                    capacity=capacity,
                    shifts=hours,
                    settings={"group_ids": (group.id,)},
                )
            )
    return found


def _levels(problem: Problem, group: str, skills: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Specialists hold their skill best, so that they are taken before those who are needed elsewhere too; who only
    lends comes last."""
    lent = [one.skill for one in problem.borrowing if one.group == group]
    level = max(1, _STRONGEST - (len(skills) - 1))
    return tuple([(skill, level) for skill in skills] + [(skill, max(1, level - _BORROWED_WEAKER)) for skill in lent])


def _hours(is_there: Sequence[bool], length_s: float) -> tuple[tuple[float, float], ...]:
    found: list[tuple[float, float]] = []
    for n, there in enumerate(is_there):
        if there and found and found[-1][1] == n * length_s:
            found[-1] = (found[-1][0], (n + 1) * length_s)
        elif there:
            found.append((n * length_s, (n + 1) * length_s))
    return tuple(found)


# --- figures --------------------------------------------------------------------------------------------------------


def _trial(problem: Problem, counters: Sequence[Counters]) -> Trial:
    intervals = {
        queue.id: [_figure(counters, column, slice(n, n + 1)) for n in range(problem.intervals)]
        for column, queue in enumerate(problem.queues)
    }
    totals = {
        queue.id: _figure(counters, column, slice(0, problem.intervals)) for column, queue in enumerate(problem.queues)
    }
    return Trial(intervals, totals, _occupancy(counters, problem.intervals), len(counters))


def _figure(counters: Sequence[Counters], column: int, span: slice) -> Figure | None:
    """None where nobody asked."""

    def sums(part: str) -> npt.NDArray[np.float64]:
        return np.array([float(getattr(c, part)[span, column].sum()) for c in counters])

    offered = sums("offered")
    if not offered.sum():
        return None
    level = estimates.ratio(sums("in_time"), offered, LEVEL).within(0, 1)
    waits_known = max(1.0, float(sums("waits_known").sum()))
    return Figure(
        calls=float(offered.mean()),
        service_level=level.value or 0.0,
        low=level.low,
        high=level.high,
        abandoned=float(sums("abandoned").sum() / offered.sum()),
        average_wait_s=float(sums("wait_sum").sum()) / waits_known / UNITS_PER_S,
    )


def _occupancy(counters: Sequence[Counters], intervals: int) -> list[float | None]:
    """Of all agents together, by interval; None where nobody is on duty."""
    working: Ints = sum((c.time_integral(c.working) for c in counters), np.zeros(intervals, np.int64))
    there: Ints = sum((c.time_integral(c.on_duty) for c in counters), np.zeros(intervals, np.int64))
    pairs = zip(working.tolist(), there.tolist(), strict=True)
    return [None if not whole else part / whole if math.isfinite(part) else None for part, whole in pairs]
