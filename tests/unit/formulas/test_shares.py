"""Parts of a whole that add up to the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.formulas.shares import shares


@pytest.mark.parametrize(
    ("counts", "whole", "expected"),
    [
        ([], 100, []),
        ([0, 0], 100, [0, 0]),
        ([1, 1, 1], 100, [34, 33, 33]),
        ([1, 2], 100, [33, 67]),
        ([5], 100, [100]),
        # Balinski and Young's example of the Hamilton method: 26 seats by 9061, 7179, 5259, 3319 and 1182 people.
        ([9061, 7179, 5259, 3319, 1182], 26, [9, 7, 5, 4, 1]),
    ],
)
def test_the_largest_remainders_are_rounded_up(counts: list[int], whole: int, expected: list[int]) -> None:
    assert shares(counts, whole) == expected


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        shares([1, -1])


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=9), st.integers(1, 10_000))
def test_shares_sum_to_the_whole_and_none_is_off_by_a_whole_unit(counts: list[int], whole: int) -> None:
    found = shares(counts, whole)
    total = sum(counts)
    assert sum(found) == (whole if total else 0)
    assert all(abs(share * total - count * whole) < total for share, count in zip(found, counts, strict=True) if total)
