"""Erlang B: lines without a queue (M/M/n/n). Who finds all lines busy is lost, or tries again at once.

Loads are erlangs: arrivals per second × mean holding time in seconds. Sources: A. K. Erlang 1917; J. S. Esteves and
others, the recursion; docs/formulas.md."""

import math

from hotline.formulas.errors import (
    InvalidParameterError,
    UnreachableTargetError,
    require_count,
    require_inner_ratio,
    require_load,
    require_ratio,
)
from hotline.formulas.roots import fewest, increasing_root

_ALL_BUT_NEVER = 1e300
# Steps below the load whose weight is under 1e-17 of the whole: exp(-m²/2a) at m = 9·sqrt(a).
_WIDTH = 9.0
_MOST_LINES = 100_000_000
_LARGEST_EXPONENT = 700.0
_SLACK = 1e-9  # what rounding may take from a bound


def blocking_probability(load_erlangs: float, lines: int) -> float:
    """Probability, 0–1, that a call finds all lines busy; its relative error is about 1e-15 times the root of the load.

    Costs some 9·sqrt(load) steps, and one for each line beyond the load. Raises InvalidParameterError."""
    require_load("load_erlangs", load_erlangs)
    require_count("lines", lines, 0)
    return 1.0 / inverse_blocking(load_erlangs, lines)


def fewest_lines(load_erlangs: float, blocking_probability: float) -> int:
    """The fewest lines on which no more than this share of calls is blocked. Raises InvalidParameterError."""
    require_load("load_erlangs", load_erlangs)
    require_inner_ratio("blocking_probability", blocking_probability)
    wanted = 1.0 / blocking_probability
    # With a share b lost at least (1 - b)·load is carried, and more than that many lines are needed to carry it.
    line = max(math.floor(load_erlangs * (1.0 - blocking_probability)) - 1, 0)
    inverse = inverse_blocking(load_erlangs, line)
    per_load = 1.0 / load_erlangs
    while inverse < wanted:
        line += 1
        inverse = 1.0 + inverse * line * per_load
    return line


def largest_load(lines: int, blocking_probability: float) -> float:
    """The largest load in erlangs of which no more than this share is blocked. Raises InvalidParameterError."""
    require_count("lines", lines, 1, _MOST_LINES)
    require_inner_ratio("blocking_probability", blocking_probability)
    if blocking_probability * _ALL_BUT_NEVER < 1.0:
        raise InvalidParameterError(
            name="blocking_probability", value=blocking_probability, rule="a share of 1e-300 or more"
        )
    wanted = math.log(blocking_probability)
    # The carried load stays below the lines, so the offered one below lines / (1 - blocking).
    high = lines / (1.0 - blocking_probability)
    # Of a load a, at most a^n/n! is blocked, and at least that times exp(-a): so the load is this one or more, by at
    # most a factor of exp(high/n).
    low = math.exp((wanted + math.lgamma(lines + 1.0)) / lines)
    if high < _LARGEST_EXPONENT * lines:
        high = min(high, low * math.exp(high / lines) * (1.0 + _SLACK))
    return increasing_root(lambda load: -math.log(inverse_blocking(load, lines)) - wanted, low * (1.0 - _SLACK), high)


def load_with_retries(load_erlangs: float, lines: int, retry_probability: float) -> float:
    """The load in erlangs, tries again included, when blocked callers try again at once (extended Erlang B).

    The whole stream is treated as Poisson: load' = load + retry · blocking(load') · load'. Where everybody tries again
    for ever (retry 1) the lines must carry the load: raises UnreachableTargetError otherwise, InvalidParameterError."""
    require_load("load_erlangs", load_erlangs)
    require_count("lines", lines)
    require_ratio("retry_probability", retry_probability)
    if retry_probability == 1.0 and load_erlangs >= lines:
        raise UnreachableTargetError(agents=lines)

    def missing(total: float) -> float:
        return total * (1.0 - retry_probability / inverse_blocking(total, lines)) - load_erlangs

    high = load_erlangs + lines
    while missing(high) < 0.0:
        high *= 2.0
    return increasing_root(missing, load_erlangs, high)


def extended_blocking_probability(load_erlangs: float, lines: int, retry_probability: float) -> float:
    """Probability, 0–1, that a try is blocked when blocked callers try again at once with a probability.

    Raises as `load_with_retries`."""
    return 1.0 / inverse_blocking(load_with_retries(load_erlangs, lines, retry_probability), lines)


def fewest_lines_with_retries(load_erlangs: float, blocking_probability: float, retry_probability: float) -> int:
    """The fewest lines on which no more than this share of tries is blocked though blocked callers try again.

    Raises InvalidParameterError."""
    once = fewest_lines(load_erlangs, blocking_probability)
    least = max(once, math.floor(load_erlangs) + 1) if retry_probability == 1.0 else once

    def reaches(lines: int) -> bool:
        return extended_blocking_probability(load_erlangs, lines, retry_probability) <= blocking_probability

    found = fewest(reaches, least, least, _MOST_LINES)
    if found is None:
        raise UnreachableTargetError(agents=_MOST_LINES)
    return found


def inverse_blocking(load_erlangs: float, lines: int) -> float:
    """1 ÷ blocking probability, unchecked; infinite where blocking is below 1e-300.

    Forward recursion x(n) = 1 + n/a · x(n-1), which forgets its beginning: it starts where what lies below no longer
    counts, so that a load of 12,000 erlangs costs a thousand steps."""
    start = max(0, int(min(lines, load_erlangs) - _WIDTH * math.sqrt(load_erlangs)))
    inverse = 1.0
    per_load = 1.0 / load_erlangs
    turn = min(lines, int(load_erlangs))
    for line in range(start + 1, turn + 1):
        inverse = 1.0 + inverse * line * per_load
    for line in range(turn + 1, lines + 1):
        inverse = 1.0 + inverse * line * per_load
        if inverse > _ALL_BUT_NEVER:
            return math.inf
    return inverse
