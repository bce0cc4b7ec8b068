"""A queue in motion: at rest it is the published one, on the way it is the one that can be solved."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.formulas import staffing
from hotline.planning.staffing import carry_over
from hotline.planning.staffing.carry_over import Rates, course, empty

_HALF_HOUR_S = 1800.0


def _at_rest(rates: Rates, servers: int, threshold_s: float) -> carry_over.Course:
    chances = empty()
    for _ in range(24):
        found = course(chances, rates, servers, _HALF_HOUR_S, threshold_s)
        chances = found.chances
    return found


def test_at_rest_it_gives_the_published_figures() -> None:
    # Garnett, Mandelbaum, Reiman 2002, table 1: 48 erlangs, 50 agents, mean service 1 min, mean patience 2 min.
    found = _at_rest(Rates(48 / 60, 60.0, 120.0), 50, 20.0)
    assert found.abandoned == pytest.approx(0.0309, abs=5e-5)
    assert found.average_wait_s == pytest.approx(3.7, abs=0.05)
    # Erlang C, 10 erlangs and 14 agents: Pw 0.1741 in the tables; nobody in a wait of 0 s is served within 0 s.
    assert _at_rest(Rates(10 / 240, 240.0), 14, 0.0).service_level == pytest.approx(1 - 0.1741, abs=5e-5)


@settings(max_examples=25)
@given(
    load=st.floats(0.5, 60.0),
    spare=st.floats(-0.2, 0.8),
    handle_s=st.floats(60.0, 600.0),
    patience_s=st.sampled_from([30.0, 120.0, 600.0, math.inf]),
    threshold_s=st.sampled_from([0.0, 10.0, 20.0, 60.0]),
)
def test_at_rest_it_is_erlang_a_and_c(
    load: float, spare: float, handle_s: float, patience_s: float, threshold_s: float
) -> None:
    servers = max(1, math.ceil(load * (1 + spare)))
    if patience_s == math.inf:
        servers = max(servers, math.floor(load + 0.5 * math.sqrt(load)) + 1)
    expected = staffing.figures(load, servers, handle_s, threshold_s, patience_s)
    found = _at_rest(Rates(load / handle_s, handle_s, patience_s), servers, threshold_s)
    assert found.service_level == pytest.approx(expected.service_level, abs=2e-3)
    assert found.abandoned == pytest.approx(expected.abandon_probability, abs=2e-4)
    assert found.occupancy == pytest.approx(expected.occupancy, abs=2e-3)


def test_on_the_way_it_is_the_solvable_queue() -> None:
    """When patience is as long as handling, those in the system do not notice the agents: their number is Poisson with
    m' = arrivals - m / handle time, whatever changes (Eick, Massey, Whitt 1993)."""
    chances, expected = empty(), 0.0
    for arrivals, servers in ((0.2, 30), (0.3, 40), (0.0, 5), (0.1, 60)):
        chances = course(chances, Rates(arrivals, 240.0, 240.0), servers, 900.0, 20.0).chances
        settled = arrivals * 240.0
        expected = settled + (expected - settled) * math.exp(-900.0 / 240.0)
        number = np.arange(len(chances))
        mean = float(number @ chances)
        assert chances.sum() == pytest.approx(1.0, abs=1e-9)
        assert mean == pytest.approx(expected, rel=0.01, abs=0.02)
        assert float(number**2 @ chances) - mean**2 == pytest.approx(expected, rel=0.01, abs=0.05)


def test_an_overload_grows_by_what_nobody_can_take() -> None:
    # 60 erlangs for 50 agents who are all busy: 10 ÷ 240 s more each second.
    full = np.zeros(51)
    full[50] = 1.0
    found = course(full, Rates(60 / 240, 240.0), 50, _HALF_HOUR_S, 20.0)
    assert found.waiting == pytest.approx(10 / 240 * _HALF_HOUR_S, rel=0.05)
    assert found.occupancy > 0.99


def test_who_finds_others_waiting_needs_one_more_freed_place() -> None:
    in_time, gone, wait_s = carry_over.found_by(2, Rates(0.1, 60.0, 90.0), 5, 30.0)
    # Two agents free a place every 30 s; patience ends every 90 s: 1/30 against 1/90.
    assert gone.tolist()[:3] == pytest.approx([0.0, 0.0, 0.25])
    assert wait_s[2] == pytest.approx(0.25 * 90)
    assert in_time[2] == pytest.approx(0.75 * (1 - math.exp(-30 * (1 / 30 + 1 / 90))))
    assert in_time.tolist() == sorted(in_time.tolist(), reverse=True)
    without_end = carry_over.found_by(2, Rates(0.1, 60.0), 5, 30.0)
    assert without_end[0][3] == pytest.approx(1 - math.exp(-1) * (1 + 1))  # two freed places in 30 s, one expected


def test_who_goes_home_takes_the_customer_along() -> None:
    # All busy and three waiting: the three still wait, for fewer agents.
    full = np.zeros(8)
    full[7] = 1.0
    assert carry_over.after_leaving(full, 4, 3).tolist() == [0, 0, 0, 0, 0, 0, 1, 0]
    # One of four is busy: in one case of two the busy one is among the two who leave.
    one = np.array([0.0, 1.0])
    assert carry_over.after_leaving(one, 4, 2) == pytest.approx([0.5, 0.5])
    assert carry_over.after_leaving(one, 4, 6) is one


@given(before=st.integers(1, 30), leaving=st.integers(0, 30), seed=st.integers(0, 1000))
def test_nobody_is_lost_or_made_when_agents_leave(before: int, leaving: int, seed: int) -> None:
    after = max(0, before - leaving)
    chances = np.random.default_rng(seed).dirichlet(np.ones(before + seed % 20))
    found = carry_over.after_leaving(chances, before, after)
    assert found.sum() == pytest.approx(1.0)
    # Of those in service a part leaves that is the agents' own part; those who wait all stay.
    number = np.arange(len(chances))
    gone = float(np.minimum(number, before) @ chances) * (before - after) / before
    assert float(number @ found) == pytest.approx(float(number @ chances) - gone)


def test_nobody_there_serves_nobody() -> None:
    found = course(empty(), Rates(0.1, 60.0), 0, 600.0, 20.0)
    assert (found.service_level, found.average_wait_s) == (0.0, math.inf)
    assert course(empty(), Rates(0.1, 60.0, 30.0), 0, 600.0, 20.0).abandoned == pytest.approx(1.0)
