"""SB-32: average handle time is talk, holds included, and work after the call."""

import pytest

from hotline.formulas.handle_time import average_s, conversation_ms, handle_ms


def test_180_seconds_of_talk_and_60_of_wrap_up_are_240() -> None:
    assert average_s(handle_ms(180_000, 0, 60_000), 1) == 240


def test_holds_are_inside_talk_as_customers_know_it_and_counted_once() -> None:
    assert conversation_ms(150_000, 30_000) == 180_000
    assert handle_ms(150_000, 30_000, 60_000) == conversation_ms(150_000, 30_000) + 60_000


@pytest.mark.parametrize(
    ("total_ms", "interactions", "expected"), [(3_000, 2, 2), (2_998, 2, 1), (0, 3, 0), (1_000, 3, 0), (2_000, 3, 1)]
)
def test_average_is_in_whole_seconds_halves_up(total_ms: int, interactions: int, expected: int) -> None:
    assert average_s(total_ms, interactions) == expected


def test_no_interaction_has_no_average() -> None:
    assert average_s(0, 0) is None


def test_negative_sums_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        average_s(-1, 1)
