"""Limited waiting places lie between no queue and an endless one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.formulas import erlang_b, erlang_c, finite_queue

LOADS = st.floats(0.1, 400.0)
AGENTS = st.integers(1, 400)


@given(LOADS, AGENTS)
def test_without_places_it_is_erlang_b(load: float, agents: int) -> None:
    found = finite_queue.outcome(load, agents, 0)
    assert found.blocking_probability == pytest.approx(erlang_b.blocking_probability(load, agents), rel=1e-12)
    assert found.wait_probability == found.mean_queue == 0.0


@given(LOADS, AGENTS, st.integers(0, 300))
def test_another_place_turns_fewer_away_and_makes_more_wait(load: float, agents: int, places: int) -> None:
    less, more = (finite_queue.outcome(load, agents, count) for count in (places, places + 1))
    assert more.blocking_probability <= less.blocking_probability * (1 + 1e-12)
    assert more.wait_probability >= less.wait_probability * (1 - 1e-12)
    assert more.mean_queue >= less.mean_queue * (1 - 1e-12)


def test_many_places_are_an_endless_queue() -> None:
    found = finite_queue.outcome(8.0, 10, 400)
    assert found.wait_probability == pytest.approx(erlang_c.wait_probability(8.0, 10), rel=1e-12)
    assert finite_queue.average_wait_s(8.0, 10, 400, 240.0) == pytest.approx(
        erlang_c.average_wait_s(8.0, 10, 240.0), rel=1e-12
    )
    assert finite_queue.service_level_of_accepted(8.0, 10, 400, 240.0, 20.0) == pytest.approx(
        erlang_c.service_level(8.0, 10, 240.0, 20.0), rel=1e-12
    )


@pytest.mark.parametrize(("load", "agents", "places"), [(500.0, 10, 2000), (12_000.0, 9_000, 5_000)])
def test_overload_loses_what_agents_cannot_carry(load: float, agents: int, places: int) -> None:
    found = finite_queue.outcome(load, agents, places)
    assert found.blocking_probability == pytest.approx(1 - agents / load, rel=1e-9)
    assert found.occupancy == pytest.approx(1.0, rel=1e-9)


def test_a_threshold_of_nothing_counts_only_those_who_do_not_wait() -> None:
    found = finite_queue.outcome(84.0, 90, 30)
    accepted = 1 - found.blocking_probability
    level = finite_queue.service_level_of_accepted(84.0, 90, 30, 600.0, 0.0)
    assert level == pytest.approx(1 - found.wait_probability / accepted, rel=1e-12)
