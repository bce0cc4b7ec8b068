"""Pools that help each other, against the queues they become when help, or one class, is taken away."""

import pytest

from hotline.formulas import erlang_a, finite_queue
from hotline.formulas.balanced_skills import (
    BalancedSkills,
    service_level_with_one_skill,
    with_all_skills,
    with_one_skill,
)
from hotline.formulas.errors import InvalidParameterError
from hotline.formulas.markov_chain import stationary_distribution
from hotline.formulas.skill_designs import TwoPools, n_design, x_design


def test_a_birth_and_death_chain_has_its_known_shares() -> None:
    rates: list[dict[int, float]] = [{1: 2.0}, {0: 1.0, 2: 2.0}, {1: 4.0}]
    assert stationary_distribution(rates) == pytest.approx([0.25, 0.5, 0.25], rel=1e-15)


def test_a_ring_that_runs_one_way_spends_its_time_where_it_is_slow() -> None:
    rates: list[dict[int, float]] = [{1: 1.0}, {2: 2.0}, {0: 4.0}]
    assert stationary_distribution(rates) == pytest.approx([4 / 7, 2 / 7, 1 / 7], rel=1e-15)


def test_shares_too_small_for_subtraction_keep_their_digits() -> None:
    rates: list[dict[int, float]] = [{1: 1e-9}, {0: 1.0, 2: 1e-9}, {1: 1.0}]
    assert stationary_distribution(rates)[2] == pytest.approx(1e-18, rel=1e-8)


def test_a_class_that_hardly_comes_leaves_the_other_pool_to_help() -> None:
    """N: without class 1, class 0 has both pools. X: the same for either class."""
    pools = TwoPools((4, 3), (360.0, 1e-9), 60.0, (120.0, 120.0))
    alone = erlang_a.outcome(6.0, 7, 60.0, 120.0)
    for design in (n_design, x_design):
        assert design(pools)[0].abandon_probability == pytest.approx(alone.abandon_probability, rel=1e-6)
        assert design(pools)[0].wait_probability == pytest.approx(alone.wait_probability, rel=1e-6)


def test_without_class_zero_the_second_pool_of_the_n_design_is_erlang_a() -> None:
    found = n_design(TwoPools((4, 3), (1e-9, 150.0), 60.0, (120.0, 90.0)))[1]
    alone = erlang_a.outcome(2.5, 3, 60.0, 90.0)
    assert found.average_wait_s == pytest.approx(alone.average_wait_s, rel=1e-6)


def test_like_classes_that_help_each_other_are_one_queue() -> None:
    """X with equal patience: both pools work while anybody waits, so all together are one Erlang A."""
    one, other = x_design(TwoPools((5, 3), (240.0, 180.0), 60.0, (120.0, 120.0)))
    together = erlang_a.outcome(7.0, 8, 60.0, 120.0)
    assert one.wait_probability == pytest.approx(together.wait_probability, rel=1e-9)
    assert one.mean_queue + other.mean_queue == pytest.approx(together.mean_queue, rel=1e-9)


def test_two_equal_sides_fare_equally() -> None:
    one, other = x_design(TwoPools((4, 4), (220.0, 220.0), 60.0, (120.0, 120.0)))
    assert one.abandon_probability == pytest.approx(other.abandon_probability, rel=1e-9)


def test_help_takes_from_the_second_class() -> None:
    found = n_design(TwoPools((10, 10), (540.0, 540.0), 60.0, (120.0, 120.0)))
    apart = erlang_a.outcome(9.0, 10, 60.0, 120.0)
    assert found[0].abandon_probability < apart.abandon_probability < found[1].abandon_probability


@pytest.mark.parametrize(
    "wrong", [{"pool_agents": (0, 3)}, {"arrivals_per_h": (0.0, 5.0)}, {"patience_means_s": (60.0, -1.0)}]
)
def test_impossible_pools_are_refused_by_name(wrong: dict[str, tuple[float, float]]) -> None:
    right = {"pool_agents": (3, 3), "arrivals_per_h": (60.0, 60.0), "patience_means_s": (60.0, 60.0)}
    with pytest.raises(InvalidParameterError, match=next(iter(wrong))):
        TwoPools(handle_time_s=60.0, **{**right, **wrong})  # type: ignore[arg-type]


LAYOUT = BalancedSkills(queues=6, load_erlangs_each=14.0, agents=90, waiting_places=30, handle_time_s=600.0)


def test_one_queue_of_one_skill_is_the_finite_queue() -> None:
    layout = BalancedSkills(1, 14.0, 15, 30, 600.0)
    alone = finite_queue.outcome(14.0, 15, 30)
    assert with_one_skill(layout).blocking_probability == pytest.approx(alone.blocking_probability, rel=1e-12)
    assert with_one_skill(layout).average_wait_s == pytest.approx(with_all_skills(layout).average_wait_s, rel=1e-12)
    assert service_level_with_one_skill(layout, 30.0) == pytest.approx(
        finite_queue.service_level_of_accepted(14.0, 15, 30, 600.0, 30.0), rel=1e-12
    )


def test_shared_places_block_less_than_places_of_ones_own() -> None:
    own = finite_queue.outcome(14.0, 15, 5).blocking_probability
    assert with_one_skill(LAYOUT).blocking_probability < own


def test_one_skill_with_shared_places_is_the_truncated_chain() -> None:
    """Two queues of one agent and two shared places, solved as a chain by elimination."""
    load, places = 0.7, 2
    states = [(one, other) for one in range(4) for other in range(4) if max(one - 1, 0) + max(other - 1, 0) <= places]
    numbers = {state: number for number, state in enumerate(states)}
    rates: list[dict[int, float]] = []
    for one, other in states:
        to = {(one + 1, other): load, (one, other + 1): load, (one - 1, other): 1.0, (one, other - 1): 1.0}
        rates.append({numbers[state]: rate for state, rate in to.items() if state in numbers})
    shares = stationary_distribution(rates)
    blocked = sum(s for (one, other), s in zip(states, shares, strict=True) if (one + 1, other) not in numbers)
    found = with_one_skill(BalancedSkills(2, load, 2, places, 60.0))
    assert found.blocking_probability == pytest.approx(blocked, rel=1e-12)


def test_agents_that_do_not_divide_among_the_queues_are_refused() -> None:
    with pytest.raises(InvalidParameterError, match="agents"):
        BalancedSkills(6, 14.0, 91, 30, 600.0)
