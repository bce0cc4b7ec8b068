"""The compiled part of the time-dependent queue: Kolmogorov's forward equations in short explicit steps.

The matrix of a step is I + hQ with non-negative entries: probabilities stay probabilities, and a distribution that no
longer changes is exactly that of the stationary queue."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_NEGLIGIBLE = 1e-14


@njit(cache=True, nogil=True, error_model="numpy")
def advance(chances: Floats, mean: Floats, arrivals: float, deaths: Floats, step: float, steps: int) -> None:
    """`chances[n]` of n in the system, after so many steps; `mean` is their average over the time between.

    `arrivals` and `deaths[n]` per second, the step in seconds. Whoever comes at the last state is lost: the caller
    looks whether it matters."""
    size = chances.shape[0]
    low, high = 0, size - 1
    while low < high and chances[low] <= 0.0:
        low += 1
    while high > low and chances[high] <= 0.0:
        high -= 1
    up = arrivals * step
    for _ in range(steps):
        high = min(high + 1, size - 1)
        low = max(low - 1, 0)
        before = 0.0
        for n in range(low, high + 1):
            here = chances[n]
            rises = up if n + 1 < size else 0.0
            above = chances[n + 1] * deaths[n + 1] if n < high else 0.0
            after = here * (1.0 - rises - step * deaths[n]) + before * up + step * above
            mean[n] += 0.5 * (here + after)
            chances[n] = after
            before = here
        while low < high and chances[low] < _NEGLIGIBLE:
            chances[low + 1] += chances[low]
            chances[low] = 0.0
            low += 1
        while high > low and chances[high] < _NEGLIGIBLE:
            chances[high - 1] += chances[high]
            chances[high] = 0.0
            high -= 1
    for n in range(size):
        mean[n] /= steps
