"""The metrics of a simulation, from the sums of its replications. Each is defined here, once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hotline.simulation import estimates
from hotline.simulation.counters import Counters, bounds_of
from hotline.simulation.draws import UNITS_PER_S
from hotline.simulation.estimates import Estimate

LEVEL = 0.99
ALL = "*"
_MOST_BATCHES = 20

Floats = npt.NDArray[np.float64]
Sums = Callable[[Counters], npt.NDArray[np.int64]]  # (intervals + 1, queues)
Shares = Callable[[Counters], tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]

COUNTS: dict[str, Sums] = {
    "offered": lambda c: c.offered,
    "answered": lambda c: c.answered,
    "abandoned": lambda c: c.abandoned,
    "blocked": lambda c: c.blocked,
    "called_back": lambda c: c.called_back,
    "unreached": lambda c: c.unreached,
}
# part and whole, both summed before they are divided
RATIOS: dict[str, Shares] = {
    "service_level": lambda c: (c.in_time, c.offered),
    "abandon_probability": lambda c: (c.abandoned, c.offered),
    "wait_probability": lambda c: (c.queued, c.offered),
    "average_wait_s": lambda c: (c.wait_sum, UNITS_PER_S * c.waits_known),
    "own_agent_share": lambda c: (c.by_own, c.has_own),
    "containment": lambda c: (c.contained, c.entered),
    "mean_queue": lambda c: (c.waiting_ms, np.full_like(c.waiting_ms, c.interval)),
}
WHOLE_ONLY = ("occupancy", "agents", "reserve_teams")  # agents serve many queues: these are of the whole alone
PERCENTILE = "wait_percentile90_s"
NAMES = (*COUNTS, *RATIOS, PERCENTILE, *WHOLE_ONLY)
SHARES_OF_ONE = (
    "service_level",
    "abandon_probability",
    "wait_probability",
    "own_agent_share",
    "containment",
    "occupancy",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric of one queue, of the whole time or of the interval that begins at `start_s`."""

    queue: str
    metric: str
    estimate: Estimate
    start_s: float | None = None


class Results:
    """The replications of one scenario, and what they come to."""

    def __init__(self, counters: list[Counters], queues: list[str], warm_up: int) -> None:
        """`warm_up`: so many first intervals are left out of the totals."""
        self.counters = counters
        self.queues = queues
        self.warm_up = warm_up
        self.intervals = counters[0].intervals

    def totals(self) -> list[Figure]:
        """Every metric of the whole and of each queue, warm-up left out."""
        return list(self._figures(slice(self.warm_up, self.intervals), None))

    def by_interval(self) -> list[Figure]:
        """Every metric of the whole and of each queue in each interval."""
        length_s = self.counters[0].interval / UNITS_PER_S
        return [f for n in range(self.intervals) for f in self._figures(slice(n, n + 1), n * length_s)]

    def _figures(self, span: slice, start_s: float | None) -> Iterator[Figure]:
        chosen = [(ALL, slice(None))] + [(id, slice(n, n + 1)) for n, id in enumerate(self.queues)]
        for queue, columns in chosen:
            for metric, sums in COUNTS.items():
                yield Figure(queue, metric, self._count(sums, span, columns), start_s)
            for metric, shares in RATIOS.items():
                yield Figure(queue, metric, self._ratio(metric, shares, span, columns), start_s)
            yield Figure(queue, PERCENTILE, self._percentile(span, columns), start_s)
            if queue == ALL:
                yield Figure(queue, "occupancy", self._occupancy(span), start_s)
                yield Figure(queue, "agents", self._number("agents", lambda c: c.on_duty, span), start_s)
                yield Figure(queue, "reserve_teams", self._number("reserve_teams", lambda c: c.tiers, span), start_s)

    def _count(self, sums: Sums, span: slice, columns: slice) -> Estimate:
        per_replication = np.array([float(sums(c)[span, columns].sum()) for c in self.counters])
        if len(per_replication) == 1:
            batches = _batches(sums(self.counters[0])[span, columns].sum(axis=1))
            one = estimates.mean(batches, LEVEL)
            return _times(one, len(batches)).within(0, np.inf)
        return estimates.mean(per_replication, LEVEL).within(0, np.inf)

    def _ratio(self, metric: str, shares: Shares, span: slice, columns: slice) -> Estimate:
        pairs = [shares(c) for c in self.counters]
        parts = [part[span, columns].sum(axis=1) for part, _ in pairs]
        wholes = [whole[span, columns].sum(axis=1) for _, whole in pairs]
        if metric == "mean_queue":  # one clock for all queues
            wholes = [whole[span, :1].sum(axis=1) for _, whole in pairs]
        return _ratio_of(metric, parts, wholes)

    def _occupancy(self, span: slice) -> Estimate:
        working = [c.time_integral(c.working)[span] for c in self.counters]
        on_duty = [c.time_integral(c.on_duty)[span] for c in self.counters]
        return _ratio_of("occupancy", working, on_duty)

    def _number(self, metric: str, changes: Sums, span: slice) -> Estimate:
        """The mean number of what `changes` counts."""
        times = [c.time_integral(changes(c))[span] for c in self.counters]
        return _ratio_of(metric, times, [np.full_like(part, self.counters[0].interval) for part in times])

    def _percentile(self, span: slice, columns: slice) -> Estimate:
        values = [percentile_s(c, 0.9, span, columns) for c in self.counters]
        return estimates.mean(np.array(values), LEVEL).within(0, np.inf)


def _ratio_of(metric: str, parts: list[npt.NDArray[np.int64]], wholes: list[npt.NDArray[np.int64]]) -> Estimate:
    if len(parts) == 1:
        found = estimates.ratio(_batches(parts[0]), _batches(wholes[0]), LEVEL)
    else:
        sums = [np.array([float(each.sum()) for each in some]) for some in (parts, wholes)]
        found = estimates.ratio(sums[0], sums[1], LEVEL)
    return found.within(0, 1 if metric in SHARES_OF_ONE else np.inf)


def _batches(values: npt.NDArray[np.int64]) -> Floats:
    """One run's intervals, joined to batches of neighbours; a single interval stays a single observation."""
    return np.array([float(part.sum()) for part in np.array_split(values, min(_MOST_BATCHES, len(values)))])


def _times(one: Estimate, many: int) -> Estimate:
    bounds = (one.value, one.low, one.high)
    return Estimate(*(None if bound is None else bound * many for bound in bounds))


def percentile_s(counters: Counters, share: float, span: slice, columns: slice) -> float:
    """The wait in seconds that this share of those who were not blocked stayed within; nan when nobody asked."""
    chosen = np.zeros((counters.intervals + 1, counters.queues), np.bool_)
    chosen[span, columns] = True
    is_chosen = chosen.reshape(-1)
    total = int(counters.waits_known[span, columns].sum())
    buckets: dict[int, int] = {}
    for key, many in counters.waits.items():
        if is_chosen[key >> 16]:
            bucket = key & 0xFFFF
            buckets[bucket] = buckets.get(bucket, 0) + many
    if not total:
        return float("nan")
    below = total - sum(buckets.values())  # who did not wait at all
    wanted = share * total
    if below >= wanted:
        return 0.0
    for bucket in sorted(buckets):
        many = buckets[bucket]
        if below + many >= wanted:
            low, high = bounds_of(bucket)
            return (low + (high - low) * (wanted - below) / many) / UNITS_PER_S
        below += many
    return float("nan")
