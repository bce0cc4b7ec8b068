"""CPU seconds of this process and its ended children, and how many of a budget are left."""

import os
from collections.abc import Callable


def cpu_seconds() -> float:
    """User and system time of the process tree so far."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class Budget:
    """A number of CPU seconds from `start` (of the process, by default), which a caller may end early."""

    def __init__(self, seconds: float, is_stopped: Callable[[], bool] = lambda: False, start_s: float = 0.0) -> None:
        self._end_s = start_s + seconds
        self._is_stopped = is_stopped

    def left_s(self) -> float:
        """CPU seconds left, 0 when stopped."""
        return 0.0 if self._is_stopped() else max(0.0, self._end_s - cpu_seconds())

    def part(self, seconds: float) -> "Budget":
        """At most so many seconds of what is left."""
        return Budget(min(seconds, self.left_s()), self._is_stopped, cpu_seconds())
