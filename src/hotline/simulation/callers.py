"""Who asks for an agent, when: arrivals by interval, through the IVR, in order of time, some thousands at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from hotline.simulation import draws
from hotline.simulation.chance import Asks
from hotline.simulation.counters import Counters
from hotline.simulation.scenario import Scenario, Surge, Traffic

Ints = npt.NDArray[np.int64]
_AT_A_TIME: Final = 16_384
_NO_TALK: Final = -1


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of time in which callers come evenly."""

    from_ms: int
    to_ms: int
    per_ms: float


class _Stream:
    """The callers of one queue in one replication."""

    def __init__(self, scenario: Scenario, number: int, first_kind: int, seed: int, replication: int) -> None:
        self.traffic: Traffic = scenario.traffic[number]
        self.number = number
        self.first_kind = first_kind
        self.source = draws.generator(seed, replication, draws.ARRIVALS, number)
        self.kinds_source = draws.generator(seed, replication, draws.KINDS, number)
        self.ivr_source = draws.generator(seed, replication, draws.IVR, number)
        shares = np.cumsum([kind.share for kind in self.traffic.kinds])
        self.shares = shares / shares[-1] if len(shares) else shares
        day = draws.gamma_level(draws.generator(seed, replication, draws.DAY), scenario.day_cv, 1)[0]
        self.segments = list(_segments(scenario, self.traffic, float(day), self.source))
        self.stamps = np.asarray(self.traffic.arrivals.stamps) * draws.UNITS_PER_S
        self.talks = np.asarray(self.traffic.arrivals.talks_s) * draws.UNITS_PER_S

    def expected(self) -> float:
        """How many callers will come."""
        return len(self.stamps) + sum((s.to_ms - s.from_ms) * s.per_ms for s in self.segments)

    def entering(self, from_ms: int, to_ms: int) -> tuple[Ints, Ints]:
        """Times of entering in a window, and the length of each conversation where it is given."""
        if len(self.stamps):
            low, high = np.searchsorted(self.stamps, (from_ms, to_ms))
            talks = self.talks[low:high] if len(self.talks) else np.full(high - low, _NO_TALK)
            return self.stamps[low:high].astype(np.int64), np.rint(talks).astype(np.int64)
        times = [self._some(max(s.from_ms, from_ms), min(s.to_ms, to_ms), s.per_ms) for s in self._in(from_ms, to_ms)]
        all_times = np.concatenate(times) if times else np.zeros(0, np.int64)
        return all_times, np.full(len(all_times), _NO_TALK, np.int64)

    def _in(self, from_ms: int, to_ms: int) -> Iterator[_Segment]:
        for segment in self.segments:
            if segment.from_ms < to_ms and segment.to_ms > from_ms:
                yield segment

    def _some(self, from_ms: int, to_ms: int, per_ms: float) -> Ints:
        many = int(self.source.poisson((to_ms - from_ms) * per_ms))
        return (from_ms + self.source.random(many) * (to_ms - from_ms)).astype(np.int64)

    def kinds(self, many: int) -> Ints:
        """The kinds of so many callers."""
        if len(self.shares) < 2:
            return np.full(many, self.first_kind, np.int64)
        return self.first_kind + np.searchsorted(self.shares, self.kinds_source.random(many), side="right")

    def through_ivr(self, times: Ints, counters: Counters) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """When each asks for an agent, and whether they do; those who enter and stay are counted."""
        ivr = self.traffic.ivr
        if ivr is None:
            counters.note_entered(times, self.number, None)
            return times, np.ones(len(times), np.bool_)
        is_contained = self.ivr_source.random(len(times)) < ivr.containment
        stay = np.rint(draws.sample(self.ivr_source, ivr.stay, len(times)) * draws.UNITS_PER_S).astype(np.int64)
        counters.note_entered(times, self.number, is_contained)
        return times + stay, ~is_contained


def first_kinds(scenario: Scenario) -> list[int]:
    """The number of each traffic's first kind of caller; each traffic has one at least."""
    numbers = [0]
    for traffic in scenario.traffic:
        numbers.append(numbers[-1] + max(1, len(traffic.kinds)))
    return numbers[:-1]


def expected_asks(scenario: Scenario) -> float:
    """About how many callers will ask for an agent, new attempts apart."""
    total = 0.0
    for number, traffic in enumerate(scenario.traffic):
        contained = traffic.ivr.containment if traffic.ivr else 0.0
        total += _Stream(scenario, number, 0, 0, 0).expected() * (1 - contained)
    return total


def asks(scenario: Scenario, seed: int, replication: int, counters: Counters) -> Iterator[Asks]:
    """Times of asking with kinds and given lengths, in order of time. Those who enter are counted on the way."""
    streams = [_Stream(scenario, n, kind, seed, replication) for n, kind in enumerate(first_kinds(scenario))]
    horizon = round(scenario.horizon_s * draws.UNITS_PER_S)
    windows = max(1, int(sum(stream.expected() for stream in streams) / _AT_A_TIME))
    edges = [horizon * n // windows for n in range(windows + 1)]
    later = np.zeros((3, 0), np.int64)  # those who are still in the IVR at the window's end
    for from_ms, to_ms in pairwise(edges):
        parts = [later, *(_window(stream, from_ms, to_ms, counters) for stream in streams)]
        together = np.concatenate(parts, axis=1)
        together = together[:, np.argsort(together[0], kind="stable")]
        ready = int(np.searchsorted(together[0], to_ms))
        later = together[:, ready:]
        counters.note_asks(together[0, :ready], together[1, :ready])
        yield _as_lists(together[:, :ready])
    counters.note_asks(later[0], later[1])
    yield _as_lists(later)


def _window(stream: _Stream, from_ms: int, to_ms: int, counters: Counters) -> Ints:
    times, talks = stream.entering(from_ms, to_ms)
    asked, does_ask = stream.through_ivr(times, counters)
    kinds = stream.kinds(len(times))
    return np.stack((asked, kinds, talks))[:, does_ask]


def _as_lists(rows: Ints) -> Asks:
    has_talks = bool((rows[2] >= 0).any())
    return rows[0].tolist(), rows[1].tolist(), rows[2].tolist() if has_talks else []


def _segments(scenario: Scenario, traffic: Traffic, day: float, source: np.random.Generator) -> Iterator[_Segment]:
    arrivals = traffic.arrivals
    horizon = scenario.horizon_s
    if arrivals.stamps:
        return
    counts = arrivals.counts
    length = float(arrivals.interval_s)
    if arrivals.per_hour is not None:
        if not arrivals.interval_cv:
            length = horizon
        counts = tuple([arrivals.per_hour / 3600 * length] * -int(-horizon // length))
    levels = draws.gamma_level(source, arrivals.interval_cv, len(counts)) * day
    for number, (count, level) in enumerate(zip(counts, levels, strict=True)):
        start, end = number * length, min((number + 1) * length, horizon)
        for low, high, factor in _cut_by_surges(start, end, traffic.queue, scenario.surges):
            per_ms = count * float(level) / length * factor / draws.UNITS_PER_S
            yield _Segment(round(low * draws.UNITS_PER_S), round(high * draws.UNITS_PER_S), per_ms)


def _cut_by_surges(
    start: float, end: float, queue: str, surges: tuple[Surge, ...]
) -> Iterator[tuple[float, float, float]]:
    """The stretch in pieces, each with the product of the surges that hold in it."""
    mine = [surge for surge in surges if not surge.queues or queue in surge.queues]
    cuts = sorted({start, end, *(t for s in mine for t in (s.from_s, s.to_s) if start < t < end)})
    for low, high in pairwise(cuts):
        factor = 1.0
        for surge in mine:
            if surge.from_s <= low < surge.to_s:
                factor *= surge.factor
        yield low, high, factor
