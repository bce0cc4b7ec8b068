"""How quick this machine's disk is: what it takes in the wink of an eye is done in the loop, where it was asked for, at
a fraction of what it costs to hand it to a thread (docs/adr/0018)."""

import time
from collections.abc import Callable

_QUICK_S = 0.003
_NEWEST = 0.1  # the weight of the latest in the mean


class DiskPace:
    """The running mean of what a commit takes, by a clock of seconds. Tell it of each, whichever thread made it."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self.now_s = now_s
        self.usual_s = 0.0

    @property
    def is_quick(self) -> bool:
        """Whether commits have been quick of late."""
        return self.usual_s < _QUICK_S

    def note(self, began_s: float) -> None:
        """A commit that began at this moment, by `now_s`, is over."""
        self.usual_s += _NEWEST * (self.now_s() - began_s - self.usual_s)
