"""How long customers are willing to wait, from those who left and those who were answered before they would have."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import groupby


class Patience:
    """The Kaplan–Meier estimate of the share that would still be waiting after a time.

    Source: Kaplan and Meier, Nonparametric estimation from incomplete observations (1958)."""

    def __init__(self, observations: Iterable[tuple[int, bool]]) -> None:
        """Each observation is (milliseconds waited, whether the customer left then); the others left for another reason
        than impatience, and would have waited longer."""
        ordered = sorted(observations)
        self._times: list[int] = []
        self._fallen: list[float] = []  # 1 - share still waiting: it grows, and so can be searched
        at_risk = len(ordered)
        share = 1.0
        for time, group in groupby(ordered, key=lambda one: one[0]):
            some = [has_left for _, has_left in group]
            left = sum(some)
            if left:
                share *= 1 - left / at_risk
                self._times.append(time)
                self._fallen.append(1 - share)
            at_risk -= len(some)

    def share_waiting(self, after_ms: int) -> float:
        """Probability, 0-1, of being willing to wait longer than `after_ms`."""
        position = bisect_left(self._times, after_ms + 1)
        return 1 - self._fallen[position - 1] if position else 1.0

    def draw(self, chance: float, waited_ms: int = -1) -> int | None:
        """Milliseconds that somebody is willing to wait who has waited so long already; None: longer than anybody who
        was seen to leave. `chance` is uniform in [0, 1)."""
        fallen = 1 - (1 - chance) * self.share_waiting(waited_ms)
        position = bisect_left(self._fallen, fallen)
        while position < len(self._times) and self._times[position] <= waited_ms:
            position += 1
        return self._times[position] if position < len(self._times) else None
