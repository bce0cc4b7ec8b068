"""Lines without a queue: printed tables, inverses, retries, and loads no table holds."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.formulas.erlang_b import (
    blocking_probability,
    extended_blocking_probability,
    fewest_lines,
    fewest_lines_with_retries,
    largest_load,
    load_with_retries,
)
from hotline.formulas.errors import InvalidParameterError, UnreachableTargetError

LOADS = st.floats(0.01, 3000.0)
BLOCKINGS = st.floats(1e-6, 0.9)


@pytest.mark.parametrize(
    ("load", "lines", "expected"),
    [(0.5, 1, 1 / 3), (1.0, 1, 0.5), (1.0, 2, 0.2), (20.0, 10, 0.5379631686320729), (12.0, 20, 0.00979563942006)],
)
def test_blocking_is_as_published(load: float, lines: int, expected: float) -> None:
    assert blocking_probability(load, lines) == pytest.approx(expected, rel=1e-11)


def test_without_lines_all_are_blocked() -> None:
    assert blocking_probability(3.0, 0) == 1.0


@pytest.mark.parametrize(("load", "lines"), [(7.5, 9), (150.0, 160), (2500.0, 2400), (12_000.0, 12_100)])
def test_starting_near_the_load_gives_what_starting_at_one_line_gives(load: float, lines: int) -> None:
    whole = 1.0
    for line in range(1, lines + 1):
        whole = load * whole / (line + load * whole)
    assert blocking_probability(load, lines) == pytest.approx(whole, rel=1e-11)


def test_blocking_too_small_to_be_written_is_nothing() -> None:
    assert blocking_probability(12_000.0, 30_000) == 0.0


@given(LOADS, st.integers(1, 3000))
def test_another_line_blocks_fewer(load: float, lines: int) -> None:
    before, after = blocking_probability(load, lines), blocking_probability(load, lines + 1)
    assert after < before or before == 0.0


@given(LOADS, BLOCKINGS)
def test_fewest_lines_are_enough_and_one_less_is_not(load: float, blocking: float) -> None:
    lines = fewest_lines(load, blocking)
    assert blocking_probability(load, lines) <= blocking * (1 + 1e-12)
    assert lines == 0 or blocking_probability(load, lines - 1) > blocking * (1 - 1e-12)


@given(st.integers(1, 2000), BLOCKINGS)
def test_largest_load_is_blocked_just_so_often(lines: int, blocking: float) -> None:
    load = largest_load(lines, blocking)
    assert blocking_probability(load, lines) == pytest.approx(blocking, rel=1e-9)


def test_retries_without_anybody_retrying_change_nothing() -> None:
    assert load_with_retries(5.5, 11, 0.0) == pytest.approx(5.5, rel=1e-12)
    assert fewest_lines_with_retries(5.5, 0.03, 0.0) == fewest_lines(5.5, 0.03)


@given(st.floats(0.1, 200.0), st.integers(1, 200), st.floats(0.0, 0.95))
def test_load_with_retries_is_first_tries_and_blocked_ones_that_try_again(
    load: float, lines: int, retry: float
) -> None:
    whole = load_with_retries(load, lines, retry)
    blocked = extended_blocking_probability(load, lines, retry)
    assert load + retry * blocked * whole == pytest.approx(whole, rel=1e-9)
    assert blocked >= blocking_probability(load, lines) * (1 - 1e-12)


def test_callers_who_never_give_up_must_find_lines_for_all_of_them() -> None:
    with pytest.raises(UnreachableTargetError):
        load_with_retries(10.0, 10, 1.0)
    assert fewest_lines_with_retries(10.0, 0.9, 1.0) >= 11


@pytest.mark.parametrize("load", [0.0, -1.0, math.nan, math.inf])
def test_impossible_loads_are_refused_by_name(load: float) -> None:
    with pytest.raises(InvalidParameterError, match="load_erlangs"):
        blocking_probability(load, 5)


@pytest.mark.parametrize("blocking", [0.0, 1.0, -0.1, math.nan])
def test_impossible_blockings_are_refused_by_name(blocking: float) -> None:
    with pytest.raises(InvalidParameterError, match="blocking_probability"):
        fewest_lines(5.0, blocking)
