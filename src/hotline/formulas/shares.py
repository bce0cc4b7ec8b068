"""Shares that add up: what is shown as parts of a whole makes the whole."""

from collections.abc import Sequence

WHOLE = 10_000  # hundredths of a per cent


def shares(counts: Sequence[int], whole: int = WHOLE) -> list[int]:
    """Each count's share of `whole`, as integers whose sum is `whole`; zeros when nothing was counted.

    By the largest remainder (Hamilton): every share is the exact one rounded down or up, and those with the largest
    remainders are rounded up, the earlier first. Raises ValueError for a negative count.
    Source: A. Hamilton, 1792; M. Balinski and H. Young, Fair Representation, 1982."""
    if any(count < 0 for count in counts):
        raise ValueError("a count cannot be negative")
    total = sum(counts)
    if total == 0:
        return [0] * len(counts)
    down = [count * whole // total for count in counts]
    remainders = [count * whole % total for count in counts]
    order = sorted(range(len(counts)), key=lambda at: -remainders[at])
    for at in order[: whole - sum(down)]:
        down[at] += 1
    return down
