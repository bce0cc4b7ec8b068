"""Patient customers: published values, monotony, and twelve thousand erlangs."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hotline.formulas import erlang_c
from hotline.formulas.errors import InvalidParameterError, UnstableQueueError

LOADS = st.floats(0.05, 2000.0)


@pytest.mark.parametrize(
    ("load", "agents", "expected"),
    [(1.0, 2, 1 / 3), (1.9, 2, 0.925641025641), (8.0, 10, 0.409180150796), (1960.0, 2000, 0.267545016506)],
)
def test_wait_probability_is_as_published(load: float, agents: int, expected: float) -> None:
    assert erlang_c.wait_probability(load, agents) == pytest.approx(expected, rel=1e-11)


def test_one_agent_is_busy_as_often_as_customers_wait() -> None:
    assert erlang_c.wait_probability(0.3, 1) == pytest.approx(0.3, rel=1e-15)


def test_twelve_thousand_erlangs_follow_halfin_and_whitt() -> None:
    load, beta = 12_000.0, 1.0
    agents = round(load + beta * math.sqrt(load))
    beta = (agents - load) / math.sqrt(load)
    normal = 0.5 * math.erfc(-beta / math.sqrt(2))
    density = math.exp(-beta * beta / 2) / math.sqrt(2 * math.pi)
    limit = 1 / (1 + beta * normal / density)
    assert erlang_c.wait_probability(load, agents) == pytest.approx(limit, rel=0.02)


@given(LOADS, st.integers(0, 200))
def test_another_agent_makes_fewer_wait_and_shorter(load: float, spare: int) -> None:
    agents = math.floor(load) + 1 + spare
    assume(agents - load > 1e-9)
    assert erlang_c.wait_probability(load, agents + 1) <= erlang_c.wait_probability(load, agents)
    assert erlang_c.average_wait_s(load, agents + 1, 240.0) <= erlang_c.average_wait_s(load, agents, 240.0)
    assert erlang_c.service_level(load, agents + 1, 240.0, 20.0) >= erlang_c.service_level(load, agents, 240.0, 20.0)


@given(LOADS, st.integers(0, 50))
def test_queue_is_arrivals_times_wait(load: float, spare: int) -> None:
    agents = math.floor(load) + 1 + spare
    wait_s = erlang_c.average_wait_s(load, agents, 180.0)
    assert erlang_c.mean_queue(load, agents) == pytest.approx(load / 180.0 * wait_s, rel=1e-12)


@given(LOADS, st.integers(0, 20), st.floats(0.01, 0.99))
def test_percentile_is_the_threshold_of_its_own_service_level(load: float, spare: int, share: float) -> None:
    agents = math.floor(load) + 1 + spare
    assume(agents - load > 1e-6)
    wait_s = erlang_c.wait_percentile_s(load, agents, 240.0, share)
    level = erlang_c.service_level(load, agents, 240.0, wait_s)
    if wait_s:
        assert level == pytest.approx(share, abs=1e-9)
    else:
        assert level >= share


@given(LOADS, st.floats(0.0, 600.0), st.floats(0.01, 0.999))
def test_fewest_agents_are_enough_and_one_less_is_not(load: float, threshold_s: float, level: float) -> None:
    agents = erlang_c.fewest_agents(load, 240.0, threshold_s, level)
    assert erlang_c.service_level(load, agents, 240.0, threshold_s) >= level - 1e-12
    if agents - 1 > load:
        assert erlang_c.service_level(load, agents - 1, 240.0, threshold_s) < level + 1e-12


@given(st.integers(1, 500), st.floats(0.05, 0.99))
def test_largest_load_reaches_the_target_and_no_more(agents: int, level: float) -> None:
    load = erlang_c.largest_load(agents, 240.0, 15.0, level)
    assert erlang_c.service_level(load, agents, 240.0, 15.0) == pytest.approx(level, abs=1e-9)


@pytest.mark.parametrize(("seats", "handle_time_s", "calls"), [(16, 240.0, 178), (1800, 150.0, 42_853)])
def test_seats_carry_what_the_five_centres_were_planned_with(seats: int, handle_time_s: float, calls: int) -> None:
    load = erlang_c.largest_load(seats, handle_time_s, 15.0, 0.85)
    assert int(load * 3600 / handle_time_s) == calls


def test_more_load_than_agents_is_refused_with_the_number_needed() -> None:
    with pytest.raises(UnstableQueueError, match="at least 21 agents"):
        erlang_c.wait_probability(20.0, 16)
    with pytest.raises(UnstableQueueError):
        erlang_c.wait_probability(16.0, 16)


@pytest.mark.parametrize(
    ("handle_time_s", "threshold_s", "named"),
    [(0.0, 20.0, "handle_time_s"), (math.nan, 20.0, "handle_time_s"), (240.0, -1.0, "threshold_s")],
)
def test_impossible_times_are_refused_by_name(handle_time_s: float, threshold_s: float, named: str) -> None:
    with pytest.raises(InvalidParameterError, match=named):
        erlang_c.service_level(5.0, 8, handle_time_s, threshold_s)


def test_half_an_agent_is_refused() -> None:
    with pytest.raises(InvalidParameterError, match="agents"):
        erlang_c.wait_probability(5.0, 7.5)  # type: ignore[arg-type]
