"""Integrals of smooth functions: Gauss-Legendre with twelve points, and an adaptive rule on top of it."""

from collections.abc import Callable

_HALF = (
    (0.1252334085114689, 0.2491470458134028),
    (0.3678314989981802, 0.2334925365383548),
    (0.5873179542866175, 0.2031674267230659),
    (0.7699026741943047, 0.1600783285433462),
    (0.9041172563704749, 0.1069393259953184),
    (0.9815606342467193, 0.0471753363865118),
)
# Points and weights on [0, 1]; the weights sum to 1.
UNIT_RULE = tuple((0.5 + sign * point / 2, weight / 2) for point, weight in _HALF for sign in (-1, 1))
_DEEPEST = 40
_MOST_PANELS = 2_000
Vector = tuple[float, ...]


def adaptive_integral(function: Callable[[float], Vector], low: float, high: float, tolerance: float) -> Vector:
    """The integrals of several functions over [low, high] at once; positive ones to `tolerance` of their size.

    A panel is halved until its halves together say the same as itself, down to 2^-40 of the whole. After 2,000 panels
    the halves are taken as they are: then only rounding is left to disagree, or the numbers are beyond any centre's."""
    first = _panel(function, low, high)
    total = [0.0] * len(first)
    size = list(first)
    pending = [(low, high, first, 0)]
    panels = 0
    while pending:
        left, right, whole, depth = pending.pop()
        panels += 1
        middle = (left + right) / 2
        halves = (_panel(function, left, middle), _panel(function, middle, right))
        both = tuple(a + b for a, b in zip(*halves, strict=True))
        size = [max(a, b) for a, b in zip(size, both, strict=True)]
        agrees = all(abs(a - b) <= tolerance * c for a, b, c in zip(both, whole, size, strict=True))
        if agrees or depth >= _DEEPEST or panels >= _MOST_PANELS:
            total = [a + b for a, b in zip(total, both, strict=True)]
        else:
            pending += [(left, middle, halves[0], depth + 1), (middle, right, halves[1], depth + 1)]
    return tuple(total)


def _panel(function: Callable[[float], Vector], low: float, high: float) -> Vector:
    width = high - low
    values = [(weight, function(low + width * point)) for point, weight in UNIT_RULE]
    return tuple(width * sum(weight * value[i] for weight, value in values) for i in range(len(values[0][1])))
