"""One pool whose agents serve everybody, first come first served, beside a system of skills with the same callers.

What the pool's callers meet is known exactly (M/M/c/c+K), and what they met in a run differs from it for the same
reasons as in the system of skills: many callers, long conversations. So it is a control variate: `batches` takes away
what the pool explains. It explains much only while both systems are in like states, hence each caller brings the length
of their conversation along: drawn at the answer, lengths and callers would part with the first caller that one system
turns away and the other does not."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapreplace

import numpy as np
import numpy.typing as npt

from hotline.formulas import finite_queue
from hotline.simulation import callers, draws
from hotline.simulation.chance import Asks
from hotline.simulation.counters import Counters
from hotline.simulation.scenario import Scenario

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pool:
    """M/M/c/c+K, in the simulation's milliseconds."""

    agents: int
    waiting_places: int
    load_erlangs: float
    handle_ms: float
    threshold_ms: float

    def blocking_probability(self) -> float:
        """Share of callers turned away."""
        return finite_queue.outcome(self.load_erlangs, self.agents, self.waiting_places).blocking_probability

    def average_wait_ms(self) -> float:
        """Mean over the accepted."""
        return finite_queue.average_wait_s(self.load_erlangs, self.agents, self.waiting_places, self.handle_ms)

    def service_level(self) -> float:
        """Share of the accepted who are answered within the threshold."""
        return finite_queue.service_level_of_accepted(
            self.load_erlangs, self.agents, self.waiting_places, self.handle_ms, self.threshold_ms
        )


class PlayedPool:
    """A pool while its callers come. `asks` gives them, for `running.replicate`."""

    def __init__(self, pool: Pool, interval: int, intervals: int) -> None:
        self.pool = pool
        self._interval = interval
        self._last = intervals
        self._free_at = [0] * pool.agents  # a heap: when each agent is done with whom the pool has taken so far
        self._starts: deque[int] = deque()  # of those who have not begun, ascending
        self._sums = np.zeros((intervals + 1, 4))  # asked, turned away, waits, answered in time

    def asks(self, scenario: Scenario, seed: int, replication: int, counters: Counters) -> Iterator[Asks]:
        """The scenario's callers, each with the length of their conversation, drawn as the first traffic says."""
        source = draws.generator(seed, replication, draws.TALK)
        for stamps, kinds, _ in callers.asks(scenario, seed, replication, counters):
            talks = draws.in_units(draws.sample(source, scenario.traffic[0].talk, len(stamps)))
            self._play(stamps, talks)
            yield stamps, kinds, talks

    def _play(self, stamps: list[int], talks: list[int]) -> None:
        free_at, starts = self._free_at, self._starts
        waits = []
        for at, talk in zip(stamps, talks, strict=True):
            while starts and starts[0] <= at:
                starts.popleft()
            start = max(at, free_at[0])
            if start > at:
                if len(starts) >= self.pool.waiting_places:
                    waits.append(-1)
                    continue
                starts.append(start)
            heapreplace(free_at, start + talk)
            waits.append(start - at)
        self._count(np.asarray(stamps, np.int64), np.asarray(waits, np.int64))

    def _count(self, stamps: npt.NDArray[np.int64], waits: npt.NDArray[np.int64]) -> None:
        places = np.minimum(stamps // self._interval, self._last)
        is_accepted = waits >= 0
        is_in_time = is_accepted & (waits <= self.pool.threshold_ms)
        for column, weights in enumerate((None, ~is_accepted, np.maximum(waits, 0), is_in_time)):
            self._sums[:, column] += np.bincount(places, weights, minlength=len(self._sums))

    def controls(self, span: slice) -> Floats:
        """(intervals of the span, 3): turned away, waits and answers in time, less what should have been."""
        asked, turned_away, waits, in_time = self._sums[span].T
        accepted = asked - turned_away
        return np.stack(
            (
                turned_away - self.pool.blocking_probability() * asked,
                waits - self.pool.average_wait_ms() * accepted,
                in_time - self.pool.service_level() * accepted,
            ),
            axis=1,
        )
