"""From agents at work to people on the roster and seats taken: shrinkage counts, as shares of paid time.

People = agents ÷ (1 - all shares); on site = people × (1 - the shares that are spent elsewhere)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hotline.planning.staffing.problem import Shrinkage

_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Absence:
    """Shares of paid time, 0–1: `total` in which nobody is served, and of it `elsewhere`, where the seat is free."""

    total: float
    elsewhere: float

    def people(self, agents: float) -> int:
        """People to roster so that so many are at work."""
        return math.ceil(agents / (1.0 - self.total) - _EPSILON)

    def seats(self, agents: float) -> int:
        """Seats that are taken while so many are at work."""
        return math.ceil(agents * (1.0 - self.elsewhere) / (1.0 - self.total) - _EPSILON)

    def most_agents(self, seats: int) -> int:
        """The most agents at work on so many seats."""
        return math.floor(seats * (1.0 - self.total) / (1.0 - self.elsewhere) + _EPSILON)


def absence_of(shrinkage: Sequence[Shrinkage]) -> Absence:
    """The shares added up."""
    return Absence(
        total=math.fsum(one.share for one in shrinkage),
        elsewhere=math.fsum(one.share for one in shrinkage if not one.is_on_site),
    )
