"""Intervals, quantiles, buckets and the agenda: tables and properties."""

import heapq

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.simulation import draws, estimates
from hotline.simulation import scenario as s
from hotline.simulation.agenda import CODE_BITS, CODE_MASK, Agenda
from hotline.simulation.counters import bounds_of, buckets_of
from hotline.simulation.student import quantile

# Two-sided 95 %, 99 % and 99.9 % (Abramowitz and Stegun, table 26.10).
TABLE = [
    (1, 12.706, 63.657, 636.619),
    (2, 4.303, 9.925, 31.598),
    (5, 2.571, 4.032, 6.869),
    (10, 2.228, 3.169, 4.587),
    (30, 2.042, 2.750, 3.646),
    (120, 1.980, 2.617, 3.373),
]


@pytest.mark.parametrize(("degrees", "at95", "at99", "at999"), TABLE)
def test_students_t_is_that_of_the_table(degrees: int, at95: float, at99: float, at999: float) -> None:
    found = [quantile(p, degrees) for p in (0.975, 0.995, 0.9995)]
    assert found == pytest.approx([at95, at99, at999], rel=2e-4)


def test_an_impossible_quantile_is_refused() -> None:
    with pytest.raises(ValueError, match="degrees of freedom"):
        quantile(1.0, 5)


def test_the_interval_of_a_mean_is_the_textbooks() -> None:
    found = estimates.mean(np.array([4.0, 6.0, 8.0]), 0.95)
    assert found.value == 6
    assert found.high == pytest.approx(6 + 4.3027 * 2 / 3**0.5, rel=1e-4)
    assert estimates.mean(np.array([4.0]), 0.95) == estimates.Estimate(4.0)
    assert estimates.mean(np.array([]), 0.95) == estimates.Estimate(None)


def test_a_ratio_weighs_its_observations_by_their_wholes() -> None:
    found = estimates.ratio(np.array([1.0, 90.0]), np.array([10.0, 100.0]), 0.95)
    assert found.value == pytest.approx(91 / 110)
    same = estimates.ratio(np.array([1.0, 10.0, 3.0]), np.array([10.0, 100.0, 30.0]), 0.95)
    assert (same.low, same.high) == pytest.approx((0.1, 0.1))
    assert estimates.ratio(np.zeros(3), np.zeros(3), 0.95) == estimates.Estimate(None)


def test_ratio_intervals_hold_the_truth_as_often_as_they_say() -> None:
    source = np.random.default_rng(1)
    hits = 0
    for _ in range(400):
        wholes = source.poisson(200, 20).astype(float)
        found = estimates.ratio(source.binomial(wholes.astype(int), 0.2).astype(float), wholes, 0.95)
        hits += found.low is not None and found.high is not None and found.low <= 0.2 <= found.high
    assert 365 <= hits <= 395  # 380 expected


@given(st.lists(st.integers(1, 1 << 45), min_size=1, max_size=50))
def test_a_wait_lies_in_its_bucket_and_buckets_are_narrow(waits: list[int]) -> None:
    for wait, bucket in zip(waits, buckets_of(np.array(waits, np.int64)).tolist(), strict=True):
        low, high = bounds_of(bucket)
        assert low <= wait < high
        assert high - low <= max(1, wait // 256)
        assert bucket < 1 << 16


@given(st.integers(6, 12), st.lists(st.tuples(st.integers(0, 200_000), st.integers(0, 1 << 39)), max_size=200))
def test_the_agenda_gives_entries_in_order_of_time(shift: int, steps: list[tuple[int, int]]) -> None:
    """As a heap would; new entries are added while others are taken."""
    agenda, heap, now = Agenda(shift), list[tuple[int, int]](), 0
    taken, expected = [], []
    for delay, code in steps:
        agenda.add(now + delay, code)
        heapq.heappush(heap, (now + delay, code))
        if code % 3 == 0:
            now = _take(agenda, taken)
            expected.append(heapq.heappop(heap))
    while heap:
        _take(agenda, taken)
        expected.append(heapq.heappop(heap))
    assert [at for at, _ in taken] == [at for at, _ in expected]
    assert sorted(taken) == sorted(expected)


def _take(agenda: Agenda, taken: list[tuple[int, int]]) -> int:
    while agenda.cursor == len(agenda.day) - 1:
        agenda.turn()
    entry = agenda.day[agenda.cursor]
    agenda.cursor += 1
    at = agenda.start + (entry >> CODE_BITS)
    taken.append((at, entry & CODE_MASK))
    return at


@pytest.mark.parametrize(
    "of",
    [
        s.Fixed(value_s=7),
        s.Exponential(mean_s=30),
        s.Uniform(low_s=2, high_s=8),
        s.Lognormal(mean_s=90, cv=1.2),
        s.Hyperexponential(probabilities=(0.3, 0.7), means_s=(5, 50)),
        s.Empirical(values_s=(1, 2, 30)),
    ],
)
def test_lengths_have_their_mean(of: s.Distribution) -> None:
    found = draws.sample(draws.generator(1, 0, draws.TALK), of, 200_000)
    assert found.mean() == pytest.approx(draws.mean_s(of), rel=0.02)
    assert (found >= 0).all()


def test_a_lognormal_has_its_coefficient_of_variation() -> None:
    found = draws.sample(draws.generator(1, 0, draws.TALK), s.Lognormal(mean_s=90, cv=1.2), 400_000)
    assert found.std() / found.mean() == pytest.approx(1.2, rel=0.03)
