"""One long run in batches: estimates of its metrics with control variates, and intervals that heed that neighbouring
batches are alike."""

import math
import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from hotline.simulation.counters import Counters, bounds_of
from hotline.simulation.draws import UNITS_PER_S
from hotline.simulation.pooled import PlayedPool
from hotline.simulation.student import quantile
from hotline.simulation.systems import BATCHES, System

Floats = npt.NDArray[np.float64]
_MOST_ALIKE = 0.8
_METRIC = re.compile(r"^(?P<name>\w+?)(\[(?P<klass>\d{1,3})\])?$")
_Sums = Callable[[Counters], npt.NDArray[np.int64]]

_PARTS: dict[str, tuple[_Sums, _Sums]] = {
    "wait_probability": (lambda c: c.queued, lambda c: c.offered),
    "abandon_probability": (lambda c: c.abandoned, lambda c: c.offered),
    "blocking_probability": (lambda c: c.blocked, lambda c: c.offered),
    "service_level": (lambda c: c.in_time, lambda c: c.offered),
    "service_level_of_accepted": (lambda c: c.in_time, lambda c: c.offered - c.blocked),
    "average_wait_s": (lambda c: c.wait_sum, lambda c: c.offered - c.blocked),
}
_UNBOUNDED = ("average_wait_s", "mean_queue")
METRICS = (*_PARTS, "mean_queue", "occupancy", "wait_percentile90_s")


def figure_and_class(metric: str) -> tuple[str, int | None]:
    """A metric's name and the class of callers that it is of, None: of all. The name is empty where it is none."""
    found = _METRIC.match(metric)
    if found is None:
        return "", None
    return found["name"], None if found["klass"] is None else int(found["klass"])


class Run:
    """The batches of a system's runs. Raises nothing: `estimate` gives None for what it does not know."""

    def __init__(self, system: System, counters: list[Counters], pools: list[PlayedPool]) -> None:
        """`pools`: for each run the pool that was played beside it; empty where none was."""
        self.system = system
        self.counters = counters
        self._pools = pools
        self._span = slice(system.warm_up_batches, system.warm_up_batches + BATCHES)
        self._batch_units = counters[0].interval
        self._controls = self._centred_controls()

    def estimate(self, metric: str, levels: tuple[float, ...]) -> tuple[float, list[tuple[float, float]]] | None:
        """The metric's value with an interval for each level, in the case's units."""
        name, klass = figure_and_class(metric)
        if name not in METRICS:
            return None
        columns = slice(None)
        if klass is not None:
            if klass >= self.counters[0].queues:
                return None
            columns = slice(klass, klass + 1)
        if name == "wait_percentile90_s":
            return self._percentile(0.9, columns, levels)
        parts, wholes, scale = self._ratio_parts(name, columns)
        value, deviation, degrees = self._controlled(parts, wholes)
        is_share = name not in _UNBOUNDED
        return _in_units(value, deviation, degrees, levels, scale, is_share)

    def _ratio_parts(self, name: str, columns: slice) -> tuple[Floats, Floats, float]:
        """Sums of each batch above and below the line, and what one of them is worth."""
        if name in _PARTS:
            above, below = _PARTS[name]
            scale = 1 / (UNITS_PER_S * self.system.stretch) if name == "average_wait_s" else 1.0
            return self._batches(above, columns), self._batches(below, columns), scale
        clock = np.full(BATCHES * len(self.counters), float(self._batch_units))
        if name == "mean_queue":
            return self._batches(lambda c: c.waiting_ms, columns), clock, 1.0
        working = [c.time_integral(c.working)[self._span] for c in self.counters]
        on_duty = [c.time_integral(c.on_duty)[self._span] for c in self.counters]
        return np.concatenate(working).astype(float), np.concatenate(on_duty).astype(float), 1.0

    def _batches(self, sums: _Sums, columns: slice) -> Floats:
        return np.concatenate([sums(c)[self._span, columns].sum(axis=1) for c in self.counters]).astype(float)

    # --- control variates --------------------------------------------------------------------------------------------

    def _centred_controls(self) -> Floats:
        """What chance did in each batch and should have done: calls of each class (of all, when there are many), the
        length of conversations, what callers met in a pool beside. Their expectations are known, so they explain part
        of the batch's deviation."""
        queues = self.counters[0].queues
        classes = [slice(n, n + 1) for n in range(queues)] if queues <= 2 else [slice(None)]
        rates = [t.arrivals.per_hour or 0.0 for t in self.system.scenario.traffic]
        controls = []
        for columns in classes:
            expected = sum(rates[columns]) / 3600 * self.system.scenario.interval_s
            controls.append(self._batches(lambda c: c.offered, columns) - expected)
        handle = self.system.handle_s * self.system.stretch * UNITS_PER_S
        talks = self._batches(lambda c: c.talk_sum, slice(None))
        controls.append(talks - handle * self._batches(lambda c: c.answered, slice(None)))
        columns_of = np.stack(controls, axis=1)
        if self._pools:
            of_pools = np.concatenate([pool.controls(self._span) for pool in self._pools])
            columns_of = np.concatenate((columns_of, of_pools), axis=1)
        return np.asarray(columns_of / np.maximum(columns_of.std(axis=0), 1e-12))

    def _controlled(self, parts: Floats, wholes: Floats) -> tuple[float, float, float]:
        """The ratio of sums, its standard error and degrees of freedom.

        The ratio is made linear about itself and corrected by the controls. Each batch's correction uses weights that
        the other batches gave: weights from all of them would favour small values, since waits grow more than
        proportionally with the load (Avramidis and Wilson's jackknifed controls, 1993). The error grows by
        (1 + r)/(1 - r) when neighbours correlate by r > 0 (as in Tafazzoli and Wilson's Skart, 2011)."""
        ratio = parts.sum() / wholes.sum()
        linear = ratio + (parts - ratio * wholes) / wholes.mean()
        design = np.column_stack((np.ones(len(linear)), self._controls))
        inverse = np.linalg.pinv(design.T @ design)
        weights = inverse @ design.T @ linear
        leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
        scaled = (linear - design @ weights) / np.maximum(1 - leverage, 1e-9)
        weights_without = weights[None, 1:] - (design @ inverse)[:, 1:] * scaled[:, None]
        corrected = linear - (self._controls * weights_without).sum(axis=1)
        degrees = len(linear) - design.shape[1]
        alike = min(_MOST_ALIKE, max(0.0, self._neighbours(corrected - corrected.mean())))
        variance = float(corrected.var(ddof=1)) / len(linear) * (1 + alike) / (1 - alike)
        return float(corrected.mean()), math.sqrt(variance), degrees

    def _neighbours(self, residuals: Floats) -> float:
        """The correlation of a batch with the next one of its run."""
        runs = residuals.reshape(len(self.counters), BATCHES)
        whole = float((runs**2).sum())
        return float((runs[:, 1:] * runs[:, :-1]).sum()) / whole if whole else 0.0

    # --- percentiles -------------------------------------------------------------------------------------------------

    def _percentile(
        self, share: float, columns: slice, levels: tuple[float, ...]
    ) -> tuple[float, list[tuple[float, float]]]:
        """The quantile of the waits: the interval of the share below it, turned into waits."""
        waits = _Waits(self.counters, self._span, columns)
        split = waits.bucket_at(share)
        below = waits.shares_up_to(split)
        accepted = self._batches(lambda c: c.offered - c.blocked, columns)
        value, deviation, degrees = self._controlled(below, accepted)
        shift = share - value + below.sum() / accepted.sum()
        scale = 1 / (UNITS_PER_S * self.system.stretch)
        found = []
        for level in levels:
            half = deviation * quantile((1 + level) / 2, degrees)
            found.append((waits.at(shift - half) * scale, waits.at(shift + half) * scale))
        return waits.at(shift) * scale, found


class _Waits:
    """The distribution of waits over all batches, by buckets; zero waits included."""

    def __init__(self, counters: list[Counters], span: slice, columns: slice) -> None:
        self._runs = len(counters)
        self._batches: list[dict[int, int]] = [{} for _ in range(BATCHES * len(counters))]
        accepted = []
        for run, sums in enumerate(counters):
            chosen = range(sums.queues)[columns]
            for key, many in sums.waits.items():
                interval, queue = divmod(key >> 16, sums.queues)
                if queue in chosen and span.start <= interval < span.stop:
                    batch = self._batches[run * BATCHES + interval - span.start]
                    batch[key & 0xFFFF] = batch.get(key & 0xFFFF, 0) + many
            accepted.append(sums.waits_known[span, columns].sum(axis=1))
        self._accepted = np.concatenate(accepted).astype(float)
        self._all: dict[int, int] = {}
        for batch in self._batches:
            for bucket, many in batch.items():
                self._all[bucket] = self._all.get(bucket, 0) + many
        self._total = float(self._accepted.sum())
        self._at_once = self._total - sum(self._all.values())

    def bucket_at(self, share: float) -> int:
        """The bucket in which this share is reached."""
        below = self._at_once
        last = 0
        for bucket in sorted(self._all):
            below += self._all[bucket]
            last = bucket
            if below >= share * self._total:
                break
        return last

    def shares_up_to(self, bucket: int) -> Floats:
        """How many of each batch waited no longer than the bucket reaches."""
        longer = [sum(many for b, many in batch.items() if b > bucket) for batch in self._batches]
        return np.asarray(self._accepted - np.array(longer, float))

    def at(self, share: float) -> float:
        """The wait that this share stayed within, in milliseconds; 0 where it did not wait at all."""
        wanted = min(max(share, 0.0), 1.0) * self._total
        below = self._at_once
        if below >= wanted:
            return 0.0
        high = 0
        for bucket in sorted(self._all):
            many = self._all[bucket]
            low, high = bounds_of(bucket)
            if below + many >= wanted:
                return low + (high - low) * (wanted - below) / many
            below += many
        return float(high)


def _in_units(
    value: float, deviation: float, degrees: float, levels: tuple[float, ...], scale: float, is_share: bool
) -> tuple[float, list[tuple[float, float]]]:
    """The value with its intervals, which reach further where chance does: the error is taken as a factor of the value,
    or of what a share lacks to 1, whichever is less. Waits and what is rare err upwards more than downwards."""
    small = min(value, 1 - value) if is_share else value
    found = []
    for level in levels:
        half = deviation * quantile((1 + level) / 2, degrees)
        if small <= 0:
            found.append(((value - half) * scale, (value + half) * scale))
            continue
        less, more = small * (1 - math.exp(-half / small)), small * (math.exp(half / small) - 1)
        if small < value:
            less, more = more, less
        found.append(((value - less) * scale, (value + more) * scale))
    return value * scale, found
