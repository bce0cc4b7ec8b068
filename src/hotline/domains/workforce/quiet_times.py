"""Where a break or a training disturbs the least. Pure: minutes of the day and pressure by quarter of an hour."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

STEP_MIN: Final = 5
_LEAST_GAIN: Final = 0.05  # people; less is no reason to move anything
Pressure = Callable[[int, int], float]  # people short, on average, between two minutes; below 0: to spare


@dataclass(frozen=True, slots=True)
class Place:
    """Something of a length that may begin between two minutes, both included, within `pieces` and beside `taken`."""

    length_min: int
    earliest: int
    latest: int
    pieces: tuple[tuple[int, int], ...]
    taken: tuple[tuple[int, int], ...] = ()

    def is_free(self, begin: int) -> bool:
        """Whether it can begin then."""
        end = begin + self.length_min
        is_within = any(first <= begin and end <= last for first, last in self.pieces)
        return is_within and not any(begin < last and first < end for first, last in self.taken)

    def starts(self) -> Iterable[int]:
        """Every beginning that is allowed, in steps of five minutes."""
        first = -(-self.earliest // STEP_MIN) * STEP_MIN
        return (begin for begin in range(first, self.latest + 1, STEP_MIN) if self.is_free(begin))


def quietest(place: Place, now_at: int, pressure: Pressure) -> int | None:
    """The beginning with the least pressure, the nearest to the present one among equals; None when none is quieter
    than that."""
    length = place.length_min

    def cost(begin: int) -> tuple[float, int]:
        return round(pressure(begin, begin + length), 6), abs(begin - now_at)

    best = min(place.starts(), key=cost, default=None)
    if best is None or best == now_at:
        return None
    return best if cost(best)[0] < cost(now_at)[0] - _LEAST_GAIN else None


def mean_pressure(by_quarter: Sequence[float], begin_at: float, end_at: float) -> float:
    """The mean of a row of quarters between two places in it (1.5 is the middle of the second); nothing outside."""
    total = 0.0
    for at in range(max(0, int(begin_at)), min(len(by_quarter), int(-(-end_at // 1)))):
        total += by_quarter[at] * (min(end_at, at + 1) - max(begin_at, at))
    return total / (end_at - begin_at)
