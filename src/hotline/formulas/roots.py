"""Where a function that only grows reaches a value; the inverse formulas rest on it."""

from collections.abc import Callable

_MOST_STEPS = 200


def increasing_root(difference: Callable[[float], float], low: float, high: float) -> float:
    """The x in [low, high] at which an increasing `difference` is zero, to about 1e-15 of its size.

    Regula falsi with the Illinois rule, and a bisection every third step. Outside the bracket: the nearer end."""
    low_value, high_value = difference(low), difference(high)
    if low_value >= 0.0:
        return low
    if high_value <= 0.0:
        return high
    for step in range(_MOST_STEPS):
        middle = (low + high) / 2 if step % 3 == 2 else low - low_value * (high - low) / (high_value - low_value)
        if not low < middle < high:
            middle = (low + high) / 2
        value = difference(middle)
        if value == 0.0 or high - low <= 4e-16 * (abs(low) + abs(high)):
            return middle
        if value < 0.0:
            low, low_value, high_value = middle, value, high_value / 2
        else:
            high, high_value, low_value = middle, value, low_value / 2
    return (low + high) / 2


def fewest(reaches: Callable[[int], bool], least: int, guess: int, most: int) -> int | None:
    """The smallest whole number from `least` to `most` that reaches; None when not even `most` does.

    `reaches` must stay true once it is; a close guess costs two or three calls, a bad one a logarithm of its error."""
    high = min(max(guess, least), most)
    step = 1
    if reaches(high):
        low = high - 1
        while low >= least and reaches(low):
            high, low, step = low, max(low - 2 * step, least - 1), 2 * step
    else:
        low, high = high, min(high + 1, most)
        while not reaches(high):
            if high >= most:
                return None
            low, high, step = high, min(high + 2 * step, most), 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high
