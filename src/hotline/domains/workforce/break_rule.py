"""How much break the law asks for after how much work. Pure.

Work is what lies between breaks, paid or not; hours between two pieces of a day are a break themselves."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

Span = Sequence[int]


class Step(NamedTuple):
    """Who works for more than `after_min` has breaks of `break_min` in all; what is added for it is paid or not."""

    after_min: int
    break_min: int
    is_paid: bool = False


def owed(steps: Iterable[Step], work_min: int) -> Step | None:
    """The step that so much work reaches and that asks for the most; none: no break is due."""
    return max((step for step in steps if work_min > step.after_min), key=lambda step: step.break_min, default=None)


def break_minutes(pieces: Iterable[Span], breaks: Iterable[Span]) -> int:
    """What of the day, from its first minute to its last, is no work."""
    ordered = sorted((begin, end) for begin, end in pieces)
    apart = sum(after - before for (_, before), (after, _) in pairwise(ordered))
    return apart + sum(end - begin for begin, end in breaks)


def lacking(steps: Iterable[Step], pieces: Sequence[Span], break_min: int) -> tuple[int, Step | None]:
    """How many minutes of break the day of these pieces lacks, which has so many of them, and by which step."""
    whole = pieces[-1][1] - pieces[0][0] if pieces else 0
    step = owed(steps, whole - break_min)
    return (0, None) if step is None or break_min >= step.break_min else (step.break_min - break_min, step)
