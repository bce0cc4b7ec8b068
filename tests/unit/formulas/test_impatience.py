"""Customers who give up: Erlang A, any patience, and those who call again. Two ways of computing must agree."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.formulas import erlang_a, erlang_c, erlang_x, general_patience
from hotline.formulas.errors import InvalidParameterError, UnstableQueueError
from hotline.formulas.general_patience import ExponentialPatience, FixedPatience, HyperexponentialPatience

LOADS = st.floats(0.1, 500.0)
AGENTS = st.integers(1, 500)
PATIENCES = st.floats(5.0, 3600.0)


def test_the_example_of_garnett_mandelbaum_and_reiman() -> None:
    """50 agents, 48 calls a minute of one minute: 3.1 % give up and the wait falls from 20.8 s to 3.7 s."""
    found = erlang_a.outcome(48.0, 50, 60.0, 120.0)
    assert found.abandon_probability == pytest.approx(0.0309122491622, rel=1e-11)
    assert found.average_wait_s == pytest.approx(3.709469899464, rel=1e-11)
    assert erlang_c.average_wait_s(48.0, 50, 60.0) == pytest.approx(20.8, abs=0.05)


@given(LOADS, AGENTS, PATIENCES, st.floats(0.0, 120.0))
@settings(max_examples=60)
def test_products_and_integrals_agree(load: float, agents: int, patience_s: float, threshold_s: float) -> None:
    """Erlang A by its series and as the general queue with exponential patience."""
    series = erlang_a.outcome(load, agents, 240.0, patience_s)
    integral = general_patience.outcome(load, agents, 240.0, ExponentialPatience(patience_s))
    for name in ("wait_probability", "abandon_probability", "average_wait_s", "mean_queue", "occupancy"):
        assert getattr(series, name) == pytest.approx(getattr(integral, name), rel=1e-8, abs=1e-200)
    level = erlang_a.service_level(load, agents, 240.0, patience_s, threshold_s)
    other = general_patience.service_level(load, agents, 240.0, ExponentialPatience(patience_s), threshold_s)
    assert level == pytest.approx(other, rel=1e-8, abs=1e-8)  # a share: what the integration is good for


@given(LOADS, AGENTS, PATIENCES)
def test_another_agent_helps_everybody(load: float, agents: int, patience_s: float) -> None:
    before = erlang_a.outcome(load, agents, 240.0, patience_s)
    after = erlang_a.outcome(load, agents + 1, 240.0, patience_s)
    # The last digits may differ where nearly all, or nearly nobody, wait.
    assert after.wait_probability <= before.wait_probability + 1e-13
    assert after.abandon_probability <= before.abandon_probability + 1e-13
    assert after.average_wait_s <= before.average_wait_s * (1 + 1e-12)
    less, more = (erlang_a.service_level(load, n, 240.0, patience_s, 20.0) for n in (agents, agents + 1))
    assert more >= less - 1e-12


@given(LOADS, AGENTS, PATIENCES)
def test_those_who_give_up_are_who_wait_times_the_rate_of_giving_up(
    load: float, agents: int, patience_s: float
) -> None:
    found = erlang_a.outcome(load, agents, 240.0, patience_s)
    assert found.abandon_probability == pytest.approx(found.average_wait_s / patience_s, rel=1e-12)
    assert 0.0 <= found.abandon_probability <= found.wait_probability <= 1.0
    assert found.abandon_probability >= 1 - agents / load - 1e-12
    assert found.occupancy <= 1.0


@given(st.floats(0.1, 500.0), st.integers(1, 40))
def test_endless_patience_is_erlang_c(load: float, spare: int) -> None:
    agents = math.floor(load) + spare
    if agents <= load:
        agents += 1
    found = erlang_a.outcome(load, agents, 240.0, math.inf)
    assert found.wait_probability == pytest.approx(erlang_c.wait_probability(load, agents), rel=1e-9)
    assert found.abandon_probability == 0.0
    level = erlang_a.service_level(load, agents, 240.0, math.inf, 20.0)
    assert level == pytest.approx(erlang_c.service_level(load, agents, 240.0, 20.0), abs=1e-9)


def test_very_long_patience_comes_close_to_erlang_c() -> None:
    found = erlang_a.outcome(48.0, 50, 60.0, 1e9)
    assert found.average_wait_s == pytest.approx(erlang_c.average_wait_s(48.0, 50, 60.0), rel=1e-5)


def test_endless_patience_with_too_few_agents_is_refused() -> None:
    with pytest.raises(UnstableQueueError):
        erlang_a.outcome(50.0, 50, 60.0, math.inf)


@pytest.mark.parametrize("agents", [11_000, 12_000, 12_200, 20_000])
def test_twelve_thousand_erlangs_neither_overflow_nor_vanish(agents: int) -> None:
    found = erlang_a.outcome(12_000.0, agents, 240.0, 1_000.0)
    integral = general_patience.outcome(12_000.0, agents, 240.0, ExponentialPatience(1_000.0))
    assert found.abandon_probability == pytest.approx(integral.abandon_probability, rel=1e-8)
    assert found.abandon_probability >= max(0.0, 1 - agents / 12_000) * (1 - 1e-9)


def test_service_level_of_patience_nobody_lives_to_see_is_that_of_erlang_c() -> None:
    level = erlang_a.service_level(7_461.6, 7_790, 240.0, 1e11, 20.0)
    assert level == pytest.approx(erlang_c.service_level(7_461.6, 7_790, 240.0, 20.0), abs=1e-11)


def test_patience_too_long_to_be_summed_is_refused() -> None:
    with pytest.raises(InvalidParameterError, match="patience"):
        erlang_a.outcome(500.0, 400, 240.0, 1e15)


@given(LOADS, PATIENCES, st.floats(0.05, 0.99))
@settings(max_examples=50)
def test_fewest_agents_are_enough_and_one_less_is_not(load: float, patience_s: float, level: float) -> None:
    agents = erlang_a.fewest_agents(load, 240.0, patience_s, 20.0, level)
    assert erlang_a.service_level(load, agents, 240.0, patience_s, 20.0) >= level
    assert agents == 1 or erlang_a.service_level(load, agents - 1, 240.0, patience_s, 20.0) < level


@pytest.mark.parametrize(
    ("load", "agents", "patience_s", "abandon", "wait_s"),
    [(55.0, 50, 60.0, 0.0911764949492, 49.30902835944), (105.0, 100, 30.0, 0.0498629636802, 20.42887614852)],
)
def test_fixed_patience_is_as_computed_with_forty_digits(
    load: float, agents: int, patience_s: float, abandon: float, wait_s: float
) -> None:
    found = general_patience.outcome(load, agents, 60.0, FixedPatience(patience_s))
    assert found.abandon_probability == pytest.approx(abandon, rel=1e-11)
    assert found.average_wait_s == pytest.approx(wait_s, rel=1e-11)


@given(LOADS, AGENTS, PATIENCES)
@settings(max_examples=50)
def test_two_kinds_alike_are_one_kind(load: float, agents: int, patience_s: float) -> None:
    mixed = general_patience.outcome(load, agents, 240.0, HyperexponentialPatience(0.3, (patience_s, patience_s)))
    alone = erlang_a.outcome(load, agents, 240.0, patience_s)
    assert mixed.abandon_probability == pytest.approx(alone.abandon_probability, rel=1e-8, abs=1e-200)


@given(LOADS, AGENTS, PATIENCES)
@settings(max_examples=50)
def test_served_within_endless_time_are_all_who_do_not_give_up(load: float, agents: int, patience_s: float) -> None:
    patience = FixedPatience(patience_s)
    level = general_patience.service_level(load, agents, 240.0, patience, patience_s)
    found = general_patience.outcome(load, agents, 240.0, patience)
    assert level == pytest.approx(1 - found.abandon_probability, abs=1e-9)


@given(st.floats(60.0, 6000.0), st.integers(1, 120), PATIENCES, st.floats(0.0, 0.95))
@settings(max_examples=50)
def test_all_calls_are_first_calls_and_repeated_ones(
    first_per_h: float, agents: int, patience_s: float, redial: float
) -> None:
    found = erlang_x.outcome(first_per_h, agents, 60.0, patience_s, redial)
    gave_up = found.total_arrivals_per_h * found.each_call.abandon_probability
    assert first_per_h + redial * gave_up == pytest.approx(found.total_arrivals_per_h, rel=1e-9)
    assert found.lost_ratio_of_first_calls == pytest.approx((1 - redial) * gave_up / first_per_h, rel=1e-9)


@pytest.mark.parametrize("redial", [-0.1, 1.0, math.nan])
def test_impossible_shares_of_redialling_are_refused(redial: float) -> None:
    with pytest.raises(InvalidParameterError, match="redial_probability"):
        erlang_x.outcome(2880.0, 50, 60.0, 120.0, redial)


@pytest.mark.parametrize("patience_s", [0.0, -5.0, math.nan])
def test_impossible_patience_is_refused(patience_s: float) -> None:
    with pytest.raises(InvalidParameterError, match="patience"):
        erlang_a.outcome(5.0, 6, 60.0, patience_s)
    with pytest.raises(InvalidParameterError, match="patience"):
        FixedPatience(patience_s)
