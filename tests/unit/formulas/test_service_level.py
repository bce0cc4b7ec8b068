"""GZ-09: the contractual service level, which must not round over a target."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.formulas.service_level import in_hundredths, is_in_time, is_met, shown


@pytest.mark.parametrize(
    ("wait_ms", "threshold_s", "expected"),
    [(0, 15, True), (14_999, 15, True), (15_000, 15, True), (15_001, 15, False), (0, 0, True), (1, 0, False)],
)
def test_at_the_threshold_is_in_time_and_a_millisecond_later_is_not(
    wait_ms: int, threshold_s: int, expected: bool
) -> None:
    assert is_in_time(wait_ms, threshold_s) is expected


@pytest.mark.parametrize(
    ("answered", "asked", "met", "text"),
    [
        (85, 100, True, "85.00"),
        (8499, 10_000, False, "84.99"),
        (84_999, 100_000, False, "84.99"),
        (849_999_999, 1_000_000_000, False, "84.99"),
        (850_000_001, 1_000_000_000, True, "85.00"),
        (17, 20, True, "85.00"),
        (0, 7, False, "0.00"),
        (7, 7, True, "100.00"),
        (999_999, 1_000_000, True, "99.99"),
    ],
)
def test_share_is_cut_off_and_never_reaches_a_missed_target(answered: int, asked: int, met: bool, text: str) -> None:
    assert is_met(answered, asked, 8500) is met
    assert shown(answered, asked) == text


def test_nobody_asked_is_neither_met_nor_missed() -> None:
    assert is_met(0, 0, 8500) is None
    assert in_hundredths(0, 0) is None
    assert shown(0, 0) == ""


@pytest.mark.parametrize(("answered", "asked"), [(-1, 5), (6, 5), (1, 0)])
def test_impossible_counts_are_refused(answered: int, asked: int) -> None:
    with pytest.raises(ValueError, match="impossible"):
        is_met(answered, asked, 8500)


@given(st.integers(1, 10**12), st.data(), st.integers(0, 10_000))
def test_what_is_shown_and_what_is_met_agree_exactly(asked: int, data: st.DataObject, target: int) -> None:
    answered = data.draw(st.integers(0, asked))
    met = is_met(answered, asked, target)
    assert met is (Fraction(answered, asked) >= Fraction(target, 10_000))
    assert met is (round(float(shown(answered, asked)) * 100) >= target)
