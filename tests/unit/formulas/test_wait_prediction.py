"""Predictors of the wait: limits that are known exactly, and how each grows."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.formulas.wait_prediction import (
    head_of_line,
    last_to_enter_service,
    mean_patience_s,
    queue_length,
    queue_length_with_abandonment,
)

ahead = st.integers(0, 2000)
busy = st.integers(1, 500)
seconds = st.floats(1, 3600)


@pytest.mark.parametrize(
    ("before", "mean_s", "agents", "wait_s"), [(0, 240, 1, 240), (0, 240, 10, 24), (9, 240, 10, 240), (4, 180, 3, 300)]
)
def test_line_without_abandonment_moves_at_the_rate_of_service(
    before: int, mean_s: float, agents: int, wait_s: float
) -> None:
    assert queue_length(before, mean_s, agents) == wait_s


def test_two_places_by_hand() -> None:
    """Served at 1 a minute; each of those ahead gives up at 1 in two minutes: 60 s, then 60 / 1.5 s."""
    assert queue_length_with_abandonment(0, 60, 1, 120) == pytest.approx(60)
    assert queue_length_with_abandonment(1, 60, 1, 120) == pytest.approx(60 + 40)
    assert queue_length_with_abandonment(2, 60, 1, 120) == pytest.approx(60 + 40 + 30)


@given(ahead, busy, seconds, seconds)
def test_the_integral_behind_the_sum_is_as_good_as_summing_all(
    before: int, agents: int, mean_s: float, patience_s: float
) -> None:
    whole = sum(1 / (agents / mean_s + place / patience_s) for place in range(before + 1))
    assert queue_length_with_abandonment(before, mean_s, agents, patience_s) == pytest.approx(whole, rel=1e-3)


@given(ahead, busy, seconds, seconds)
def test_abandonment_only_shortens_and_with_endless_patience_makes_no_difference(
    before: int, agents: int, mean_s: float, patience_s: float
) -> None:
    plain = queue_length(before, mean_s, agents)
    assert queue_length_with_abandonment(before, mean_s, agents, patience_s) <= plain * (1 + 1e-9)
    assert queue_length_with_abandonment(before, mean_s, agents, 1e12) == pytest.approx(plain, rel=1e-3)


@given(ahead, busy, seconds, seconds)
def test_who_is_further_back_waits_longer(before: int, agents: int, mean_s: float, patience_s: float) -> None:
    nearer = queue_length_with_abandonment(before, mean_s, agents, patience_s)
    assert nearer < queue_length_with_abandonment(before + 1, mean_s, agents, patience_s)


def test_without_agents_the_wait_has_no_end() -> None:
    assert queue_length(0, 240, 0) == math.inf
    assert queue_length_with_abandonment(0, 240, 0, 100) == math.inf


def test_predictors_of_history_say_what_was() -> None:
    assert (last_to_enter_service(31.0), head_of_line(12.0)) == (31.0, 12.0)


@pytest.mark.parametrize(("waited_s", "gave_up", "patience_s"), [(3600, 20, 180), (3600, 0, None), (0, 0, None)])
def test_patience_is_all_waiting_by_those_who_gave_up(waited_s: float, gave_up: int, patience_s: float | None) -> None:
    assert mean_patience_s(waited_s, gave_up) == patience_s
